import type { Drift, Place, Proof } from '../../shared/contract'
import { Problem, reason } from '../../shared/problems'
import type { VaultContext } from './context'
import { auditWrites, recordOf, refuseWhileRotating, writeAllOrNone } from './credentials'
import { fingerprint } from './fingerprint'
import { askLive, prove } from './proof'
import type { CredentialRecord } from './record'
import { madeUpSecret, mainField } from './secrets'
import { withRequirement } from './sinks/plan'
import { compareSink } from './sinks/sinks'

/** How long a check that a person asked for waits for a service that gives no definite answer, in ms. */
const patienceMs = 1500

/** Whether the panel may ask a service now. What somebody else runs is asked in any case. */
export const isAskable = (user: { runtime: string; running: boolean }): boolean =>
  user.running || user.runtime === 'external'

/** Compares the vault with every sink and with what each live service accepts. */
export async function findDrift(context: VaultContext, id: string, signal: AbortSignal): Promise<Drift> {
  const record = recordOf(context, id)
  const sinks = await Promise.all(record.sinks.map((sink) => sinkPlace(context, record, sink)))
  const live = await Promise.all(context.usersOf(id).map((user) => livePlace(context, record, { user, signal })))
  if (live.some(({ state }) => state === 'refused')) context.refused.add(id)
  else if (live.some(({ state }) => state === 'accepted')) context.refused.delete(id)
  const places = [vaultPlace(record), ...sinks, ...live]
  const amiss: Place['state'][] = ['drifted', 'missing', 'unreadable', 'refused']
  return { checkedAt: context.now(), drifted: places.filter(({ state }) => amiss.includes(state)).length, places }
}

const fingerprintOf = (record: CredentialRecord, field: Place['field']) => {
  const value = record.secret[field]
  return value === null ? null : fingerprint(value)
}

function vaultPlace(record: CredentialRecord): Place {
  const field = mainField[record.scheme]
  return {
    kind: 'vault',
    id: '',
    where: '',
    key: null,
    field,
    fingerprint: fingerprintOf(record, field),
    state: 'source',
    requires: 'nothing',
    modifiedAt: record.changedAt,
  }
}

async function sinkPlace(context: VaultContext, record: CredentialRecord, stored: CredentialRecord['sinks'][number]) {
  const reading = await compareSink({ credentialId: record.id, sink: stored, secret: record.secret })
  const sink = withRequirement(stored, context.usersOf(record.id).length > 0)
  return {
    kind: 'sink',
    id: sink.id,
    where: sink.path,
    key: sink.key,
    field: sink.field,
    fingerprint: reading.fingerprint,
    state: reading.state,
    requires: sink.requires,
    modifiedAt: reading.modifiedAt,
    ...(reading.reason ? { reason: reading.reason } : {}),
  } satisfies Place
}

async function livePlace(
  context: VaultContext,
  record: CredentialRecord,
  { user, signal }: { user: ReturnType<VaultContext['usersOf']>[number]; signal: AbortSignal },
): Promise<Place> {
  const field = mainField[record.scheme]
  const { surfacesOf } = context
  const found = isAskable(user)
    ? await askLive(user, record.secret, { surfacesOf, signal })
    : { state: 'unknown' as const, reason: reason('proof.not-running', { services: user.id }) }
  return {
    kind: 'live',
    id: user.id,
    where: user.url,
    key: null,
    field,
    fingerprint: found.state === 'accepted' ? fingerprintOf(record, field) : null,
    state: found.state,
    requires: found.state === 'refused' ? 'restart' : 'nothing',
    modifiedAt: null,
    ...(found.reason ? { reason: found.reason } : {}),
  }
}

/** Writes the vault's value to all sinks, or to one; a sink that cannot be written leaves the others as they were. */
export async function syncSinks(
  context: VaultContext,
  id: string,
  { sinkId, who }: { sinkId?: string | undefined; who: string },
): Promise<void> {
  const record = recordOf(context, id)
  refuseWhileRotating(context, id)
  const sinks = record.sinks.filter((sink) => sinkId === undefined || sink.id === sinkId)
  if (sinkId !== undefined && sinks.length === 0) throw new Problem('sink.not-found', { id, sink: sinkId })
  const writes = sinks.map((sink) => ({ credentialId: id, sink, secret: record.secret }))
  await writeAllOrNone(context, writes)
  await auditWrites(context, writes, who)
  await context.announce(id)
}

/**
 * Proves the credential on every protected surface of the services that run, with a made-up secret in the place of an
 * old one. Services that do not run are named in the reason.
 */
export async function verifyCredential(
  context: VaultContext,
  id: string,
  { who, signal }: { who: string; signal: AbortSignal },
): Promise<Proof> {
  const record = recordOf(context, id)
  refuseWhileRotating(context, id)
  const users = context.usersOf(id)
  const targets = users.filter(isAskable)
  const idle = users.filter((user) => !isAskable(user)).map((user) => user.id)
  const { surfacesOf, now } = context
  const secrets = { old: madeUpSecret(record.scheme, record.secret), fresh: record.secret }
  const found = await prove({ targets, surfacesOf, secrets, signal, patienceMs })
  const proof: Proof = { at: now(), ...found }
  if (idle.length > 0) {
    proof.reason ??= reason('proof.not-running', { services: idle.join(', ') })
    if (proof.outcome === 'none') proof.outcome = 'unreachable'
  }
  const current = context.book().find(id)
  // It may have been rotated or removed while the services were asked; then this proof is of the past.
  if (current && current.version === record.version && !context.rotating.has(id)) {
    if (proof.outcome === 'proven') context.refused.delete(id)
    await context.book().edit(id, (now) => ({ ...now, lastProof: proof }))
    await context.audit.append({ who, action: 'credential.verified', target: id, details: { outcome: proof.outcome } })
    await context.announce(id)
  }
  return proof
}
