import { Button } from '@mantine/core'
import { IconArrowBackUp, IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LintChange, LintFinding, LintFix, LintReport, Service } from '../../../shared/contract'
import { api } from '../../api/query'
import { Ago } from '../../ui/Ago'
import { Counts, severities, SeverityIcon } from './severity'
import { Panel, PanelAction } from '../../ui/Panel'
import { Empty, Loading } from '../../ui/States'
import { useIsAdmin } from '../../api/useSession'
import { describeReason } from '../../i18n'
import { FindingDetail } from './FindingDetail'
import c from './Compose.module.css'
import { Loaded } from '../../api/Loaded'
import { useLintActions } from './useLintActions'

function Row({ finding, isShown, onShow }: { finding: LintFinding; isShown: boolean; onShow: () => void }) {
  const { t } = useTranslation('lint')
  return (
    <li>
      <button type="button" className={c.finding} aria-current={isShown} onClick={onShow}>
        <SeverityIcon of={finding.severity} />
        <span className={c.what}>
          <span>{describeReason(finding.reason).message}</span>
          <span className={`mono ${c.where}`} title={t('at', { name: finding.name, line: finding.line })}>
            {`${finding.name}:${finding.line}`}
            {finding.service !== null && ` · ${finding.service}`}
          </span>
        </span>
      </button>
    </li>
  )
}

function Groups({ report, shown, onShow }: { report: LintReport; shown: string; onShow: (id: string) => void }) {
  const { t } = useTranslation('lint')
  return (
    <div className={c.scroll} role="group" aria-label={t('list')}>
      {severities
        .filter((severity) => report.counts[severity] > 0)
        .map((severity) => (
          <section key={severity} aria-label={t(`group.${severity}`)}>
            <h3 className={c.group}>
              {t(`group.${severity}`)} <span className="num">{report.counts[severity]}</span>
            </h3>
            <ul className={c.list}>
              {report.findings
                .filter((finding) => finding.severity === severity)
                .map((finding) => (
                  <Row
                    key={finding.id}
                    finding={finding}
                    isShown={finding.id === shown}
                    onShow={() => onShow(finding.id)}
                  />
                ))}
            </ul>
          </section>
        ))}
    </div>
  )
}

interface LastChangeProps {
  change: NonNullable<LintReport['undo']>
  isUndoing: boolean
  onUndo: (id: string) => void
}

/** What was changed last, and the way back. */
function LastChange({ change, isUndoing, onUndo }: LastChangeProps) {
  const { t } = useTranslation('lint')
  const isAdmin = useIsAdmin()
  return (
    <div className={c.last}>
      <span>
        {t('lastChange', { files: change.files.join(', ') })} <Ago at={change.at} />
      </span>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconArrowBackUp size={15} stroke={1.6} />}
        disabled={!isAdmin}
        loading={isUndoing}
        onClick={() => onUndo(change.id)}
      >
        {t('undo')}
      </Button>
    </div>
  )
}

/** What is said of a change that was made. */
function useAppliedWords() {
  const { t } = useTranslation('lint')
  return ({ files, needs }: LintChange) => ({
    title: t('applied', { files: files.join(', ') }),
    message: t(`needs.${needs}`),
  })
}

function Report({ service, report, onAgain, isAsking }: ReportProps) {
  const { t } = useTranslation('lint')
  const { fix, undo } = useLintActions(service.id, { done: useAppliedWords() })
  const [wanted, setWanted] = useState('')
  const shown = report.findings.find(({ id }) => id === wanted) ?? report.findings[0]
  const files = report.files.map(({ path, state }) => ({ path, state }))
  const about = { serviceId: service.id, isApplying: fix.isPending }
  const apply = ({ id }: LintFix) => fix.mutate({ id: service.id, fixes: [id], files })
  const again = (
    <PanelAction onClick={onAgain} loading={isAsking}>
      {t('again')}
    </PanelAction>
  )
  const note = (
    <>
      {t('checked')} <Ago at={report.checkedAt} />
    </>
  )
  const last = report.undo && (
    <LastChange
      change={report.undo}
      isUndoing={undo.isPending}
      onUndo={(change) => undo.mutate({ id: service.id, change })}
    />
  )
  if (!shown) {
    return (
      <Panel title={t('title')} note={note} action={again} flush>
        <Empty icon={IconCircleCheck} title={t('clearTitle')}>
          {t('clearText', { count: report.files.length })}
        </Empty>
        {last}
      </Panel>
    )
  }
  return (
    <div className={c.columns}>
      <Panel
        title={
          <span className={c.counts}>
            <Counts counts={report.counts} />
          </span>
        }
        note={note}
        action={again}
        flush
        fill
      >
        <Groups report={report} shown={shown.id} onShow={setWanted} />
        {last}
      </Panel>
      <Panel flush fill>
        <div className={c.scroll}>
          <FindingDetail key={shown.id} {...about} finding={shown} onApply={apply} />
        </div>
      </Panel>
    </div>
  )
}

interface ReportProps {
  service: Service
  report: LintReport
  onAgain: () => void
  isAsking: boolean
}

/** What the linter finds in the service's Compose files, and how to mend it. Asked anew when one comes back to it. */
export default function ComposeTab({ service }: { service: Service }) {
  const query = useQuery(
    api.lint.service.queryOptions({ input: { id: service.id }, staleTime: 0, refetchOnWindowFocus: 'always' }),
  )
  return (
    <Loaded query={query} loading={<Loading rows={8} />}>
      {(report) => (
        <Report service={service} report={report} onAgain={() => void query.refetch()} isAsking={query.isFetching} />
      )}
    </Loaded>
  )
}
