import type { Cards } from '../cards'
import { referencesOf } from '../../shared/given-text'
import { contextOf, type Credentials } from '../credentials'
import type { Foresight, ServiceControl } from '../credentials/control'
import { createGenerations, type Generations } from '../generation'
import { createGuard, createRotationPolicies, lendCurrent, type LoadOf } from '../rotation/policy'
import { createRotations } from '../rotation/rotation'
import type { Services } from '../services'
import { createSleeping } from '../sleeping'
import { createLoads, hasEnded, isComing } from '../services/load'
import { recognise } from '../stacks/recognise'
import { openUpdates } from '../updates/updates'
import { createIntake } from '../workflows/intake'
import type { Base } from './base'
import type { WatchedMachine } from './machine'
import type { Secrets } from './secrets'
import type { BuiltServices } from './services'
import { buildUsage } from './usage'
import { workflowServices } from './workflow-services'

/** What those who start and stop services must know of credentials. */
const rotationsSeen = (credentials: Credentials, services: Pick<Services, 'config'>) => ({
  isOpen: () => credentials.isOpen(),
  /** The credential of a service that is being rotated now, of those that open it or are given to it. */
  rotatingOn(serviceId: string): string | null {
    const { credentialId, process } = services.config(serviceId)
    const { rotating } = contextOf(credentials)
    const given = process ? referencesOf(process).map((one) => one.credentialId) : []
    return [...(credentialId === undefined ? [] : [credentialId]), ...given].find((id) => rotating.has(id)) ?? null
  },
})

/** Rotations, and when they begin by themselves. */
async function buildRotations(
  { paths, listen, reportBug, closing }: Base,
  { credentials }: Secrets,
  timeline: WatchedMachine['timeline'],
  { control, generations, loadOf }: Rotating,
) {
  const guard = createGuard(loadOf)
  const rotations = await createRotations({
    ...{ credentials, listen },
    control: guard.over({
      ...control,
      restart: (serviceId, signal) =>
        timeline.during({ serviceId, operation: 'restart', name: 'rotation' }, () =>
          control.restart(serviceId, signal),
        ),
    }),
    journalFile: paths.rotations,
    reportError: reportBug,
  })
  const policies = createRotationPolicies({
    ...{ credentials, rotations, guard, loadOf, listen },
    generationsOn: (id) => generations.pendingOn(id),
    startTimes: timeline.startTimes,
    foresight: control,
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
}

/** What is done with services: generations, and rotations of their credentials, which mind them. */
export async function buildWork(
  base: Base,
  secrets: Secrets,
  { engine, compose, gpus, timeline }: WatchedMachine,
  { services, gallery, inputs, workflows, backendFor, readWorkflow, cards }: BuiltServices & { cards: Cards },
) {
  const { options, paths, redact, publish, listen, reportBug, closing } = base
  const { audit, credentials } = secrets
  let known: Generations | null = null
  const { usage, studio } = buildUsage(base, secrets, { services, generations: () => known })
  const generations = closing.keep(
    await createGenerations({
      usage: studio,
      ...{ gallery, inputs, readWorkflow, cards, paths, redact, publish, listen, reportBug },
      services(id) {
        const { kind, runtime } = services.config(id)
        return { kind, simulated: runtime === 'simulator', backend: services.backend(id) }
      },
      hasEnded: (id) => hasEnded(services.get(id)),
      isComing: (id) => isComing(services.get(id)),
    }),
  )
  known = generations

  const own = (id: string) => generations.pendingOn(id).length
  const loadOf = createLoads({
    service: (id) => services.get(id),
    backendOf(id) {
      const config = services.config(id)
      return backendFor(config, lendCurrent(credentials, config.credentialId ?? null))
    },
    own,
  })
  const rotating = await buildRotations(base, secrets, timeline, { control: services.control(), generations, loadOf })
  const updates = closing.keep(
    await openUpdates({
      ...{ engine, compose, gpus, credentials, services, audit, backendFor, loadOf, recognise },
      ...{ listen, publish, redact, reportBug, during: (asked, work) => timeline.during(asked, work) },
      ...{ templates: options.programs.stacks, journalFile: paths.updates, filesFolder: paths.updateFiles },
      ...(options.updatePatience && { patience: options.updatePatience }),
    }),
  )
  const sleeping = closing.keep(
    createSleeping({
      ...{ services, loadOf, timeline, listen, reportBug, own },
      ...rotationsSeen(credentials, services),
    }),
  )
  const workflowIntake = createIntake({ library: workflows, services: () => workflowServices(services) })
  return {
    generations,
    presets: gallery.presets,
    inputs,
    workflows,
    workflowIntake,
    ...rotating,
    updates,
    sleeping,
    usage,
  }
}
