import type { Proof } from '../../shared/contract'
import type { Reason } from '../../shared/problems'
import type { ChangedFile, Effect, ServiceControl } from '../credentials/control'
import type { CredentialsContext } from '../credentials/context'
import { recordOf, type GivenSecret } from '../credentials/credentials'
import { askOnce, type OldSessions, type ProofTarget } from '../credentials/proof'
import { keepPrevious } from '../credentials/grace'
import { secretsOf, type StoredSink } from '../credentials/record'
import type { JournalFacts, RotationJournal } from './journal'
import type { RotationRecord, StepId } from './record'
import { withRequirement } from '../credentials/sinks/plan'

/** Everything one rotation works with. */
export interface RotationRun {
  rotationId: string
  credentialId: string
  who: string
  given: Pick<GivenSecret, 'password' | 'token'>
  /** Jobs that run on its services are not waited for. */
  interrupts: boolean
  context: CredentialsContext
  control: ServiceControl
  journal: RotationJournal
  record: RotationRecord
  /** Aborted by a cancel; from `commit` on it is not looked at. */
  signal: AbortSignal
  /** How long a restarted service may take until it gives a definite answer, in ms. */
  patienceMs: number
  reportError: (error: unknown) => void
  /** Told what it waits for, and with null that it goes on. */
  onWaiting: (why: Reason | null) => void
  /** What was touched, and so must be put back. */
  touched: { sinks: StoredSink[]; services: TouchedService[]; asked: ProofTarget[] }
  /** Browser sessions that were open before; the proof shows them dead. */
  sessions?: OldSessions | undefined
}

/** A service that was made to read its files again, and how; `null` when an earlier run did it. */
export interface TouchedService {
  id: string
  action: Effect['action'] | null
  /** It may never have seen the new secret: it is asked first, and left alone if it accepts the old one. */
  asksFirst?: boolean
}

/** Where the run ended, for the caller's answer. */
export type RotationEnd =
  | { state: 'committed' }
  | { state: 'rolled-back'; step: StepId; cause: Reason }
  | { state: 'failed'; step: StepId; cause: Reason; rest: Reason }
  /** The panel ends while a service could not be asked: the next start goes on with it. */
  | { state: 'left' }

/** Notes a step in the journal; it may begin when this resolves. */
export const note = (
  { journal, rotationId, credentialId, context }: RotationRun,
  step: StepId,
  facts: JournalFacts = {},
): Promise<void> => journal.step({ at: context.now(), rotationId, credentialId, step, ...facts })

/** The files that the credential's services may read, with what a change of each requires. */
export const changedFiles = ({ context, credentialId }: RotationRun): ChangedFile[] =>
  recordOf(context, credentialId).sinks.map((sink) => ({
    path: sink.path,
    requires: withRequirement(sink, true).requires,
  }))

/** The services that can be made to read the files again. */
export const runningUsers = ({ context, credentialId }: RotationRun) =>
  context.usersOf(credentialId).filter((user) => user.running && user.runtime !== 'external')

/** Whether anything answers there. */
export async function answers(
  target: ProofTarget,
  { context, signal }: { context: CredentialsContext; signal: AbortSignal },
) {
  const [surface] = context.surfacesOf(target.kind)
  return surface !== undefined && (await askOnce(surface, target.url, null, signal)) !== null
}

/** The new secret is in force: from now on the vault has it as the credential's own. */
export async function commit({ context, credentialId, record }: RotationRun, proof: Proof) {
  const { secret: old, previous, pending, version } = recordOf(context, credentialId)
  if (!pending) throw new Error('a rotation came to its commit without a pending secret')
  const { username, password, token, sessionKey } = pending
  await context.book().edit(credentialId, (now) => ({
    ...now,
    version: version + 1,
    changedAt: context.now(),
    secret: { username, password, token, sessionKey },
    pending: null,
    ...keepPrevious(now, old, context.now()),
    lastProof: proof,
  }))
  context.refused.delete(credentialId)
  const kept = new Set(secretsOf(recordOf(context, credentialId)))
  for (const text of [previous?.password, previous?.token, previous?.sessionKey])
    if (text && !kept.has(text)) context.redactor.forget(text)
  record.line('commit', 'commit.done', { version: version + 1 })
}
