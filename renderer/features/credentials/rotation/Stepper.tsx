import { useTranslation } from 'react-i18next'
import type { RotationStep } from '../../../../shared/contract'
import { describeLine } from '../../../i18n'
import { formatDuration } from '../../../i18n/format'
import { Steps } from '../../../ui/Steps'
import { splitPath } from '../fingerprint/groups'
import c from './Rotation.module.css'

/** A rotation's steps with what each wrote and found. */
export function Stepper({ steps }: { steps: readonly RotationStep[] }) {
  const { t } = useTranslation('credentials')
  return (
    <Steps
      steps={steps.map((step) => ({
        ...{ id: step.id, state: step.state, title: t(`rotation.steps.${step.id}`) },
        word: t(`rotation.stepState.${step.state}`),
        took: step.tookMs === null ? null : formatDuration(step.tookMs),
        evidence: <StepLines step={step} />,
      }))}
    />
  )
}

function StepLines({ step }: { step: RotationStep }) {
  const { t } = useTranslation('credentials')
  if (step.lines.length === 0 && step.state === 'waiting') return <p>{t(`rotation.ahead.${step.id}`)}</p>
  return step.lines.map((line, index) => {
    const { params, text, written } = line
    return (
      <p key={index} className={written ? c.written : undefined} title={written ? text : undefined}>
        {written && typeof params['path'] === 'string' ? (
          <WrittenPath path={params['path']} variable={params['key']} />
        ) : (
          describeLine('credentials', `rotation.lines.${line.line}`, line)
        )}
      </p>
    )
  })
}

/** The folder gives way to the file's own name. */
function WrittenPath({ path, variable }: { path: string; variable: string | number | undefined }) {
  const { folder, name } = splitPath(path)
  return (
    <span className={c.path}>
      <span>{folder}</span>
      <b>
        {name}
        {variable !== undefined && `, ${variable}`}
      </b>
    </span>
  )
}
