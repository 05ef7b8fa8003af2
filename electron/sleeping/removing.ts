import type { IdleMonitor, Service } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { AuditEvent } from '../audit/writer'
import type { Engine } from '../docker/engine'
import { monitorsOf } from './monitors'

interface RemovalParts {
  services: { get: (id: string) => Service; list: () => Service[] }
  engine: Pick<Engine, 'client' | 'containers'>
  /** Written before anything is done; what cannot be written is not done. */
  auditFirst: (entry: AuditEvent) => Promise<void>
}

/** How long it may take to end by itself before the engine kills it, in s. */
const endS = 10

/** How long the engine may take for each step, in ms. */
const patienceMs = 30_000

/**
 * Stops and removes one idle monitor that was shown to a person and confirmed: its id, name and image must still be
 * those, and it must still be recognised as a monitor of that service. Its image, its volumes and its Compose file stay.
 * Throws a Problem; where it is `sleeping.no-monitor` nothing was touched.
 */
export async function removeMonitor(
  { services, engine, auditFirst }: RemovalParts,
  { id, who, ...shown }: IdleMonitor & { id: string; who: string },
): Promise<IdleMonitor> {
  const no = () => new Problem('sleeping.no-monitor', { name: shown.name, id })
  const known = monitorsOf(services.get(id), services.list(), engine.containers())
  if (!known.some((one) => isSame(one, shown))) throw no()
  const docker = await engine.client()
  const container = docker.getContainer(shown.container)
  const now = await container.inspect().catch(() => null)
  // As it is at this moment: the list may be a moment old, and a name may have gone to another container.
  if (!now || !isSame({ container: now.Id, name: now.Name.replace(/^\//, ''), image: now.Config.Image }, shown))
    throw no()
  const entry = { who, target: id, details: { container: shown.name, image: shown.image, id: shown.container } }
  await auditFirst({ ...entry, action: 'sleeping.monitor-removal' })
  try {
    await container.stop({ t: endS, abortSignal: AbortSignal.timeout(patienceMs) }).catch(unlessStopped)
    await container.remove({ v: false, force: false, abortSignal: AbortSignal.timeout(patienceMs) })
  } catch (error) {
    const detail = (error instanceof Error ? error.message : 'unknown').slice(0, 300)
    await auditFirst({ ...entry, action: 'sleeping.monitor-kept' })
    throw new Problem('sleeping.monitor-kept', { name: shown.name, detail })
  }
  await auditFirst({ ...entry, action: 'sleeping.monitor-removed' })
  return shown
}

const isSame = (one: IdleMonitor, other: IdleMonitor): boolean =>
  one.container === other.container && one.name === other.name && one.image === other.image

/** One that has ended meanwhile is as wanted. */
function unlessStopped(error: unknown): void {
  if (!(error instanceof Error && 'statusCode' in error && error.statusCode === 304)) throw error
}
