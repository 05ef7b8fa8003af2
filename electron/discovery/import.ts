import { readFile } from 'node:fs/promises'
import type { Credential, DiscoveryImport, ImportedService, ServiceConfig, SinkInput } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { CredentialsContext } from '../credentials/context'
import { completeSecret, mainFingerprint, refuseWhileRotating, type GivenSecret } from '../credentials/credentials'
import { RecordSchema, secretsOf, type CredentialRecord } from '../credentials/record'
import type { Secret } from '../vault/secret'
import { keepSessionKey } from '../credentials/session-key'
import { planSinks } from '../credentials/sinks/plan'
import type { Candidate, Place, ServiceCandidate } from './candidates'
import { hashOf, type KnownService, type Search } from './scan'

/** What the import needs of the services. */
export interface ServiceRegistry {
  list(): KnownService[]
  /** Throws a Problem for a service that cannot be. */
  create(config: ServiceConfig): void
  link(id: string, credentialId: string | null): void
  remove(id: string): Promise<void>
}

type Wanted = DiscoveryImport['credentials'][number]

interface Choice {
  wanted: Wanted
  candidate: Candidate
  places: Place[]
  source: Secret | null
}

/** What will be done, checked and complete. */
interface Plan {
  add: CredentialRecord[]
  /** Credentials that get further sinks. */
  edit: Map<string, CredentialRecord>
  services: { order: ImportedService; credentialId: string; found: ServiceCandidate | null }[]
}

/**
 * Takes what was chosen into the vault: one write for all credentials, and the services after it. No sink is written.
 * Throws a Problem, and then nothing has changed.
 */
export async function importChosen(
  context: CredentialsContext,
  { found, order, services, who }: { found: Search; order: DiscoveryImport; services: ServiceRegistry; who: string },
): Promise<{ credentials: Credential[]; serviceIds: string[] }> {
  const choices = order.credentials.map((wanted) => choiceOf(wanted, found))
  await refuseChanged(choices, found)
  const plan = await planOf(context, choices, { found, services })
  const records = [...plan.add, ...plan.edit.values()]
  const learnt = [
    ...plan.add.flatMap(secretsOf),
    ...[...plan.edit.values()].flatMap((record) => newKeyOf(context, record)),
  ]
  for (const text of learnt) context.redactor.learn(text)
  const before = new Map(
    [...plan.edit.keys()].flatMap((id) => context.book().find(id) ?? []).map((one) => [one.id, one]),
  )
  const takeBack = async () => {
    const edit = new Map([...before].map(([id, was]) => [id, withSinksOf(was)]))
    await context.book().changeSeveral({ add: [], edit, remove: plan.add.map(({ id }) => id) })
  }
  try {
    const edit = new Map([...plan.edit].map(([id, planned]) => [id, withSinksOf(planned)]))
    await context.book().changeSeveral({ add: plan.add, edit, remove: [] })
    try {
      await putServices(plan.services, services)
    } catch (error) {
      await takeBack()
      throw error
    }
  } catch (error) {
    for (const text of learnt) context.redactor.forget(text)
    throw error
  }
  for (const { id, scheme, secret, sinks } of records) {
    const action = plan.edit.has(id) ? 'credential.sinks-found' : 'credential.imported'
    const details = { scheme, sinks: sinks.length, fingerprint: mainFingerprint(scheme, secret) ?? '' }
    await context.audit.append({ who, action, target: id, details })
    await context.announce(id)
  }
  return {
    credentials: await Promise.all(records.map((record) => context.describe(record))),
    serviceIds: plan.services.map(({ order: { id } }) => id),
  }
}

/** A record with another's sinks and the session key that stands in one of them; its secret stays its own. */
const withSinksOf =
  ({ sinks, secret: { sessionKey } }: CredentialRecord) =>
  (now: CredentialRecord): CredentialRecord => ({ ...now, sinks, secret: { ...now.secret, sessionKey } })

/** A session key that the vault did not have. */
function newKeyOf(context: CredentialsContext, { id, secret: { sessionKey } }: CredentialRecord): string[] {
  return sessionKey === null || sessionKey === context.book().find(id)?.secret.sessionKey ? [] : [sessionKey]
}

function choiceOf(wanted: Wanted, { candidates }: Search): Choice {
  const candidate = candidates.find(({ key }) => key === wanted.key)
  if (!candidate) throw new Problem('discovery.unknown', { what: wanted.key })
  const places = [...new Set(wanted.places)].map((id) => {
    const place = candidate.places.find((one) => one.id === id)
    if (!place || place.found.type === null) throw new Problem('discovery.unknown', { what: id })
    return place
  })
  if (wanted.existing) return { wanted, candidate, places, source: null }
  const source = candidate.sources.find(({ placeId }) => placeId === wanted.source)
  if (!source) throw new Problem('discovery.no-source', { id: wanted.id })
  return { wanted, candidate, places, source: source.secret }
}

/** A decision counts only for what was read: every file of a chosen credential must still say the same. */
async function refuseChanged(choices: readonly Choice[], { files }: Search): Promise<void> {
  const concerned = new Set(choices.flatMap(({ candidate }) => candidate.places.map(({ found }) => found.path)))
  for (const file of concerned) {
    const before = files.get(file)
    // A folder in the place of a file was never read.
    if (before === undefined) continue
    const now = await readFile(file).catch(() => null)
    if (now === null || hashOf(now) !== before) throw new Problem('discovery.changed', { path: file })
  }
}

async function planOf(
  context: CredentialsContext,
  choices: readonly Choice[],
  { found, services }: { found: Search; services: ServiceRegistry },
): Promise<Plan> {
  const plan: Plan = { add: [], edit: new Map(), services: [] }
  const at = context.now()
  const all = new Map(
    context
      .book()
      .all()
      .map((record) => [record.id, record]),
  )
  const named = new Set<string>()
  for (const { wanted, candidate, places, source } of choices) {
    const { id } = wanted
    if (named.has(id)) throw new Problem('discovery.twice', { id })
    named.add(id)
    const record = source ? await newRecord(context, { id, candidate, source, at }) : existing(context, id, candidate)
    const inputs = [...record.sinks.map(toInput), ...newSinks(places, record)]
    const sinks = await planSinks(inputs, record, { dataRoot: context.dataRoot, records: [...all.values()] })
    // The key that stands in the file: naming it as a sink ends nobody's session.
    const secret = { ...record.secret, sessionKey: await keepSessionKey(record.secret, sinks) }
    const planned = { ...record, sinks, secret }
    all.set(id, planned)
    if (source) plan.add.push(planned)
    else plan.edit.set(id, planned)
    for (const order of wanted.services) plan.services.push(serviceOrder(order, id, found))
  }
  checkServices(plan, services)
  return plan
}

async function newRecord(
  context: CredentialsContext,
  { id, candidate, source, at }: { id: string; candidate: Candidate; source: Secret; at: number },
): Promise<CredentialRecord> {
  if (context.book().find(id)) throw new Problem('credential.exists', { id })
  const { scheme } = candidate.group
  const given: GivenSecret = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== null))
  const secret = await completeSecret(context, scheme, given, true)
  // What is not said here stands as in a vault that never knew of it.
  return RecordSchema.parse({
    ...{ id, scheme, version: 1, createdAt: at, changedAt: at },
    ...{ secret, pending: null, previous: null, sinks: [], lastProof: null },
  })
}

function existing(context: CredentialsContext, id: string, { group }: Candidate): CredentialRecord {
  const record = context.book().find(id)
  if (!record) throw new Problem('credential.not-found', { id })
  if (record.scheme !== group.scheme) throw new Problem('discovery.other-scheme', { id, scheme: record.scheme })
  refuseWhileRotating(context, id)
  return record
}

const toInput = ({ type, path, key, field, requires }: CredentialRecord['sinks'][number]): SinkInput => ({
  ...{ type, path, field },
  ...(key === null ? {} : { key }),
  ...(requires === null ? {} : { requires }),
})

function newSinks(places: readonly Place[], { sinks }: CredentialRecord): SinkInput[] {
  return places.flatMap(({ found: { type, path, key }, field }) => {
    const isThere = sinks.some((sink) => sink.path === path && sink.key === key)
    if (type === null || isThere) return []
    return [{ type, path, field, ...(key === null ? {} : { key }) }]
  })
}

function serviceOrder(order: ImportedService, credentialId: string, { services }: Search): Plan['services'][number] {
  if (order.do === 'link') return { order, credentialId, found: null }
  const found = services.find(({ key }) => key === order.key)
  if (!found) throw new Problem('discovery.unknown', { what: order.key })
  return { order, credentialId, found }
}

function checkServices(plan: Plan, services: ServiceRegistry) {
  const known = services.list()
  const named = new Set<string>()
  for (const { order, credentialId } of plan.services) {
    const { id } = order
    if (named.has(id)) throw new Problem('discovery.twice', { id })
    named.add(id)
    const own = known.find((one) => one.id === id)
    if (order.do === 'add' && own) throw new Problem('service.exists', { id })
    if (order.do === 'add') continue
    if (!own) throw new Problem('service.not-found', { id })
    if (own.credentialId !== null && own.credentialId !== credentialId)
      throw new Problem('discovery.service-linked', { id, credential: own.credentialId })
  }
}

/** Adds and links the services; when one cannot be, the others are taken back. */
async function putServices(orders: Plan['services'], services: ServiceRegistry): Promise<void> {
  const undo: (() => void | Promise<void>)[] = []
  try {
    for (const { order, credentialId, found } of orders) {
      if (order.do === 'link') {
        const before = services.list().find(({ id }) => id === order.id)?.credentialId ?? null
        services.link(order.id, credentialId)
        undo.push(() => services.link(order.id, before))
      } else if (found) {
        services.create(configOf(order, found, credentialId))
        undo.push(() => services.remove(order.id))
      }
    }
  } catch (error) {
    for (const back of undo.reverse()) await back()
    throw error
  }
}

function configOf(
  order: Extract<ImportedService, { do: 'add' }>,
  { kind, url, file, name }: ServiceCandidate,
  credentialId: string,
): ServiceConfig {
  const { id, runtime } = order
  return {
    ...{ id, kind, runtime, url: order.url ?? url, credentialId },
    ...(runtime === 'compose' && file !== null ? { compose: { file, service: name } } : {}),
  }
}
