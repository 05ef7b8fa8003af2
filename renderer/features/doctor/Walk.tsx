import { Loader } from '@mantine/core'
import { IconCheck, IconCircleDashed, IconMinus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Diagnosis, DoctorStep } from '../../../shared/contract'
import c from './Doctor.module.css'

function StepIcon({ state }: { state: DoctorStep['state'] }) {
  switch (state) {
    case 'waiting':
      return <IconCircleDashed size={15} aria-hidden />
    case 'running':
      return <Loader size={13} aria-hidden />
    case 'done':
      return <IconCheck size={15} className={c.good} aria-hidden />
    case 'skipped':
      return <IconMinus size={15} aria-hidden />
  }
}

/** What is being looked at, while it is. */
export function Walk({ diagnosis }: { diagnosis: Diagnosis }) {
  const { t } = useTranslation('doctor')
  return (
    <ol className={c.steps} aria-label={t('steps')} aria-live="polite">
      {diagnosis.steps.map(({ id, state, tookMs }) => (
        <li key={id} data-state={state}>
          <StepIcon state={state} />
          <span>{t(`step.${id}`)}</span>
          {tookMs !== null && <small className="num">{t('ms', { ms: tookMs })}</small>}
        </li>
      ))}
    </ol>
  )
}
