import type {
  EngineStatus,
  GpuReport,
  ServiceConfig,
  Update,
  UpdateFile,
  UpdateOffer,
  UpdatePart,
} from '../../shared/contract'
import { isProblemId, Problem, reason, type Reason } from '../../shared/problems'
import { contextOf } from '../credentials'
import { lookAtBuildRoom } from '../docker/room/build-room'
import { textFingerprint } from '../stacks/manifest'
import { lackingSettings } from './card-settings'
import { unifiedDiff } from './diff'
import type { UpdateParts } from './parts'
import { shownLines } from './masking'
import { readSettings } from './settings'
import { stackOf, type StackOfService } from './stack'
import { compareVersions, readVersions } from './versions'

type Parts = Pick<
  UpdateParts,
  'templates' | 'recognise' | 'engine' | 'gpus' | 'credentials' | 'services' | 'loadOf' | 'redact'
>

/** What a service's earlier updates say to the next one. */
export interface Former {
  running: Update | null
  undecided: Update | null
  expectedMs: number | null
  lastUndo: UpdateOffer['lastUndo']
}

/** What an update does with each file of the stack; a file that the person changed is for the person to decide. */
export function planFiles(
  { present, fresh, recognised, brought }: Pick<StackOfService, 'present' | 'fresh' | 'recognised' | 'brought'>,
  redact: (text: string) => string,
): UpdateFile[] {
  const isTheirs = (name: string) => recognised.changed.includes(name) || !brought.has(name)
  const planned: UpdateFile[] = [...fresh].map(([path, text]) => {
    const there = present.get(path) ?? null
    if (there !== null && textFingerprint(there) === textFingerprint(text))
      return { path, change: 'same', isChanged: false, diff: null }
    // One that the person took away comes back only when they say so.
    if (there === null) return { path, change: 'added', isChanged: recognised.changed.includes(path), diff: null }
    const diff = unifiedDiff(there, text, shownLines(path, redact))
    return { path, change: 'replaced', isChanged: isTheirs(path), diff }
  })
  return planned.sort((a, b) => Number(b.isChanged) - Number(a.isChanged) || a.path.localeCompare(b.path))
}

/** Memory that a program keeps on the card after its models are unloaded, in MiB: the CUDA context, measured at 300 to 600. */
const contextMiB = 600

/** Whether the card holds the old version without its models and the new one with them. */
export function judgeCard(card: { freeMiB: number | null; oldMiB: number | null; neededMiB: number | null }) {
  const { freeMiB, oldMiB, neededMiB } = card
  if (freeMiB === null || neededMiB === null) return null
  return freeMiB + Math.max(0, (oldMiB ?? 0) - contextMiB) >= neededMiB + contextMiB
}

async function lookAtCard(
  { services }: Parts,
  { id, gpuUuid }: ServiceConfig,
  report: GpuReport,
): Promise<UpdateOffer['gpu']> {
  const uuid = gpuUuid ?? null
  if (uuid === null) return { uuid, freeMiB: null, neededMiB: null, holdsBoth: true }
  const plan = await services.startPlan(id).catch((error: unknown) => {
    if (error instanceof Problem) return null
    throw error
  })
  const card = report.gpus.find((one) => one.uuid === uuid)
  const own = card?.processes.filter(({ serviceId }) => serviceId === id) ?? []
  const oldMiB = own.reduce((sum, { memoryMiB }) => sum + (memoryMiB ?? 0), 0)
  const [freeMiB, neededMiB] = [card?.memoryFreeMiB ?? null, plan?.tookLastTimeMiB ?? null]
  return { uuid, freeMiB, neededMiB, holdsBoth: judgeCard({ freeMiB, oldMiB, neededMiB }) }
}

const numbers = (version: string) => (/^\d+(?:[.-]\d+)*$/.test(version) ? version.split(/[.-]/).map(Number) : null)

/** Whether a version comes after another, where both are numbers; of anything else that cannot be told. */
export function isLater(version: string, than: string): boolean {
  const [one, other] = [numbers(version), numbers(than)]
  if (!one || !other) return false
  const at = one.findIndex((number, index) => number !== (other[index] ?? -1))
  return at !== -1 && (one[at] ?? 0) > (other[at] ?? -1)
}

const unknownRoom: UpdateOffer['space'] = { neededGiB: null, freeGiB: null, fits: null, where: '' }

const engineReason = ({ reason: why }: EngineStatus): Reason =>
  why && isProblemId(why.problem) ? { ...why, problem: why.problem } : reason('stacks.no-engine')

/** What is in the way now, beside what the offer itself shows. */
async function hindrances(parts: Parts, config: ServiceConfig, former: Former): Promise<Reason[]> {
  const { engine, credentials, services, loadOf } = parts
  const { id, credentialId } = config
  if (former.running) return [reason('updates.running', { id })]
  const found: Reason[] = []
  if (former.undecided) found.push(reason('updates.undecided', { id }))
  const status = engine.status()
  if (status.state !== 'connected') found.push(engineReason(status))
  if (!credentials.isOpen()) return [...found, reason('vault.locked')]
  if (credentialId === undefined || !credentials.has(credentialId)) found.push(reason('updates.no-credential', { id }))
  else if (contextOf(credentials).rotating.has(credentialId))
    found.push(reason('rotation.running', { id: credentialId }))
  const { operation, health } = services.get(id)
  if (operation !== null) return [...found, reason('service.busy', { id, operation })]
  if (health.state !== 'ready') found.push(reason('updates.not-running', { id }))
  const { state, own, running, waiting } = await loadOf(id)
  if (state === 'busy')
    found.push(reason('updates.generating', { id, count: Math.max(own, (running ?? 0) + (waiting ?? 0)) }))
  return found
}

async function lookAtRoom({ engine }: Parts, imageGiB: number) {
  if (engine.status().state !== 'connected') return { space: unknownRoom, why: null }
  try {
    const { state, freeGiB, neededGiB, where, reason: why } = await lookAtBuildRoom(engine, imageGiB)
    const fits = state === 'unknown' ? null : state === 'fits'
    return { space: { freeGiB, neededGiB, where, fits }, why: state === 'no-room' ? why : null }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { space: unknownRoom, why: null } // the engine went away: that is told already
  }
}

/** An offer, and what it is made of. */
export interface Offered {
  offer: UpdateOffer
  stack: StackOfService | null
  reasons: readonly Reason[]
  /** Settings that the switch adds to the `.env`. */
  settings: [key: string, value: string][]
  /** The versions of the parts now, and as these files would have them: a file that is kept keeps what it names. */
  partsOf(texts: ReadonlyMap<string, string | null>): UpdatePart[]
}

const nothingOffered: Omit<UpdateOffer, 'serviceId' | 'reasons'> = {
  ...{ state: 'refused', stackId: null, from: null, to: null, parts: [], files: [], envKeys: [] },
  space: unknownRoom,
  expectedMs: null,
  gpu: { uuid: null, freeMiB: null, neededMiB: null, holdsBoth: null },
  releaseNotes: null,
  lastUndo: null,
}

/** What an update of a service would do now. Looks at files, the engine and the card; changes and fetches nothing. */
export async function offerUpdate(parts: Parts, config: ServiceConfig, former: Former): Promise<Offered> {
  const { id, kind } = config
  const stack = await stackOf(parts, config)
  if (!stack) {
    const reasons = [reason('updates.not-a-stack', { id })]
    return { offer: { ...nothingOffered, serviceId: id, reasons }, stack, reasons, settings: [], partsOf: () => [] }
  }
  const { template, recognised, folder, fresh, present } = stack
  const [values, report] = await Promise.all([readSettings(folder), parts.gpus.report()])
  const { added: settings, refused } = await lackingSettings({ gpus: parts.gpus, stack, config, present: values })
  const [now, then] = [readVersions(present, values), new Map([...values, ...settings])]
  const partsOf: Offered['partsOf'] = (texts) => compareVersions(now, readVersions(texts, then), kind)
  const isNewest = recognised.version === template.version
  const [gpu, { space, why }, inTheWay] = await Promise.all([
    lookAtCard(parts, config, report),
    lookAtRoom(parts, template.imageGiB),
    isNewest ? [] : hindrances(parts, config, former),
  ])
  const newer = isLater(recognised.version, template.version)
    ? [reason('updates.made-later', { id, version: recognised.version, own: template.version })]
    : []
  const reasons = isNewest ? [] : [...newer, ...inTheWay, ...[refused, why].filter((one) => one !== null)]
  const offer: UpdateOffer = {
    serviceId: id,
    state: isNewest ? 'up-to-date' : reasons.length > 0 ? 'refused' : 'available',
    stackId: recognised.stackId,
    from: recognised.version,
    to: template.version,
    parts: partsOf(fresh),
    files: planFiles(stack, parts.redact),
    envKeys: settings.map(([key]) => key),
    ...{ space, gpu, reasons, expectedMs: former.expectedMs, lastUndo: former.lastUndo },
    releaseNotes: template.releaseNotes,
  }
  return { offer, stack, reasons, settings, partsOf }
}
