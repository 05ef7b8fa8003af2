import { Button } from '@mantine/core'
import { IconRotate } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { LeakFinding, LeakScan } from '../../../shared/contract'
import { Ago } from '../../ui/Ago'
import { Fingerprint } from '../../ui/Fingerprint'
import { Panel } from '../../ui/Panel'
import { StatusIcon, type StatusKey } from '../../ui/Status'
import { hrefOf } from '../../ui/route'
import { formatInteger, formatList } from '../../i18n/format'
import { below, groupFindings } from './groups'
import c from './Leaks.module.css'

const icons: Record<LeakFinding['severity'], StatusKey> = {
  danger: 'failed',
  warning: 'warning',
  notice: 'notice',
  expected: 'in-sync',
}

/** What was found, by source, the worst first. */
export function Findings({ scan }: { scan: LeakScan }) {
  const { t } = useTranslation('leaks')
  const { groups, expected } = groupFindings(scan.findings)
  return (
    <>
      {groups.map(({ id, findings }) => (
        <Panel key={id} flush title={t(`group.${id}`)} note={formatInteger(findings.length)}>
          <Table findings={findings} folder={scan.folder} label={t(`group.${id}`)} />
        </Panel>
      ))}
      {scan.unlisted > 0 && <p className={c.note}>{t('unlisted', { count: scan.unlisted })}</p>}
      {expected.length > 0 && (
        <Panel flush title={t('expected.title')} note={formatInteger(expected.length)}>
          <p className={c.groupText}>{t('expected.text')}</p>
          <Table findings={expected} folder={scan.folder} label={t('expected.title')} />
        </Panel>
      )}
    </>
  )
}

interface TableProps {
  findings: LeakFinding[]
  /** The scanned one, which need not be said in every row. */
  folder: string | null
  label: string
}

function Table({ findings, folder, label }: TableProps) {
  const { t } = useTranslation('leaks')
  return (
    <table className={c.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t('column.where')}</th>
          <th scope="col">{t('column.whose')}</th>
          <th scope="col" className={c.spelling}>
            {t('column.spelling')}
          </th>
          <th scope="col" aria-label={t('column.action')} />
        </tr>
      </thead>
      <tbody>
        {findings.map((finding) => (
          <Row key={finding.id} finding={finding} folder={folder} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ finding, folder }: { finding: LeakFinding; folder: string | null }) {
  const { t } = useTranslation(['leaks', 'credentials'])
  const { credentialId, field, fingerprint, generation, severity, spelling, utf16, weight } = finding
  const whose = `${credentialId} ${t(`credentials:field.${field}`)}`
  return (
    <tr>
      <td>
        <div className={c.place}>
          <StatusIcon of={icons[severity]} size={16} />
          <div className={c.placeText}>
            <Where finding={finding} folder={folder} />
            <p>
              <b data-severity={severity}>{t(`severity.${severity}`)}</b> {t(`weight.${weight}`)}
            </p>
          </div>
        </div>
      </td>
      <td>
        <a className={c.credential} href={hrefOf('credentials', credentialId)}>
          {credentialId}
        </a>
        <span className={c.small}>
          {t(`credentials:field.${field}`)}, {t(`generation.${generation}`)}
        </span>
        <Fingerprint hex={fingerprint} of={whose} />
      </td>
      <td className={c.spelling}>
        {t(`spelling.${spelling}`)}
        {utf16 && <span className={c.small}>{t('utf16')}</span>}
      </td>
      <td>
        {(severity === 'danger' || severity === 'warning') && (
          <Button
            component="a"
            href={hrefOf('credentials', credentialId)}
            size="compact-sm"
            variant="default"
            leftSection={<IconRotate size={14} stroke={1.6} />}
            aria-label={t('rotateOf', { id: credentialId })}
          >
            {t('rotate')}
          </Button>
        )}
      </td>
    </tr>
  )
}

function Where({ finding, folder }: { finding: LeakFinding; folder: string | null }) {
  const { t } = useTranslation('leaks')
  const { kind, where, part, lines, count, commits, commitCount } = finding
  const [newest] = commits
  const facts = [
    ...(lines.length > 0 ? [t('lines', { count: lines.length, list: formatList(lines.map(formatInteger)) })] : []),
    ...(count > Math.max(1, lines.length) ? [t('times', { count })] : []),
    ...(commitCount > 0 ? [t('commits', { count: commitCount })] : []),
  ]
  return (
    <>
      <span className={c.path} title={where}>
        {below(folder, where)}
      </span>
      {part !== null && <span className={c.part}>{t(`part.${kind}`, { part })}</span>}
      {(facts.length > 0 || newest) && (
        <span className={c.facts}>
          {facts.join(' · ')}
          {newest && (
            <>
              {' · '}
              <code title={newest.id}>{newest.id.slice(0, 10)}</code> <Ago at={newest.at} />
            </>
          )}
        </span>
      )}
    </>
  )
}
