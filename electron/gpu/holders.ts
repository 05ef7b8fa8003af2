import type { Gpu, GpuHolder } from '../../shared/contract'

/** What a service says that it holds on a card. */
export interface ServiceFigure {
  serviceId: string
  /** The card that it means, by its uuid. */
  card: string
  /** What PyTorch has taken there, in MiB; the driver's context comes on top. */
  reservedMiB: number
}

/** What one program of Windows holds on a card, as Windows counts it. */
export interface CounterFigure {
  card: string
  pid: number
  mib: number
  /** The program's name without `.exe`; empty where it has ended. */
  name: string
}

/** What is known of a card beside nvidia-smi's own words. */
export interface HolderFacts {
  services: readonly ServiceFigure[]
  /** Windows' own counters; null where there are none. */
  counters: readonly CounterFigure[] | null
  /** The service that a process of this machine belongs to. */
  serviceOf: (pid: number) => string | null
  /** The container of any other process, by its name. */
  containerOf: (pid: number) => string | null
}

/** The processes of Windows that hold what Linux under Windows does: containers of Docker Desktop too. */
const isWsl = (name: string) => /^vmmem(?:wsl)?$/i.test(name)

/** `C:\Windows\explorer.exe`, `/usr/lib/xorg/Xorg vt2` and the like, as people call them. */
export function programName(path: string): string {
  const last =
    path
      .trim()
      .split(/[\\/]/)
      .filter((part) => part !== '')
      .at(-1) ?? ''
  return last.replace(/\.exe$/i, '').split(/\s+-/)[0] ?? last
}

type Draft = Omit<GpuHolder, 'contextMiB' | 'names'>

/** One entry a holder: its processes together. */
function together(drafts: readonly Draft[]): Draft[] {
  const all = new Map<string, Draft>()
  for (const draft of drafts) {
    const key = `${draft.kind} ${draft.id}`
    const known = all.get(key)
    all.set(key, known ? { ...known, mib: known.mib + draft.mib, pids: [...known.pids, ...draft.pids] } : draft)
  }
  return [...all.values()]
}

function named(pid: number, name: string, { serviceOf, containerOf }: HolderFacts): Pick<Draft, 'kind' | 'id'> {
  const service = serviceOf(pid)
  if (service !== null) return { kind: 'service', id: service }
  const container = containerOf(pid)
  if (container !== null) return { kind: 'container', id: container }
  return { kind: 'program', id: programName(name) }
}

/** By nvidia-smi's list of processes, where it tells what each holds. */
const byProcess = ({ processes }: Gpu, facts: HolderFacts): Draft[] =>
  processes.flatMap(({ pid, name, memoryMiB, serviceId }) =>
    memoryMiB === null
      ? []
      : [
          {
            ...(serviceId === null ? named(pid, name, facts) : { kind: 'service' as const, id: serviceId }),
            ...{ mib: memoryMiB, from: 'process' as const, pids: [pid] },
          },
        ],
  )

/** By Windows' counters: what Linux under Windows holds is told apart by the services in it. */
function byCounter(card: string, counters: readonly CounterFigure[], told: readonly Draft[], facts: HolderFacts) {
  const here = counters.filter((one) => one.card === card && one.mib > 0)
  const programs = here.filter(({ name }) => !isWsl(name))
  const drafts = programs.map(({ pid, name, mib }): Draft => ({
    ...named(pid, name, facts),
    ...{ mib, from: 'counter', pids: [pid] },
  }))
  const ofWindows = new Set(drafts.flatMap(({ kind, id }) => (kind === 'service' ? [id] : [])))
  const inside = told.filter(({ id }) => !ofWindows.has(id))
  const linux = here.filter(({ name }) => isWsl(name))
  const total = linux.reduce((sum, { mib }) => sum + mib, 0)
  const beside = total - inside.reduce((sum, { mib }) => sum + mib, 0)
  const pids = linux.map(({ pid }) => pid)
  if (beside <= 0) return [...drafts, ...inside]
  const [only] = inside
  // What one service alone does not count as PyTorch's is its context.
  if (only && inside.length === 1)
    return [...drafts, { ...only, mib: only.mib + beside, from: 'counter' as const, pids }]
  return [...drafts, ...inside, { kind: 'wsl' as const, id: 'WSL', mib: beside, from: 'counter' as const, pids }]
}

const rankOf = ({ kind }: Draft): number => (kind === 'service' ? 0 : 1)

/**
 * Who holds a card's memory, as far as anybody can tell: its processes where the driver tells what they hold, else
 * Windows' counters, else what the services say themselves. What is left is the rest, with the programs that are there.
 */
export function holdersOf(gpu: Gpu, facts: HolderFacts): GpuHolder[] {
  const figures = facts.services.filter(({ card }) => card === gpu.uuid)
  const reservedBy = new Map(figures.map(({ serviceId, reservedMiB }) => [serviceId, reservedMiB]))
  const seen = byProcess(gpu, facts)
  const told = figures
    .filter(({ serviceId, reservedMiB }) => reservedMiB > 0 && !seen.some(({ id }) => id === serviceId))
    .map(({ serviceId, reservedMiB }): Draft => ({
      ...{ kind: 'service', id: serviceId, mib: reservedMiB, from: 'service', pids: [] },
    }))
  const others = facts.counters === null ? told : byCounter(gpu.uuid, facts.counters, told, facts)
  const known = together([...seen, ...others.filter(({ pids }) => !pids.some((pid) => isIn(seen, pid)))])
    .filter(({ mib }) => mib > 0)
    .sort((a, b) => rankOf(a) - rankOf(b) || b.mib - a.mib)
    .map((draft): GpuHolder => ({ ...draft, mib: Math.round(draft.mib), ...contextOf(draft, reservedBy), names: [] }))
  const rest = Math.round((gpu.memoryUsedMiB ?? 0) - known.reduce((sum, { mib }) => sum + mib, 0))
  if (rest <= 0) return known
  const names = gpu.processes
    .filter(({ pid, memoryMiB, name }) => memoryMiB === null && name !== '' && !known.some((one) => isIn([one], pid)))
    .map(({ name }) => programName(name))
  const last: GpuHolder = {
    ...{ kind: 'rest', id: '', mib: rest, contextMiB: null, from: 'rest', pids: [] },
    names: [...new Set(names)].sort(),
  }
  return [...known, last]
}

const isIn = (drafts: readonly Pick<Draft, 'pids'>[], pid: number) => drafts.some(({ pids }) => pids.includes(pid))

/** What a service holds that is no model: seen where both its processes and its own word are known. */
function contextOf({ kind, id, mib, from }: Draft, reservedBy: ReadonlyMap<string, number>) {
  const reserved = kind === 'service' && from !== 'service' ? reservedBy.get(id) : undefined
  return { contextMiB: reserved === undefined ? null : Math.max(0, Math.round(mib - reserved)) }
}
