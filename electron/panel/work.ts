import { createGenerations } from '../generation'
import { createGuard, createRotationPolicies, lendCurrent } from '../rotation/policy'
import { createRotations } from '../rotation/rotation'
import { createLoads, hasEnded, isComing } from '../services/load'
import { recognise } from '../stacks/recognise'
import { openUpdates } from '../updates/updates'
import { createIntake } from '../workflows/intake'
import type { Base } from './base'
import type { WatchedMachine } from './machine'
import type { Secrets } from './secrets'
import type { BuiltServices } from './services'
import { workflowServices } from './workflow-services'

/** What is done with services: generations, and rotations of their credentials, which mind them. */
export async function buildWork(
  { options, paths, redact, publish, listen, reportBug, closing }: Base,
  { audit, credentials }: Secrets,
  { engine, compose, gpus, timeline }: WatchedMachine,
  { services, gallery, inputs, workflows, backendFor, readWorkflow }: BuiltServices,
) {
  const generations = closing.keep(
    await createGenerations({
      ...{ gallery, inputs, readWorkflow, paths, redact, publish, listen, reportBug },
      services(id) {
        const { kind, runtime } = services.config(id)
        return { kind, simulated: runtime === 'simulator', backend: services.backend(id) }
      },
      hasEnded: (id) => hasEnded(services.get(id)),
      isComing: (id) => isComing(services.get(id)),
    }),
  )

  const control = services.control()
  const loadOf = createLoads({
    service: (id) => services.get(id),
    backendOf(id) {
      const config = services.config(id)
      return backendFor(config, lendCurrent(credentials, config.credentialId ?? null))
    },
    own: (id) => generations.pendingOn(id).length,
  })
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
  const updates = closing.keep(
    await openUpdates({
      ...{ engine, compose, gpus, credentials, services, audit, backendFor, loadOf, recognise },
      ...{ listen, publish, redact, reportBug, during: (asked, work) => timeline.during(asked, work) },
      ...{ templates: options.programs.stacks, journalFile: paths.updates, filesFolder: paths.updateFiles },
      ...(options.updatePatience && { patience: options.updatePatience }),
    }),
  )
  const workflowIntake = createIntake({ library: workflows, services: () => workflowServices(services) })
  return { generations, presets: gallery.presets, inputs, workflows, workflowIntake, rotations, policies, updates }
}
