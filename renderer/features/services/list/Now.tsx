import type { Generation, Service } from '../../../../shared/contract'
import { describeReason } from '../../../i18n'
import { toneOf } from '../../../ui/Status'
import { currentStep } from '../operation'
import { fractionOf, reasonOf, statusOf } from '../state'
import type { Doing } from './useListFacts'
import { useWords } from './words'
import c from './Rows.module.css'

interface NowProps extends Doing {
  service: Service
}

function Job({ job, waiting }: { job: Generation; waiting: number }) {
  const t = useWords()
  const { step, steps, phase } = job.progress
  return (
    <span className={c.now}>
      <span className={c.job}>
        <span className={`ellipsis ${c.prompt}`}>{job.params.prompt}</span>
        <span className={c.step}>
          {step !== null && steps !== null ? t('services:job.step', { step, steps }) : t(`services:job.phase.${phase}`)}
          {waiting > 0 && (
            <span className={c.waiting} title={t('waiting', { count: waiting })}>
              +{waiting}
            </span>
          )}
        </span>
      </span>
      <span className={c.track} aria-hidden>
        <i style={{ width: `${fractionOf(job.progress) * 100}%` }} />
      </span>
    </span>
  )
}

/** What a service does now in a few words; empty where its state says all. */
function useNowWords({ service, waiting, isOthers, isAsleep, waits }: Omit<NowProps, 'job'>): string {
  const t = useWords()
  const { operation, progress, health } = service
  if (waits !== '') return waits
  if (operation !== null && progress) return currentStep(progress)?.title ?? ''
  if (health.state === 'ready') {
    if (isOthers) return t('othersJob')
    return waiting > 0 ? t('waiting', { count: waiting }) : t('services:job.none')
  }
  if (isAsleep) return t(service.idle.wake ? 'asleepWakes' : 'asleep')
  const reason = reasonOf(service)
  if (!reason || reason.problem === 'service.stopped') return ''
  const { message } = describeReason(reason)
  return waiting > 0 ? `${message} ${t('waitForIt', { count: waiting })}` : message
}

/** What a service does now: the job with its progress, or why it does nothing. */
export function Now(props: NowProps) {
  const words = useNowWords(props)
  if (props.job) return <Job job={props.job} waiting={props.waiting} />
  return (
    <span
      className={`ellipsis ${c.quiet}`}
      data-tone={props.waits === '' ? toneOf(statusOf(props.service)) : 'active'}
      title={words}
    >
      {words}
    </span>
  )
}
