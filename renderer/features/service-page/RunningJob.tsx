import { Progress } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { useRecentGenerations } from '../gallery/useRecentGenerations'
import { currentJob, fractionOf } from '../services/state'
import c from './RunningJob.module.css'

/** What the service works on now, first on a narrow page; nothing while it is idle. */
export function RunningJob({ service }: { service: Service }) {
  const { t } = useTranslation('services')
  const { running, waiting } = currentJob(useRecentGenerations(), service)
  if (!running) return null
  const { step, steps, phase } = running.progress
  const words = step !== null && steps !== null ? t('job.step', { step, steps }) : t(`job.phase.${phase}`)
  return (
    <div className={c.job}>
      <b>{running.params.prompt}</b>
      <Progress value={fractionOf(running.progress) * 100} size={4} radius={2} aria-label={words} />
      <span className={`num ${c.ends}`}>
        <span>{words}</span>
        <span>{waiting > 0 ? t('job.more', { count: waiting }) : t('job.last')}</span>
      </span>
    </div>
  )
}
