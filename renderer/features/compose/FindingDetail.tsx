import '@mantine/core/styles/Radio.css'
import { Button, Radio } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LintFinding, LintFix } from '../../../shared/contract'
import { Diff, Excerpt } from './Diff'
import { SeverityIcon } from './severity'
import { useIsAdmin } from '../../api/useSession'
import { describeReason } from '../../i18n'
import { hrefOf } from '../../ui/route'
import c from './Compose.module.css'

interface FindingDetailProps {
  serviceId: string
  finding: LintFinding
  onApply: (fix: LintFix) => void
  isApplying: boolean
}

function Change({ fix }: { fix: LintFix }) {
  const { t } = useTranslation('lint')
  const hidesSecrets = fix.diffs.some(({ hunks }) =>
    hunks.some(({ lines }) => lines.some(({ text }) => text.includes('•••'))),
  )
  return (
    <div>
      <h3>{t('change')}</h3>
      {fix.diffs.map((diff) => (
        <div key={diff.file}>
          <span className={`mono ${c.file}`}>{diff.name}</span>
          <Diff diff={diff} />
        </div>
      ))}
      {fix.folders.map((folder) => (
        <p key={folder}>
          {t('newFolder')} <span className="mono">{folder}</span>
        </p>
      ))}
      {hidesSecrets && <p>{t('secretsHidden')}</p>}
    </div>
  )
}

/** The ways to mend a finding: one is chosen and shown whole before it is applied. */
function Fixes({ serviceId, finding, onApply, isApplying }: FindingDetailProps) {
  const { t } = useTranslation('lint')
  const isAdmin = useIsAdmin()
  const [chosenId, setChosenId] = useState(finding.fixes[0]?.id ?? '')
  const fix = finding.fixes.find(({ id }) => id === chosenId) ?? finding.fixes[0]
  if (!fix && finding.rule === 'windows-drive')
    return (
      <Button variant="light" component="a" href={hrefOf('services', serviceId, 'container')}>
        {t('toModels')}
      </Button>
    )
  if (!fix) return <p>{t('byHand')}</p>
  const words = describeReason(fix.reason)
  return (
    <div className={c.fix}>
      {finding.fixes.length > 1 ? (
        <Radio.Group label={t('choose')} value={fix.id} onChange={setChosenId}>
          {finding.fixes.map(({ id, reason }) => (
            <Radio key={id} value={id} label={describeReason(reason).message} mt={6} />
          ))}
        </Radio.Group>
      ) : (
        <p>
          <b>{words.message}</b>
        </p>
      )}
      <p>{words.hint}</p>
      <Change fix={fix} />
      <div className={c.foot}>
        <Button variant="light" onClick={() => onApply(fix)} disabled={!isAdmin} loading={isApplying}>
          {t('apply')}
        </Button>
        <span>{isAdmin ? t(`needs.${fix.needs}`) : t('adminOnly')}</span>
      </div>
    </div>
  )
}

/** One finding: what, where, why, and its change before it is made. */
export function FindingDetail(props: FindingDetailProps) {
  const { t } = useTranslation('lint')
  const { finding } = props
  const { message, hint } = describeReason(finding.reason)
  return (
    <div className={c.detail}>
      <h2>
        <SeverityIcon of={finding.severity} />
        <span>
          <span className="visually-hidden">{t(`severity.${finding.severity}`)}: </span>
          {message}
        </span>
      </h2>
      <div>
        <h3>{t('why')}</h3>
        <p>{hint}</p>
      </div>
      <div>
        <h3>
          {t('place')}: <span className="mono">{`${finding.name}:${finding.line}:${finding.column}`}</span>
        </h3>
        <Excerpt excerpt={finding.excerpt} line={finding.line} label={t('lines', { name: finding.name })} />
      </div>
      <div>
        <h3>{t('mend')}</h3>
        <Fixes {...props} />
      </div>
    </div>
  )
}
