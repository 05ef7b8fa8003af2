import type { EngineInfo, EngineStatus, Machine, MachineGpus, MachineTest } from '../../shared/contract'
import { reason } from '../../shared/problems'
import { createEngine } from '../docker/create-engine'
import type { Container, Engine } from '../docker/engine'
import type { Redact } from '../logs/cutting'
import { askCards } from './cards'
import { checksOf } from './checks'
import { localId, type MachineEntry } from './entries'
import { reachingOf } from './reaching'

export interface MachineNeeds {
  redact: Redact
  /** Which Compose program there is on Regie's own machine. */
  composeProgram: () => Promise<EngineStatus['compose']>
  reportBug: (error: unknown) => void
  env?: NodeJS.ProcessEnv
}

/** Cards are asked again for who looks after so long, in ms: each time it is an ssh of its own. */
const cardsFreshMs = 10_000

const notAsked: MachineGpus = { state: 'unknown', at: null, cards: [], reason: reason('machine.not-asked') }

/** How many containers there are, and how many of each Compose project. */
export function tallyOf(containers: readonly Container[]): Pick<Machine, 'containers' | 'projects'> {
  const projects = new Map<string, { running: number; all: number }>()
  for (const { compose, state } of containers) {
    if (!compose) continue
    const tally = projects.get(compose.project) ?? { running: 0, all: 0 }
    tally.all++
    if (state === 'running') tally.running++
    projects.set(compose.project, tally)
  }
  return {
    containers: { running: containers.filter(({ state }) => state === 'running').length, all: containers.length },
    projects: [...projects].map(([name, tally]) => ({ name, ...tally })).sort((a, b) => a.name.localeCompare(b.name)),
  }
}

/** Where the engine answers that is connected. */
const endpointOf = ({ state, attempts }: EngineStatus) =>
  state === 'connected' ? (attempts.find(({ answered }) => answered === 'connected')?.endpoint ?? null) : null

/** The engine of an address, as Regie's own is: found by itself, again and again. */
export function engineAt({ address }: Pick<MachineEntry, 'address'>, needs: MachineNeeds): Engine {
  const { setting, env } = reachingOf(address, needs.env ?? process.env)
  return createEngine({
    ...{ redact: needs.redact, composeProgram: needs.composeProgram, reportBug: needs.reportBug },
    address: {
      read: () => setting,
      write() {
        throw new Error('the address of a machine is changed with the machine')
      },
    },
    surroundings: { env },
  })
}

/** What an engine and its cards have and lack; looked at now. */
export async function testEngine(
  engine: Engine,
  cardsAt: (address: string) => Promise<MachineGpus>,
): Promise<MachineTest> {
  const begun = performance.now()
  const status = await engine.reconnect()
  const endpoint = endpointOf(status)
  const gpus = endpoint === null ? notAsked : await cardsAt(endpoint)
  // Compose is looked for once a connection, a moment after it.
  return { checks: checksOf(engine.status(), gpus), tookMs: Math.round(performance.now() - begun) }
}

/** Regie's own machine: what its engine and its monitor know of it. */
export function localView({ name, engine, gpus }: { name: string; engine: Engine; gpus: MachineGpus }): Machine {
  const status = engine.status()
  const { state, since, reason: why, command, nextTryAt, info } = status
  return {
    ...{ id: localId, name, isLocal: true, address: null, ...stateOf(state), since, nextTryAt },
    ...(why && { reason: why }),
    ...(command !== undefined && { command }),
    seenAt: state === 'connected' ? Date.now() : null,
    ...{ endpoint: endpointOf(status), engine: info, gpus, ...tallyOf(engine.containers()) },
  }
}

const stateOf = (state: EngineStatus['state']): Pick<Machine, 'state'> => ({
  state: state === 'unreachable' ? 'away' : state,
})

/** What was seen last of an engine, kept while it is away. */
function createSeen(engine: Engine) {
  let seenAt: number | null = null
  let info: EngineInfo | null = null
  let endpoint: string | null = null
  let tally: Pick<Machine, 'containers' | 'projects'> = { containers: null, projects: [] }
  const look = () => {
    const status = engine.status()
    if (status.state !== 'connected') return
    seenAt = Date.now()
    info = status.info
    endpoint = endpointOf(status) ?? endpoint
    tally = tallyOf(engine.containers())
  }
  engine.onChange(look)
  return () => {
    look()
    return { seenAt, engine: info, endpoint, ...tally }
  }
}

/** The cards of a machine, asked in the background no more often than it is worth. */
function createCards(
  engine: Engine,
  ask: (address: string) => Promise<MachineGpus>,
  reportBug: MachineNeeds['reportBug'],
) {
  let gpus = notAsked
  let asking: Promise<void> | null = null
  let askedAt = Number.NEGATIVE_INFINITY
  const askNow = async (address: string): Promise<MachineGpus> => {
    const now = await ask(address)
    const why = now.reason && { reason: now.reason }
    // What was seen stays with its time where they could not be asked now.
    gpus = now.state === 'unknown' && gpus.cards.length > 0 ? { ...gpus, state: 'unknown', ...why } : now
    return now
  }
  return {
    askNow,
    last(): MachineGpus {
      const address = endpointOf(engine.status())
      if (address !== null && !asking && performance.now() - askedAt >= cardsFreshMs) {
        askedAt = performance.now()
        asking = askNow(address)
          .then(() => undefined, reportBug)
          .finally(() => {
            asking = null
          })
      }
      return gpus
    },
  }
}

/** One attached machine: its engine, and what was seen of it last. */
export function createMachine(attached: MachineEntry, needs: MachineNeeds) {
  let entry = attached
  const engine = engineAt(entry, needs)
  const ending = new AbortController()
  const { env } = reachingOf(entry.address, needs.env ?? process.env)
  const seen = createSeen(engine)
  const cards = createCards(engine, (address) => askCards(address, env, needs.redact, ending.signal), needs.reportBug)
  return {
    entry: () => entry,
    rename(name: string) {
      entry = { ...entry, name }
    },
    engine,
    /** As it is now; who asks has its cards looked at again for the next time. */
    view(): Machine {
      const { state, since, reason: why, command, nextTryAt } = engine.status()
      return {
        ...{ id: entry.id, name: entry.name, isLocal: false, address: entry.address },
        ...{ ...stateOf(state), since, nextTryAt, ...seen(), gpus: cards.last() },
        ...(why && { reason: why }),
        ...(command !== undefined && { command }),
      }
    },
    test: () => testEngine(engine, cards.askNow),
    async close(): Promise<void> {
      ending.abort()
      await engine.close()
    },
  }
}

export type AttachedMachine = ReturnType<typeof createMachine>
