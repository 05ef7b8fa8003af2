import type { Drift, Place } from '../../shared/contract'
import { Problem, reason } from '../../shared/problems'
import { isOpenedBy, type ContainerPlace, type FoundSecret } from './control'
import { isAskable } from './checks'
import type { CredentialsContext } from './context'
import { recordOf } from './credentials'
import { fingerprint } from '../vault/fingerprint'
import { judgeFile, judgeLive, judgeVariable, type SinkState } from './judge'
import { askLive } from './proof'
import type { CredentialRecord, StoredSink } from './record'
import { mainField, sameSecret } from './secrets'
import { extractValue } from './sinks/format'
import { withRequirement } from './sinks/plan'
import { compareSink } from './sinks/sinks'

type User = ReturnType<CredentialsContext['usersOf']>[number]

const amiss: ReadonlySet<Place['state']> = new Set([
  ...(['drifted', 'missing', 'unreadable', 'refused', 'open', 'needs-restart', 'needs-recreate'] as const),
])

/**
 * Compares the vault with every sink, with what each service's container has of them, and with what each live service
 * accepts.
 */
export async function findDrift(context: CredentialsContext, id: string, signal: AbortSignal): Promise<Drift> {
  const record = recordOf(context, id)
  const users = context.usersOf(id).filter(isOpenedBy)
  const sinks = await Promise.all(record.sinks.map((sink) => sinkPlace(context, record, sink)))
  const used = await Promise.all(users.map((user) => placesOf(context, { record, user, sinks, signal })))
  const live = used.flatMap((of) => of.live)
  if (live.some(({ refuses }) => refuses)) context.refused.add(id)
  else if (live.some(({ place }) => place.state === 'accepted')) context.refused.delete(id)
  const places = [vaultPlace(record), ...sinks, ...used.flatMap((of) => of.inside), ...live.map(({ place }) => place)]
  return { checkedAt: context.now(), drifted: places.filter(({ state }) => amiss.has(state)).length, places }
}

const fingerprintOf = (record: CredentialRecord, field: Place['field']) => {
  const value = record.secret[field] ?? null
  return value === null ? null : fingerprint(value)
}

function vaultPlace(record: CredentialRecord): Place {
  const field = mainField[record.scheme]
  return {
    kind: 'vault',
    id: '',
    serviceId: null,
    where: '',
    key: null,
    field,
    fingerprint: fingerprintOf(record, field),
    state: 'source',
    requires: 'nothing',
    modifiedAt: record.changedAt,
    change: null,
  }
}

async function sinkPlace(
  context: CredentialsContext,
  record: CredentialRecord,
  stored: StoredSink,
): Promise<Place & { state: SinkState }> {
  const reading = await compareSink({ credentialId: record.id, sink: stored, secret: record.secret })
  const sink = withRequirement(stored, context.usersOf(record.id).length > 0)
  const at = reading.modifiedAt ?? context.now()
  const seen = context.changes.note(sink.id, reading.fingerprint, at)
  // What changed while nobody looked held the vault's value before, as far as is known; but not a file that is older
  // than that value, as one that was found in a folder may be.
  const unseen = at < record.changedAt ? null : { from: fingerprintOf(record, sink.field), to: reading.fingerprint, at }
  const change = seen ?? unseen
  const isOther = reading.state !== 'same' && reading.state !== 'unreadable' && change?.from !== change?.to
  return {
    kind: 'sink',
    id: sink.id,
    serviceId: null,
    where: sink.path,
    key: sink.key,
    field: sink.field,
    fingerprint: reading.fingerprint,
    state: reading.state,
    requires: sink.requires,
    modifiedAt: reading.modifiedAt,
    change: isOther ? change : null,
    ...(reading.reason ? { reason: reading.reason } : {}),
  }
}

interface Asking {
  record: CredentialRecord
  user: User
  sinks: readonly (Place & { state: SinkState })[]
  signal: AbortSignal
}

/** What a service has of a credential: in its container, and as it answers. */
async function placesOf(context: CredentialsContext, asking: Asking) {
  const { user } = asking
  const [inside, asked] = await Promise.all([insidePlaces(context, asking), askUser(context, asking)])
  const live = livePlace(asking, inside, asked)
  // Somebody else's service is not ours to restart: what it refuses stays refused.
  return { inside, live: [{ place: live, refuses: asked.state === 'refused' }], user }
}

/** Compares what a container holds. The value stays here, and its fingerprint goes on. */
function compare(record: CredentialRecord, sink: StoredSink, value: string | null): FoundSecret {
  const isSame = value !== null && sameSecret(value, record.secret[sink.field])
  return { isSame, fingerprint: value === null || value === '' ? null : fingerprint(value), reason: null }
}

function compareBytes(record: CredentialRecord, sink: StoredSink, bytes: Buffer): FoundSecret {
  try {
    return compare(record, sink, extractValue(sink, bytes, record.secret).value)
  } catch (error) {
    if (error instanceof Problem) return { isSame: false, fingerprint: null, reason: error.reason }
    throw error
  }
}

async function insidePlaces(context: CredentialsContext, { record, user, sinks, signal }: Asking): Promise<Place[]> {
  const question = {
    files: record.sinks.map((sink) => ({
      id: sink.id,
      path: sink.path,
      compare: (bytes: Buffer) => compareBytes(record, sink, bytes),
    })),
    keys: record.sinks.flatMap((sink) =>
      sink.type === 'env' && sink.key !== null
        ? [{ id: sink.id, path: sink.path, key: sink.key, compare: (value: string) => compare(record, sink, value) }]
        : [],
    ),
  }
  const found = question.files.length === 0 ? [] : await context.look(user.id, question, signal)
  return found.flatMap((seen) => {
    const sink = sinks.find(({ id }) => id === seen.id)
    return sink ? [insidePlace(user, sink, seen)] : []
  })
}

function insidePlace(user: User, sink: Place & { state: SinkState }, seen: ContainerPlace): Place {
  const judge = seen.kind === 'container-file' ? judgeFile : judgeVariable
  const { state, requires, why } = judge(seen, { path: sink.where, state: sink.state, service: user.id })
  return {
    kind: seen.kind,
    id: seen.id,
    serviceId: user.id,
    where: seen.where,
    key: seen.kind === 'container-env' ? seen.variable : sink.key,
    field: sink.field,
    fingerprint: seen.found?.fingerprint ?? null,
    state,
    requires,
    modifiedAt: seen.since,
    change: null,
    ...(why ? { reason: why } : {}),
  }
}

async function askUser({ surfacesOf }: CredentialsContext, { record, user, signal }: Asking) {
  return isAskable(user)
    ? askLive(user, record.secret, { surfacesOf, signal })
    : { state: 'unknown' as const, reason: reason('proof.not-running', { services: user.id }) }
}

function livePlace(
  { record, user, sinks }: Asking,
  inside: readonly Place[],
  asked: Awaited<ReturnType<typeof askUser>>,
): Place {
  const field = mainField[record.scheme]
  const verdict = judgeLive(asked, { service: user.id, runtime: user.runtime, sinks, inside, field })
  return {
    kind: 'live',
    id: user.id,
    serviceId: user.id,
    where: user.url,
    key: null,
    field,
    fingerprint: asked.state === 'accepted' ? fingerprintOf(record, field) : null,
    state: verdict.state,
    requires: verdict.requires,
    modifiedAt: null,
    change: null,
    ...(verdict.why ? { reason: verdict.why } : {}),
  }
}
