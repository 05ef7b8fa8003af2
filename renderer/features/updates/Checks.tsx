import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { UpdateCheck } from '../../../shared/contract'
import { describeReason } from '../../i18n'
import { formatDuration, formatInteger, formatRatio } from '../../i18n/format'
import { StatusIcon, type StatusKey } from '../../ui/Status'
import c from './Updates.module.css'

const icons: Record<UpdateCheck['state'], StatusKey> = {
  waiting: 'waiting',
  running: 'probing',
  passed: 'ready',
  warning: 'warning',
  failed: 'failed',
  skipped: 'idle',
}

/** What is asked of the new version, each with its figure and the one before. */
export function Checks({ checks }: { checks: readonly UpdateCheck[] }) {
  const { t } = useTranslation('updates')
  return (
    <ul className={c.checks} aria-label={t('verify.checks')}>
      {checks.map((check) => {
        const why = check.reason && describeReason(check.reason)
        return (
          <li key={check.id} data-state={check.state}>
            <StatusIcon of={icons[check.state]} />
            <span>
              {t(`verify.check.${check.id}`)}
              <span className="visually-hidden">, {t(`verify.state.${check.state}`)}</span>
            </span>
            <span className="num">{valueOf(check, t)}</span>
            {why && (check.state === 'failed' || check.state === 'skipped') && (
              <small>
                {why.message} {why.hint}
              </small>
            )}
          </li>
        )
      })}
    </ul>
  )
}

/** The figure of a check in words; nothing where there is none. */
function valueOf({ id, state, value, golden, limit }: UpdateCheck, t: TFunction<'updates'>): string {
  if (state === 'skipped') return t('verify.state.skipped')
  switch (id) {
    case 'authenticated':
      return state === 'passed' ? t('verify.refusedWithout') : ''
    case 'picture':
      return state === 'passed' ? t('verify.state.passed') : ''
    case 'nodes':
      if (value === null) return ''
      return golden === null
        ? formatInteger(value)
        : t('verify.ofGolden', { value: formatInteger(value), golden: formatInteger(golden) })
    case 'similarity':
      if (value === null) return limit === null ? '' : t('verify.limitLeast', { limit: formatRatio(limit) })
      return limit === null
        ? formatRatio(value)
        : t('verify.atLeast', { value: formatRatio(value), limit: formatRatio(limit) })
    case 'cold-start':
    case 'step-time':
    case 'time':
      return timeOf({ value, golden, limit }, id === 'time', t)
  }
}

function timeOf(
  { value, golden, limit }: Pick<UpdateCheck, 'value' | 'golden' | 'limit'>,
  isCompared: boolean,
  t: TFunction<'updates'>,
): string {
  if (value === null) return limit === null ? '' : t('verify.limitMost', { limit: formatDuration(limit) })
  if (golden === null) return formatDuration(value)
  if (!isCompared || golden <= 0)
    return t('verify.withGolden', { value: formatDuration(value), golden: formatDuration(golden) })
  const percent = Math.round((1 - value / golden) * 100)
  if (percent === 0) return t('verify.equal')
  return t(percent > 0 ? 'verify.faster' : 'verify.slower', { percent: formatInteger(Math.abs(percent)) })
}
