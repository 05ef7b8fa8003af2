import type { ServiceConfig } from '../../shared/contract'
import { referencesOf } from '../../shared/given-text'
import type { Cards } from '../cards'
import { contextOf, type Credentials } from '../credentials'
import type { Foresight, ServiceControl } from '../credentials/control'
import { createDraining, type Draining } from '../gateway/waking/draining'
import type { Generations } from '../generation'
import { createGuard, createRotationPolicies, type LoadOf, type PlanPorts } from '../rotation/policy'
import { createRotations } from '../rotation/rotation'
import type { Services } from '../services'
import type { Usage } from '../usage'
import type { Base } from './base'
import type { WatchedMachine } from './machine'
import type { Secrets } from './secrets'

/** The credential of a service that is rotated now, of those that open it or are given to it, and which secret is lent. */
export function rotatedOf(
  credentials: Credentials,
  { credentialId, process }: Pick<ServiceConfig, 'credentialId' | 'process'>,
): { id: string; lends: 'current' | 'pending' } | null {
  const { rotating } = contextOf(credentials)
  if (rotating.size === 0) return null
  const given = process ? referencesOf(process).map((one) => one.credentialId) : []
  for (const id of [...(credentialId === undefined ? [] : [credentialId]), ...given]) {
    const lends = rotating.get(id)
    if (lends) return { id, lends }
  }
  return null
}

/** What is asked of services through the gateway waits while their secret is rotated. */
export const buildDraining = (
  credentials: Credentials,
  { services, cards }: { services: () => Pick<Services, 'config' | 'get'>; cards: () => Pick<Cards, 'workingOn'> },
): Draining =>
  createDraining({
    workingOn: (id) => cards().workingOn(id),
    lentFor: (id) => rotatedOf(credentials, services().config(id))?.lends ?? null,
    isHolding: (id) => services().config(id).gateway?.enabled === true,
    isInOperation: (id) => services().get(id).operation !== null,
  })

/** Rotations, and when they begin by themselves. */
export async function buildRotations(
  { paths, listen, reportBug, closing }: Base,
  { credentials }: Secrets,
  { timeline }: Pick<WatchedMachine, 'timeline'>,
  { control, generations, loadOf, draining, workOf, isOfAlerts }: Rotating,
) {
  const guard = createGuard(loadOf)
  const rotations = await createRotations({
    ...{ credentials, listen, isOfAlerts },
    control: guard.over({
      ...control,
      async prepare(serviceId, files, how) {
        if (how && !how.interrupts) await draining.drain(serviceId, loadOf, how.signal)
        await control.prepare(serviceId, files, how)
      },
      async restart(serviceId, signal) {
        await draining.hold(serviceId, signal)
        return timeline.during({ serviceId, operation: 'restart', name: 'rotation' }, () =>
          control.restart(serviceId, signal),
        )
      },
      async recreate(serviceId, signal) {
        await draining.hold(serviceId, signal)
        return control.recreate(serviceId, signal)
      },
    }),
    journalFile: paths.rotations,
    reportError: reportBug,
  })
  const policies = createRotationPolicies({
    ...{ credentials, rotations, guard, loadOf, listen },
    generationsOn: (id) => generations.pendingOn(id),
    startTimes: timeline.startTimes,
    foresight: control,
    workOf,
    reportError: reportBug,
  })
  // Together: a rotation that a policy began ends because rotations are cancelled.
  closing.add(() => Promise.all([policies.close(), rotations.close()]))
  return { rotations, policies }
}

interface Rotating {
  control: ServiceControl & Foresight
  generations: Pick<Generations, 'pendingOn'>
  loadOf: LoadOf
  /** What is asked of services through the gateway waits while their secret is rotated. */
  draining: Draining
  workOf: NonNullable<PlanPorts['workOf']>
  /** Whether a channel of the alerts uses a credential. */
  isOfAlerts: (credentialId: string) => boolean
}

/** Who has jobs on a service, as the gateway has seen them; null where it does not listen for it. */
export const workOn =
  (
    services: Pick<Services, 'config'>,
    usage: Pick<Usage, 'on'>,
    people: { account: (id: string) => { name: string } | null },
  ): NonNullable<PlanPorts['workOf']> =>
  (serviceId) => {
    if (services.config(serviceId).gateway?.enabled !== true) return null
    const counts = new Map<string, number>()
    for (const { account } of usage.on(serviceId)) counts.set(account, (counts.get(account) ?? 0) + 1)
    return [...counts].map(([account, jobs]) => ({ account, name: people.account(account)?.name ?? account, jobs }))
  }
