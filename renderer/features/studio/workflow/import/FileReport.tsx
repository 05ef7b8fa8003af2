import { IconCheck, IconFileOff, IconLoader2, IconMinus, IconPhoto, IconSchema } from '@tabler/icons-react'
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { largestWorkflowBytes, type WorkflowReport } from '../../../../../shared/contract'
import { Failure } from '../../../../api/Failure'
import { describeReason } from '../../../../i18n'
import { formatBytes } from '../../../../i18n/format'
import { StatusPill } from '../../../../ui/Status'
import c from './Import.module.css'
import { useLines } from './lines'
import { isImportable, type ReadFile } from '../model/files'

/** One file: what it is, what stands in it, and whether it is imported. */
export function FileReport({ of }: { of: ReadFile }) {
  const { t } = useTranslation('workflow')
  const { file, state } = of
  return (
    <li className={c.file} data-report>
      <span className={c.icon}>
        <Icon of={of} />
      </span>
      <div className={c.top}>
        <div className={c.name}>
          <b className="ellipsis" title={file.name}>
            {file.name}
          </b>
          <p className={c.sub}>{state.type === 'read' ? <About report={state.report} /> : formatBytes(file.size)}</p>
        </div>
        <Verdict of={of} />
      </div>
      <div className={c.told}>
        {state.type === 'failed' && <Failure error={state.error} />}
        {state.type === 'too-large' && (
          <p className={c.refusal}>{t('report.tooLarge', { size: formatBytes(largestWorkflowBytes) })}</p>
        )}
        {state.type === 'read' &&
          (state.report.verdict === 'refused' ? <Refusal report={state.report} /> : <Lines report={state.report} />)}
      </div>
    </li>
  )
}

function Icon({ of: { file, state } }: { of: ReadFile }) {
  const url = useMemo(() => (file.type.startsWith('image/') ? URL.createObjectURL(file) : null), [file])
  useEffect(
    () => () => {
      if (url !== null) URL.revokeObjectURL(url)
    },
    [url],
  )
  if (state.type === 'reading') return <IconLoader2 size={20} stroke={1.6} className="turning" aria-hidden />
  if (state.type !== 'read' || state.report.verdict === 'refused')
    return <IconFileOff size={20} stroke={1.6} aria-hidden />
  if (url !== null) return <img src={url} alt="" />
  return state.report.format === 'image' ? (
    <IconPhoto size={20} stroke={1.6} aria-hidden />
  ) : (
    <IconSchema size={20} stroke={1.6} aria-hidden />
  )
}

function Verdict({ of }: { of: ReadFile }) {
  const { t } = useTranslation('workflow')
  const { state } = of
  if (state.type === 'reading') return <StatusPill of="probing" word={t('report.reading')} />
  if (state.type === 'failed' || state.type === 'too-large') return <StatusPill of="failed" word={t('report.failed')} />
  const { verdict, missing } = state.report
  if (verdict === 'refused') return <StatusPill of="refused" />
  if (!isImportable(of)) return <StatusPill of="notice" word={t('report.same')} />
  if (verdict === 'missing') return <StatusPill of="warning" word={t('report.missing', { count: missing.length })} />
  return <StatusPill of="ready" word={t('report.recognised')} />
}

/** What kind of file it is, and what it becomes. */
function About({ report }: { report: WorkflowReport }) {
  const { t } = useTranslation('workflow')
  const { format, formatVersion, bytes, replaces, nodes, verdict } = report
  const known = t(`format.${format}`)
  const parts = [
    // Of what is no workflow, nobody knows which kind it is not.
    verdict === 'refused' && nodes === 0
      ? null
      : formatVersion === null
        ? known
        : t('report.format', { format: known, version: formatVersion }),
    formatBytes(bytes),
    verdict === 'refused' && nodes > 0 ? t('report.nodes', { count: nodes }) : null,
  ].filter((part) => part !== null)
  if (!replaces || verdict === 'refused') return parts.join(', ')
  const { version, same } = replaces
  return `${parts.join(', ')}; ${same ? t('report.sameAs', { version }) : t('report.replaces', { version, next: version + 1 })}`
}

function Lines({ report }: { report: WorkflowReport }) {
  const lines = useLines(report)
  return (
    <dl className={c.lines}>
      {lines.map(({ key, isOut, name, text }) => (
        <div key={key}>
          {isOut ? (
            <IconMinus size={14} color="var(--warn)" aria-hidden />
          ) : (
            <IconCheck size={14} color="var(--text-3)" aria-hidden />
          )}
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Why nothing of a file is imported: each node by number, name and reason, and what to do. */
function Refusal({ report }: { report: WorkflowReport }) {
  const { t } = useTranslation('workflow')
  const { refused, nodes, reason } = report
  const whole = reason && describeReason(reason)
  const told = refused.map(({ node, title, reason: why }) => ({ node, title, ...describeReason(why) }))
  const fixes = [...new Set([...(whole ? [whole.hint] : []), ...told.map(({ hint }) => hint)])].filter(Boolean)
  return (
    <div className={c.refusal}>
      {refused.length > 0 ? (
        <>
          <b>{t('report.refused', { count: refused.length, of: nodes })}</b>
          <p>{t('report.neverHalf')}</p>
          <ul>
            {told.map(({ node, title, message }) => (
              <li key={node}>
                <span className="num">{t('report.node', { node })}</span>
                <b>{title}</b>
                <span>{message}</span>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <b>{whole?.message ?? t('report.notOne')}</b>
      )}
      {fixes.length > 0 && (
        <p className={c.fix}>
          <b>{t('report.fix')}</b> {fixes.join(' ')}
        </p>
      )}
    </div>
  )
}
