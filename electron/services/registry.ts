import { createHash } from 'node:crypto'
import { ServiceConfig, type InvalidService, type ServiceChange } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type * as z from 'zod'
import { addressOf } from './runtimes/simulator'

/** The services' part of the configuration file, entry by entry and unread. */
export interface ServiceEntries {
  read(): unknown[]
  write(entries: unknown[]): void
}

const loopback = new Set(['127.0.0.1', 'localhost', '::1'])

const issuesOf = (error: z.ZodError) =>
  error.issues.map((issue) => (issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message))

const idOf = (entry: unknown) =>
  typeof entry === 'object' && entry !== null && 'id' in entry && typeof entry.id === 'string' ? entry.id : null

/** A simulator listens where this machine alone reaches it. */
const isSimulatorAddress = (url: string) => url.startsWith('http://') && loopback.has(addressOf(url).host)

/** Reads each entry by itself: what cannot be used is told with its issues and harms no other. */
export function readEntries(entries: readonly unknown[]): { services: ServiceConfig[]; invalid: InvalidService[] } {
  const services = new Map<string, ServiceConfig>()
  const invalid: InvalidService[] = []
  entries.forEach((entry, position) => {
    const read = ServiceConfig.safeParse(entry)
    const issues = read.success
      ? [
          ...(services.has(read.data.id) ? [`id: another entry is named ${read.data.id} too`] : []),
          ...(read.data.runtime === 'simulator' && !isSimulatorAddress(read.data.url)
            ? ['url: a simulated service must be at http://127.0.0.1']
            : []),
        ]
      : issuesOf(read.error)
    if (read.success && issues.length === 0) services.set(read.data.id, read.data)
    else invalid.push({ position, id: idOf(entry), issues })
  })
  return { services: [...services.values()], invalid }
}

/** Whether any service is linked with a credential. */
export const linksCredentials = (store: Pick<ServiceEntries, 'read'>): boolean =>
  readEntries(store.read()).services.some(({ credentialId }) => credentialId !== undefined)

/** Checks a new or changed service. Throws a Problem that names the fields. */
export function checkConfig(input: unknown): ServiceConfig {
  const read = ServiceConfig.safeParse(input)
  if (!read.success) throw new Problem('service.invalid', { issues: issuesOf(read.error).join('; ') })
  if (read.data.runtime === 'simulator' && !isSimulatorAddress(read.data.url))
    throw new Problem('service.simulator-address', { url: read.data.url })
  return read.data
}

/**
 * The configuration with a change applied: `null` takes a field away, absence leaves it. Throws
 * `service.changed-meanwhile` where the change is of another revision.
 */
export function applyChange(config: ServiceConfig, change: z.infer<typeof ServiceChange>): ServiceConfig {
  const { revision, credentialId, gpuUuid, vramLimitMiB, name, order, idle, gateway, ...others } = change
  if (revision !== undefined && revision !== revisionOf(config))
    throw new Problem('service.changed-meanwhile', { id: config.id })
  const changed: Record<string, unknown> = { ...config, ...withoutAbsent(others) }
  if (idle !== undefined) changed['idle'] = { ...config.idle, ...withoutAbsent(idle) }
  const reached = gateway && { ...config.gateway, ...withoutAbsent(gateway) }
  for (const [key, value] of Object.entries({ credentialId, gpuUuid, vramLimitMiB, name, order, gateway: reached })) {
    if (value === null) Reflect.deleteProperty(changed, key)
    else if (value !== undefined) changed[key] = value
  }
  return checkConfig(changed)
}

/**
 * What stands for a configuration as it is: equal configurations have equal ones, in whatever order their fields were
 * written. It is a hash of what stands in the file, so that a restart of the panel changes none.
 */
export function revisionOf(config: ServiceConfig): string {
  const known = revisions.get(config)
  if (known !== undefined) return known
  const revision = createHash('sha256')
    .update(JSON.stringify(ordered(config)))
    .digest('hex')
    .slice(0, 16)
  revisions.set(config, revision)
  return revision
}

/** A configuration is never changed in place, and its service is described with every change of its state. */
const revisions = new WeakMap<ServiceConfig, string>()

const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .map(([key, inner]): [string, unknown] => [key, ordered(inner)])
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
}

const withoutAbsent = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

/** Where a usable entry of this id lies in the file; entries that cannot be read are never touched. */
const placeOf = (entries: readonly unknown[], id: string) =>
  entries.findIndex((entry) => idOf(entry) === id && ServiceConfig.safeParse(entry).success)

export function addEntry(store: ServiceEntries, config: ServiceConfig): void {
  store.write([...store.read(), config])
}

/** Puts changed services in the place of what stands there under their ids, all in one write. */
export function replaceEntries(store: ServiceEntries, configs: readonly ServiceConfig[]): void {
  const entries = store.read()
  const places = new Map(configs.map((config) => [placeOf(entries, config.id), config]))
  store.write(entries.map((entry, position) => places.get(position) ?? entry))
}

export function removeEntry(store: ServiceEntries, id: string): void {
  const entries = store.read()
  const place = placeOf(entries, id)
  store.write(entries.filter((_, position) => position !== place))
}
