import { IconCheck, IconLoader2, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { RotationStep } from '../../../../shared/contract'
import { describeLine } from '../../../i18n'
import { formatDuration } from '../../../i18n/format'
import { splitPath } from '../fingerprint/groups'
import c from './Rotation.module.css'

function StepNode({ state, number }: { state: RotationStep['state']; number: number }) {
  switch (state) {
    case 'done':
      return (
        <span className={c.done}>
          <IconCheck size={13} stroke={2.5} aria-hidden />
        </span>
      )
    case 'running':
      return (
        <span className={c.running}>
          <IconLoader2 size={20} className="turning" aria-hidden />
        </span>
      )
    case 'failed':
      return (
        <span className={c.failed}>
          <IconX size={13} stroke={2.5} aria-hidden />
        </span>
      )
    case 'waiting':
      return <span className={c.waiting}>{number}</span>
  }
}

/** A transaction, step by step. Each step keeps its evidence; the reader can stop at the title. */
export function Stepper({ steps }: { steps: readonly RotationStep[] }) {
  const { t } = useTranslation('credentials')
  return (
    <ol className={c.steps}>
      {steps.map((step, index) => (
        <li
          key={step.id}
          className={c.step}
          data-state={step.state}
          aria-current={step.state === 'running' ? 'step' : undefined}
        >
          <StepNode state={step.state} number={index + 1} />
          <div className={c.stepText}>
            <div className={c.stepHead}>
              <h3>
                {t(`rotation.steps.${step.id}`)}
                <span className="visually-hidden">, {t(`rotation.stepState.${step.state}`)}</span>
              </h3>
              {step.tookMs !== null && <span>{formatDuration(step.tookMs)}</span>}
            </div>
            <StepLines step={step} />
          </div>
        </li>
      ))}
    </ol>
  )
}

function StepLines({ step }: { step: RotationStep }) {
  const { t } = useTranslation('credentials')
  if (step.lines.length === 0 && step.state === 'waiting') return <p>{t(`rotation.ahead.${step.id}`)}</p>
  return step.lines.map((line, index) => {
    const { params, text, written } = line
    return (
      <p key={index} data-path={written || undefined} title={written ? text : undefined}>
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
