import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../shared/contract'
import { describeReason } from '../../i18n'

/** What a running generation does now, in words. */
export function usePhaseWords({ progress: { phase, step, steps, queuePosition, waitsFor } }: Generation): string {
  const { t } = useTranslation('studio')
  switch (phase) {
    case 'queued':
      if (waitsFor) return describeReason(waitsFor).message
      if (queuePosition === null) return t('progress.queued')
      return queuePosition === 0 ? t('progress.queuedNext') : t('progress.queuedBehind', { count: queuePosition })
    case 'loading':
      return t('progress.loading')
    case 'sampling':
      return step !== null && steps !== null ? t('progress.sampling', { step, steps }) : t('progress.samplingPlain')
    case 'decoding':
      return t('progress.decoding')
    case 'saving':
    case 'done':
      return t('progress.saving')
  }
}
