import { useTranslation } from 'react-i18next'
import type { OperationProgress, Service } from '../../../shared/contract'
import { useLastKnown } from './seen'
import { Age, Ago } from '../../ui/Ago'
import { currentStep } from './operation'
import c from './ServiceCard.module.css'

/** What is being done to the service: its step now, and for how long it has gone on. */
export function StepLines({ service, progress }: { service: Service; progress: OperationProgress }) {
  const { t } = useTranslation('operations')
  const step = currentStep(progress)
  const running = t(`running.${service.operation ?? 'start'}`)
  return (
    <>
      <span className={c.jobLine}>
        <span className="ellipsis">{step?.title ?? (service.runtime === 'compose' ? t('panel.begins') : running)}</span>
        <span className={c.jobStep}>
          <Age since={progress.startedAt} />
        </span>
      </span>
      {step && (
        <span className="dim ellipsis" title={step.detail ?? undefined}>
          {step.detail ?? running}
        </span>
      )}
    </>
  )
}

/** How a service stood before Docker fell silent. */
export function LastKnownLine({ id }: { id: string }) {
  const { t } = useTranslation(['operations', 'common'])
  const last = useLastKnown(id)
  return (
    <span className="dim">
      {last ? (
        <>
          {t('unseen.lastKnown', { state: t(`common:status.${last.state}`) })}, <Ago at={last.at} />
        </>
      ) : (
        t('unseen.never')
      )}
    </span>
  )
}
