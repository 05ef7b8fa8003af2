import type { AccountId } from '../../shared/contract'
import { reason } from '../../shared/problems'
import type { Cards } from '../cards'
import type { Generations } from '../generation'
import type { GpuMonitor } from '../gpu'
import type { Services } from '../services'
import { hasEnded } from '../services/load'
import { createReport, createStudioUsage, createUsage, type Limits } from '../usage'
import type { Base } from './base'
import type { Secrets } from './secrets'

interface UsageParts {
  services: Services
  gpus: Pick<GpuMonitor, 'last'>
  /** Those of the Studio that have not ended; they come after this, and are asked for later. */
  generations: () => Pick<Generations, 'openOf'> | null
  cards: Pick<Cards, 'waiting'>
}

const noLimits: Limits = { concurrentJobs: null, jobsPerDay: null, gpuSecondsPerDay: null }

/** Counting and limits, for the gateway and the Studio alike. */
export function buildUsage(
  { ledger, reportBug, closing }: Base,
  { people, audit }: Pick<Secrets, 'people' | 'audit'>,
  { services, gpus, generations, cards }: UsageParts,
) {
  const memoryOf = (id: string) => (services.has(id) ? (services.backend(id).jobs ?? null) : null)
  const onMachine = () => {
    const { state, gpus: all } = gpus.last()
    return state === 'live' ? all.length : null
  }
  const limitsOf = (account: AccountId) => people.account(account)?.limits ?? noLimits
  const keyNames = () => new Map(people.isReadable() ? people.keys(null).map(({ id, name }) => [id, name]) : [])
  const usage = closing.keep(
    createUsage({
      ...{ ledger, memoryOf, failed: reportBug },
      cardsOf: (id) => (services.has(id) ? services.gpuCount(id, onMachine()) : null),
      limitedKey: (id) => people.limitedKey(id),
      keyName: (id) => keyNames().get(id) ?? null,
      studioJobs: (account) => generations()?.openOf(account) ?? [],
      // Before its card it waits for its service.
      whyHeld: ({ id }) => cards.waiting().find(({ job }) => job === id)?.reason ?? reason('job.waking'),
      takeOff: (id, name, signal) => services.backend(id).takeOff(name, signal),
      hasEnded: (id) => !services.has(id) || hasEnded(services.get(id)),
      reached(account, { limit, by, allowed, key }) {
        const own = { limit, ...(allowed !== null && { allowed }) }
        const details = by === 'key' && key ? { limit, allowed: key.allowed, key: key.id, keyName: key.name } : own
        const entry = { who: account, action: 'limit.reached', target: account, details }
        void audit.append(entry).catch(reportBug)
      },
    }),
  )
  const studio = createStudioUsage({ usage, limitsOf, memoryOf, failed: reportBug })
  closing.add(() => studio.idle())
  const report = createReport({
    ...{ ledger, calendar: usage.calendar, now: () => usage.now() },
    limitsOfKey: (id) => people.limitedKey(id)?.limits ?? null,
    names() {
      const keys = keyNames()
      return { user: (id) => people.account(id)?.name ?? null, key: (id) => keys.get(id) ?? null }
    },
  })
  return { studio, usage: { ...usage, report, limitsOf } }
}
