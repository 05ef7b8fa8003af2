import type { AccountId } from '../../shared/contract'
import type { Cards } from '../cards'
import type { Draining } from '../gateway/waking/draining'
import { createGenerations, type Generations } from '../generation'
import { lendCurrent } from '../rotation/policy'
import { createSleeping, type SleepingOptions } from '../sleeping'
import { createLoads, hasEnded, isComing } from '../services/load'
import { recognise } from '../stacks/recognise'
import { createOpenTrials } from '../trial/open'
import { openUpdates } from '../updates/updates'
import { createIntake } from '../workflows/intake'
import type { Base } from './base'
import type { WatchedMachine } from './machine'
import { buildRotations, rotatedOf, workOn } from './rotations'
import type { Secrets } from './secrets'
import type { BuiltServices } from './services'
import { createStudioWaking } from './studio-waking'
import { buildUsage } from './usage'
import { watchBypass } from './bypass'
import { workflowServices } from './workflow-services'

/** How much each service has to do, asked with the secret it has now. `own`: what of it is Regie's. */
const loadsWith = (
  { services, backendFor }: Pick<BuiltServices, 'services' | 'backendFor'>,
  credentials: Secrets['credentials'],
  own: (id: string) => number,
) =>
  createLoads({
    service: (id) => services.get(id),
    backendOf(id) {
      const config = services.config(id)
      return backendFor(config, lendCurrent(credentials, config.credentialId ?? null))
    },
    own,
  })

/** What puts services to sleep. */
const buildSleeping = (
  { options, ledger, publish, listen, reportBug }: Base,
  credentials: Secrets['credentials'],
  parts: Pick<SleepingOptions, 'loadOf' | 'timeline' | 'own'> & Pick<BuiltServices, 'services'>,
) =>
  createSleeping({
    ...{ ...parts, listen, reportBug },
    kept: ledger.idleTimes,
    ...(options.sleepClock && { clock: options.sleepClock }),
    changed: () => publish({ type: 'gateway' }),
    isOpen: () => credentials.isOpen(),
    rotatingOn: (id) => rotatedOf(credentials, parts.services.config(id))?.id ?? null,
  })

/** What is done with services: generations, and rotations of their credentials, which mind them. */
export async function buildWork(
  base: Base,
  secrets: Secrets,
  machine: WatchedMachine,
  built: BuiltServices & {
    cards: Cards
    draining: Draining
    isOfAlerts: (credentialId: string) => boolean
  },
) {
  const { services, gallery, inputs, workflows, backendFor, readWorkflow, cards, draining } = built
  const { engine, compose, gpus, timeline } = machine
  const { options, paths, redact, publish, listen, reportBug, closing } = base
  const { audit, credentials } = secrets
  const nameOf = (by: AccountId) => secrets.people.account(by)?.name ?? by
  let known: Generations | null = null
  const { usage, studio } = buildUsage(base, secrets, { services, gpus, cards, generations: () => known })
  const generations = closing.keep(
    await createGenerations({
      usage: studio,
      wake: createStudioWaking({ services }, { timeline, draining }, nameOf),
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

  // Jobs that try a service are nobody's generations.
  const trials = createOpenTrials()
  const own = (id: string) => generations.pendingOn(id).length + trials.on(id).length
  const loadOf = loadsWith(built, credentials, own)
  const rotating = await buildRotations(base, secrets, machine, {
    ...{ control: services.control(), generations, loadOf, draining, isOfAlerts: built.isOfAlerts },
    workOf: workOn(services, usage, secrets.people),
  })
  const updates = closing.keep(
    await openUpdates({
      ...{ engine, compose, gpus, credentials, services, audit, backendFor, loadOf, recognise },
      ...{ listen, publish, redact, reportBug, during: (asked, work) => timeline.during(asked, work) },
      ...{ templates: options.programs.stacks, journalFile: paths.updates, filesFolder: paths.updateFiles },
      ...(options.updatePatience && { patience: options.updatePatience }),
    }),
  )
  const sleeping = closing.keep(buildSleeping(base, credentials, { services, loadOf, timeline, own }))
  const workflowIntake = createIntake({ library: workflows, services: () => workflowServices(services) })
  const bypass = closing.keep(watchBypass(services, { usage, generations, trials, loadOf, reportBug }))
  const made = { generations, presets: gallery.presets, inputs, workflows, workflowIntake }
  const wakeForTest = createStudioWaking({ services }, { timeline, draining }, nameOf, 'waking.load-test')
  return { ...made, ...rotating, wakeForTest, updates, sleeping, usage, bypass, trials, loadOf }
}
