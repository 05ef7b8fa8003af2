import { useTranslation } from 'react-i18next'
import type { Limits } from '../../../shared/contract'
import { formatSpan } from '../../i18n/format'

/** Says limits in one line; empty where there are none. */
export function useLimitWords(): (limits: Limits) => string {
  const { t } = useTranslation('keys')
  return ({ concurrentJobs, jobsPerDay, gpuSecondsPerDay }) =>
    [
      concurrentJobs === null ? null : t('limit.jobs', { count: concurrentJobs }),
      jobsPerDay === null ? null : t('limit.day', { count: jobsPerDay }),
      gpuSecondsPerDay === null ? null : t('limit.gpu', { time: formatSpan(gpuSecondsPerDay * 1000) }),
    ]
      .filter((words) => words !== null)
      .join(', ')
}
