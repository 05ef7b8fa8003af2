import { accessProblems } from './access'
import { alertProblems } from './alerts'
import { auditProblems } from './audit'
import { backendJobProblems } from './backend-jobs'
import { backendModelProblems } from './backend-models'
import { backendProblems } from './backends'
import { backupProblems } from './backups'
import { composeProblems } from './compose'
import { composeChangeProblems } from './compose-changes'
import { composeFileProblems } from './compose-files'
import { containerProblems } from './container'
import { doctorProblems } from './doctor'
import { doctorSecretProblems } from './doctor-secrets'
import { diskProblems } from './disk'
import { exposureProblems } from './exposure'
import { containerEndingProblems } from './container-endings'
import { containerHealthProblems } from './container-health'
import { discoveryProblems } from './discovery'
import { dockerProblems } from './docker'
import { fleetProblems } from './fleet'
import { gatewayProblems } from './gateway'
import { gatewayDoorProblems } from './gateway-door'
import { generationProblems } from './generations'
import { goldenProblems } from './golden'
import { cardProblems } from './cards'
import { gpuProblems } from './gpus'
import { identityProblems } from './identity'
import { isolationProblems } from './isolation'
import { leakProblems } from './leaks'
import { libraryProblems } from './library'
import { libraryDownloadProblems } from './library-downloads'
import { lintProblems } from './lint'
import { lintFileProblems } from './lint-files'
import { lintServiceProblems } from './lint-services'
import { loadTestProblems } from './load-tests'
import { logProblems } from './logs'
import { machineProblems } from './machines'
import { memoryProblems } from './memory'
import { modelsProblems } from './models'
import { peopleProblems } from './people'
import { pictureProblems } from './pictures'
import { placeProblems } from './places'
import { releaseProblems } from './releases'
import { roomProblems } from './room'
import { rotationProblems } from './rotations'
import { rotationPolicyProblems } from './rotation-policy'
import { serviceEndingProblems } from './service-endings'
import { serviceProblems } from './services'
import { sinkProblems } from './sinks'
import { sleepingProblems } from './sleeping'
import { stackProblems } from './stacks'
import { supportProblems } from './support'
import { systemProblems } from './system'
import { tlsProblems } from './tls'
import { unreachableProblems } from './unreachable'
import { updateCheckProblems } from './update-checks'
import { updateProblems } from './updates'
import { usageProblems } from './usage'
import { vaultProblems } from './vault'
import { wakingProblems } from './waking'
import { workflowProblems } from './workflows'
import { workflowFileProblems } from './workflow-files'
import { fill } from '../fill'
import type { ErrorCode, PlacesOf, ProblemParams, ProblemText } from './define'

export type { ErrorCode, ProblemParams, ProblemText } from './define'
export { errorStatus } from './define'

/** Every expected failure and every reason below "ready" that Regie can name, in both languages. */
export const problems = {
  ...systemProblems,
  ...tlsProblems,
  ...diskProblems,
  ...accessProblems,
  ...alertProblems,
  ...peopleProblems,
  ...serviceProblems,
  ...serviceEndingProblems,
  ...unreachableProblems,
  ...vaultProblems,
  ...auditProblems,
  ...backupProblems,
  ...rotationPolicyProblems,
  ...sinkProblems,
  ...sleepingProblems,
  ...placeProblems,
  ...rotationProblems,
  ...backendProblems,
  ...backendJobProblems,
  ...backendModelProblems,
  ...discoveryProblems,
  ...dockerProblems,
  ...roomProblems,
  ...machineProblems,
  ...memoryProblems,
  ...modelsProblems,
  ...composeProblems,
  ...composeFileProblems,
  ...composeChangeProblems,
  ...fleetProblems,
  ...gatewayProblems,
  ...gatewayDoorProblems,
  ...identityProblems,
  ...isolationProblems,
  ...generationProblems,
  ...goldenProblems,
  ...pictureProblems,
  ...wakingProblems,
  ...workflowProblems,
  ...cardProblems,
  ...gpuProblems,
  ...leakProblems,
  ...libraryProblems,
  ...libraryDownloadProblems,
  ...lintProblems,
  ...lintFileProblems,
  ...lintServiceProblems,
  ...loadTestProblems,
  ...stackProblems,
  ...updateProblems,
  ...updateCheckProblems,
  ...logProblems,
  ...supportProblems,
  ...releaseProblems,
  ...containerProblems,
  ...doctorProblems,
  ...doctorSecretProblems,
  ...exposureProblems,
  ...workflowFileProblems,
  ...containerEndingProblems,
  ...containerHealthProblems,
  ...usageProblems,
}

export type ProblemId = keyof typeof problems
export type Language = 'en' | 'fr'

/**
 * What a problem is told with, as arguments: a value for each place of its texts, and whatever else a page wants to
 * know. A problem that is only known when the program runs, as one that is handed on, brings its own.
 */
type Told<Id extends ProblemId> = ProblemId extends Id
  ? [params?: ProblemParams]
  : [PlacesOf<(typeof problems)[Id]>] extends [never]
    ? [params?: ProblemParams]
    : [params: Record<PlacesOf<(typeof problems)[Id]>, string | number> & ProblemParams]

export const isProblemId = (id: string): id is ProblemId => Object.hasOwn(problems, id)

/**
 * The message and hint of a problem in one language, with its values filled in. A `why` that is the id of another problem
 * is told in that one's words, of the values beside it: see `because`.
 */
export function describeProblem(id: ProblemId, params: ProblemParams, language: Language): ProblemText {
  const text = problems[id][language]
  const { why, ...others } = params
  const isOther = typeof why === 'string' && isProblemId(why)
  const filled = isOther ? { ...others, why: describeProblem(why, others, language).message } : params
  return { message: fill(text.message, filled), hint: fill(text.hint, filled) }
}

/** The values of a problem that has another one as its reason, which is then told in the language of whoever reads it. */
export const because = ({ problem, params }: { problem: string; params?: ProblemParams | undefined }) => ({
  ...params,
  why: problem,
})

/** A problem as data: what health rungs, log entries and answers carry. English text is included for scripts. */
export interface Reason {
  problem: ProblemId
  params: ProblemParams
  message: string
  hint: string
}

export function reason<Id extends ProblemId>(id: Id, ...[params = {}]: Told<Id>): Reason {
  return { problem: id, params, ...describeProblem(id, params, 'en') }
}

class ExpectedFailure extends Error {
  override readonly name = 'Problem'
  readonly code: ErrorCode
  readonly hint: string

  constructor(
    readonly id: ProblemId,
    readonly params: ProblemParams = {},
    options?: ErrorOptions,
  ) {
    const text = describeProblem(id, params, 'en')
    super(text.message, options)
    this.code = problems[id].code
    this.hint = text.hint
  }

  get reason(): Reason {
    return reason<ProblemId>(this.id, this.params)
  }
}

export type Problem = ExpectedFailure

/**
 * An expected failure. Anything else that is thrown is a bug: it is logged with an id and answered
 * as 500 without details. The type asks for a value for each place of its texts, which a class cannot say of its own
 * constructor.
 */
export const Problem = ExpectedFailure as unknown as {
  new <Id extends ProblemId>(id: Id, ...told: [...Told<Id>, options?: ErrorOptions]): Problem
  readonly prototype: Problem
}
