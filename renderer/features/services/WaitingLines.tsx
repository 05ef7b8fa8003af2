import { useTranslation } from 'react-i18next'
import type { Service, TimelineEntry } from '../../../shared/contract'
import { describeReason } from '../../i18n'
import c from './ServiceCard.module.css'
import type { Waits } from './waits'
import { useWaitWords } from './wait-words'

/** That Regie put a service to sleep, why, and whether what is asked of it wakes it. */
export function AsleepLines({ service, why }: { service: Service; why: NonNullable<TimelineEntry['reason']> }) {
  const { t } = useTranslation('waiting')
  return (
    <>
      <span className={c.jobLine}>{t(service.idle.wake ? 'asleepWakes' : 'asleep')}</span>
      <span className="dim">{describeReason(why).message}</span>
    </>
  )
}

/** That a request wakes a service, and what waits for it. */
export function WaitingLine({ waits }: { waits: Waits }) {
  const words = useWaitWords()(waits)
  return (
    <span role="status" className={c.waits}>
      {words.map((one) => (
        <span key={one}>{one}</span>
      ))}
    </span>
  )
}
