import type { ExposureTest, LeakScan } from '../../../shared/contract'
import { letsStrangersIn } from '../../../shared/exposure-grade'
import { reason } from '../../../shared/problems'
import { told } from '../items'
import type { Source } from './source'

/** What the last leak scan found in the wrong place. Unknown before the first, and of one that was given up. */
export const leakSource = (last: () => LeakScan | null): Source => ({
  kind: 'leak-found',
  find() {
    const scan = last()
    if (scan?.state !== 'done') return null
    const count = scan.findings.filter(({ severity }) => severity === 'danger' || severity === 'warning').length
    if (count === 0) return []
    const about = { count, reason: reason('attention.leak-found', { count }), since: scan.finishedAt }
    return [told({ id: 'leaks', kind: 'leak-found', ...about, leadsTo: { page: 'credentials' } })]
  },
})

/** Services that let strangers in, by their last tests. */
export const doorSource = (tests: () => readonly ExposureTest[]): Source => ({
  kind: 'door-open',
  find: () =>
    tests()
      .filter(({ state, grade }) => state === 'done' && letsStrangersIn(grade))
      .map(({ serviceId: id, grade, finishedAt }) =>
        told({
          ...{ id: `door ${id}`, kind: 'door-open', subject: id, urgent: true, since: finishedAt },
          reason: reason('attention.door-open', { service: id, value: grade ?? '' }),
          leadsTo: { page: 'services', id, tab: 'exposure' },
        }),
      ),
})
