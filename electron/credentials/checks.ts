import type { Proof } from '../../shared/contract'
import { isAcceptedByServices } from '../../shared/proof'
import { Problem, reason } from '../../shared/problems'
import type { CredentialsContext } from './context'
import { isOpenedBy } from './control'
import { auditWrites, recordOf, refuseWhileRotating, writeAllOrNone } from './credentials'
import { prove } from './proof'
import { opensTheSame } from './secrets'

/** How long a check that a person asked for waits for a service that gives no definite answer, in ms. */
const patienceMs = 1500

/** Whether the panel may ask a service now. What somebody else runs is asked in any case. */
export const isAskable = (user: { runtime: string; running: boolean }): boolean =>
  user.running || user.runtime === 'external'

/** Writes the vault's value to all sinks, or to one; a sink that cannot be written leaves the others as they were. */
export async function syncSinks(
  context: CredentialsContext,
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
 * Proves the credential on every protected surface of the services that run, and through their gateways. Services that do
 * not run are named in the reason.
 */
export async function verifyCredential(
  context: CredentialsContext,
  id: string,
  { who, signal }: { who: string; signal: AbortSignal },
): Promise<Proof> {
  const record = recordOf(context, id)
  refuseWhileRotating(context, id)
  const users = context.usersOf(id).filter(isOpenedBy)
  const targets = users.filter(isAskable)
  const idle = users.filter((user) => !isAskable(user)).map((user) => user.id)
  const { surfacesOf, throughGateway, now } = context
  const { previous, secret } = record
  const secrets = { old: previous && !opensTheSame(previous, secret) ? previous : null, fresh: secret }
  const found = await prove({ targets, surfacesOf, secrets, throughGateway, signal, patienceMs })
  const proof: Proof = { at: now(), ...found }
  if (idle.length > 0) {
    proof.reason ??= reason('proof.not-running', { services: idle.join(', ') })
    if (proof.outcome === 'none') proof.outcome = 'unreachable'
  }
  const current = context.book().find(id)
  // It may have been rotated or removed while the services were asked; then this proof is of the past.
  if (current && current.version === record.version && !context.rotating.has(id)) {
    if (isAcceptedByServices(proof)) context.refused.delete(id)
    await context.book().edit(id, (now) => ({ ...now, lastProof: proof }))
    await context.audit.append({ who, action: 'credential.verified', target: id, details: { outcome: proof.outcome } })
    await context.announce(id)
  }
  return proof
}
