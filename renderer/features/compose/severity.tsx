import { useTranslation } from 'react-i18next'
import type { LintReport, LintSeverity } from '../../../shared/contract'
import { StatusIcon, type StatusKey } from '../../ui/Status'
import c from './Lint.module.css'

/** The worst first. */
export const severities = ['danger', 'warning', 'hint'] as const satisfies readonly LintSeverity[]

const icons: Record<LintSeverity, StatusKey> = { danger: 'failed', warning: 'warning', hint: 'notice' }

export const SeverityIcon = ({ of }: { of: LintSeverity }) => <StatusIcon of={icons[of]} size={16} />

/** How many there are of each, those that there are. */
export function Counts({ counts }: { counts: LintReport['counts'] }) {
  const { t } = useTranslation('lint')
  return (
    <span className={c.counts}>
      {severities
        .filter((severity) => counts[severity] > 0)
        .map((severity) => (
          <span key={severity}>{t(`count.${severity}`, { count: counts[severity] })}</span>
        ))}
    </span>
  )
}
