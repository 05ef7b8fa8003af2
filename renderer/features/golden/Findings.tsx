import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { GoldenFinding } from '../../../shared/contract'
import { describeReason } from '../../i18n'
import { formatInteger, formatRatio, formatTenths } from '../../i18n/format'
import { StatusIcon, type StatusKey } from '../../ui/Status'
import c from './Golden.module.css'

const icons: Record<GoldenFinding['state'], StatusKey> = {
  passed: 'ready',
  warning: 'warning',
  failed: 'failed',
  skipped: 'idle',
}

/** What a finding was measured as, in words; nothing where it was not. */
function valueOf({ id, state, value, limit }: GoldenFinding, t: TFunction<'golden'>): string {
  if (state === 'skipped') return t('finding.skipped')
  switch (id) {
    case 'similarity':
      return value === null ? '' : t('finding.atLeast', { value: formatRatio(value), limit: formatRatio(limit ?? 0) })
    case 'picture':
      return value === null ? '' : t('finding.entropy', { value: formatTenths(value) })
    case 'sampled':
      return value === null || limit === null ? '' : t('finding.steps', { value: formatInteger(value), count: limit })
    case 'authenticated':
      return t(`finding.access.${state}`)
    case 'time':
      return value === null ? '' : percentOf(value)
  }
}

/** A difference in per cent, with its sign. */
export const percentOf = (value: number): string => `${value > 0 ? '+' : ''}${formatTenths(value)} %`

/** What was looked at, each with its figure. */
export function Findings({ findings, slowerLimitPct }: { findings: readonly GoldenFinding[]; slowerLimitPct: number }) {
  const { t } = useTranslation('golden')
  return (
    <ul className={c.findings} aria-label={t('finding.title')}>
      {findings.map((one) => {
        const why = one.reason && describeReason(one.reason)
        return (
          <li key={one.id}>
            <StatusIcon of={icons[one.state]} />
            <span>
              {t(`finding.${one.id}`, { limit: formatInteger(slowerLimitPct) })}
              <span className="visually-hidden">, {t(`finding.state.${one.state}`)}</span>
            </span>
            <span className="num">{valueOf(one, t)}</span>
            {why && one.state !== 'passed' && <small>{why.message}</small>}
          </li>
        )
      })}
    </ul>
  )
}
