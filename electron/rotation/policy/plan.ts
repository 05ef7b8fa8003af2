import { median } from '../../../shared/median'
import type { Rotation, RotationPlan } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { isOpenedBy, type ChangedFile, type Foresight } from '../../credentials/control'
import { isAskable } from '../../credentials/checks'
import type { CredentialsContext } from '../../credentials/context'
import { recordOf } from '../../credentials/credentials'
import type { CredentialRecord } from '../../credentials/record'
import type { Rotations } from '../rotation'
import { sessionsFate } from '../sessions'
import { withRequirement } from '../../credentials/sinks/plan'
import { previousUntil } from '../../credentials/grace'
import type { LoadOf } from './load'

export interface PlanPorts {
  context: CredentialsContext
  rotations: Pick<Rotations, 'last'>
  loadOf: LoadOf
  foresight: Foresight
  /** Regie's own generations on a service that have not ended. */
  generationsOn: (serviceId: string) => RotationPlan['generations']
  /** How long earlier starts of a service took until it was ready, in ms, newest first. */
  startTimes: (serviceId: string) => Promise<number[]>
  /** Who has jobs on a service that people reach through the gateway, which then holds what is asked; null elsewhere. */
  workOf?: (serviceId: string) => NonNullable<RotationPlan['services'][number]['held']>['work'] | null
}

type PlannedService = RotationPlan['services'][number]
type User = ReturnType<CredentialsContext['usersOf']>[number]

/** How long a rotation that ended waited for a service, in ms: what its own evidence says. */
export function waitsIn(rotation: Rotation | null, serviceId: string): number[] {
  const lines = rotation?.steps.flatMap((step) => step.lines) ?? []
  return lines
    .filter(
      ({ line, params }) => ['apply.restarted', 'apply.recreated'].includes(line) && params['service'] === serviceId,
    )
    .flatMap(({ params }) => (typeof params['ms'] === 'number' ? [params['ms']] : []))
}

/** What a rotation of this credential would do now. Reads only. */
export async function planRotation(ports: PlanPorts, id: string): Promise<RotationPlan> {
  const { context } = ports
  const record = recordOf(context, id)
  const users = context.usersOf(id)
  const files = record.sinks.map((sink) => ({
    path: sink.path,
    requires: withRequirement(sink, users.length > 0).requires,
  }))
  return {
    sinks: record.sinks.map((sink) => ({ id: sink.id, path: sink.path, key: sink.key })),
    services: await Promise.all(users.map((user) => planService(ports, record, { user, files }))),
    generations: users.flatMap((user) => ports.generationsOn(user.id)),
    consumers: record.care.consumers,
    previousUntil: previousUntil(record),
  }
}

async function planService(
  ports: PlanPorts,
  record: CredentialRecord,
  { user, files }: { user: User; files: readonly ChangedFile[] },
): Promise<PlannedService> {
  const blocked = blockedBy(ports, user, files)
  const [action, load, starts] = await Promise.all([
    blocked ? ('external' as const) : actionOn(ports, user, files),
    ports.loadOf(user.id),
    ports.startTimes(user.id),
  ])
  const times = starts.length > 0 ? starts : waitsIn(ports.rotations.last(record.id), user.id)
  const isAway = action === 'restart' || action === 'recreate'
  const work = isAway ? (ports.workOf?.(user.id) ?? null) : null
  const [lastRestart = starts[0] ?? null] = waitsIn(ports.rotations.last(record.id), user.id)
  return {
    id: user.id,
    action,
    ...(blocked ? { blocked } : {}),
    asked: isAskable(user) && isOpenedBy(user),
    expectedMs: isAway ? median(times) : null,
    samples: isAway ? times.length : 0,
    load,
    sessions: sessionsFate(record, user.kind, action),
    ...(work && { held: { ms: lastRestart, work } }),
  }
}

/** Whether a service goes on as it is: no file that it reads changes, and its program was given no secret. */
const isUntouched = ({ given }: User, files: readonly ChangedFile[]): boolean =>
  !given && files.every(({ requires }) => requires === 'nothing')

/** What stands in the way of a restart that is needed: the rotation would say so before it touches anything. */
function blockedBy({ foresight }: PlanPorts, user: User, files: readonly ChangedFile[]) {
  const { id, running, runtime } = user
  if (!running || runtime === 'external' || isUntouched(user, files)) return null
  return foresight.unmanageable(id)
}

async function actionOn(
  { foresight }: PlanPorts,
  user: User,
  files: readonly ChangedFile[],
): Promise<PlannedService['action']> {
  if (user.runtime === 'external') return 'external'
  if (!user.running) return 'stopped'
  if (isUntouched(user, files)) return 'none'
  try {
    return (await foresight.foresee(user.id, files)).action
  } catch (error) {
    // Docker does not answer: the rotation itself will say so, before it touches anything.
    if (error instanceof Problem) return 'restart'
    throw error
  }
}
