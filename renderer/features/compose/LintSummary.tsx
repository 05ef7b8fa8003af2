import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/query'
import { describeReason } from '../../i18n'
import { Loading } from '../../ui/States'
import { StatusLabel } from '../../ui/Status'
import { Counts, SeverityIcon } from './severity'
import c from './Lint.module.css'

interface LintSummaryProps {
  /** A Compose file, or the folder in which it lies. */
  file: string
  overrides?: string[]
  envFile?: string
}

const mostShown = 4

/** What the linter finds in Compose files before they become a service: counts and the worst of it. For administrators. */
export function LintSummary({ file, overrides, envFile }: LintSummaryProps) {
  const { t } = useTranslation('lint')
  const input = { file, ...(overrides && { overrides }), ...(envFile !== undefined && { envFile }) }
  const query = useQuery(api.lint.files.queryOptions({ input, staleTime: 0 }))
  if (query.error && !query.data) return <p className="dim">{t('summaryFailed')}</p>
  if (!query.data) return <Loading rows={2} />
  const { findings, counts } = query.data
  if (findings.length === 0) return <StatusLabel of="proven" word={t('summaryClear')} />
  const worst = findings.filter(({ severity }) => severity !== 'hint').slice(0, mostShown)
  const rest = findings.length - worst.length
  return (
    <section className={c.summary} aria-label={t('summaryLead')}>
      <span className={c.counts}>
        <b>{t('summaryLead')}</b>
        <Counts counts={counts} />
      </span>
      <ul className={c.worst}>
        {worst.map((finding) => (
          <li key={finding.id}>
            <SeverityIcon of={finding.severity} />
            <span>{describeReason(finding.reason).message}</span>
            <span className="mono dim">
              {finding.name}:{finding.line}
            </span>
          </li>
        ))}
      </ul>
      {rest > 0 && <span className="dim">{t('summaryMore', { count: rest })}</span>}
    </section>
  )
}
