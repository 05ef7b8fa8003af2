import { NumberInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Limits } from '../../../shared/contract'
import c from './KeyDialogs.module.css'

/** What a number field holds: nothing means no limit. */
type Field = number | string

const toLimit = (field: Field, factor = 1): number | null =>
  typeof field === 'number' ? Math.round(field * factor) : null

/** Limits as they are being typed, GPU time in minutes. */
export function useLimitFields({ concurrentJobs, jobsPerDay, gpuSecondsPerDay }: Limits) {
  const [atOnce, setAtOnce] = useState<Field>(concurrentJobs ?? '')
  const [jobs, setJobs] = useState<Field>(jobsPerDay ?? '')
  const [gpu, setGpu] = useState<Field>(gpuSecondsPerDay === null ? '' : gpuSecondsPerDay / 60)
  return {
    fields: { atOnce, setAtOnce, jobs, setJobs, gpu, setGpu },
    limits: (): Limits => ({
      concurrentJobs: toLimit(atOnce),
      jobsPerDay: toLimit(jobs),
      gpuSecondsPerDay: toLimit(gpu, 60),
    }),
  }
}

type LimitFieldsProps = ReturnType<typeof useLimitFields>['fields'] & { isFirst?: boolean }

/** A field for each limit. `isFirst`: the dialog begins with them. */
export function LimitFields({ atOnce, setAtOnce, jobs, setJobs, gpu, setGpu, isFirst = false }: LimitFieldsProps) {
  const { t } = useTranslation('keys')
  const field = { min: 0, max: 1_000_000, allowNegative: false, placeholder: t('limits.none') }
  return (
    <div className={c.three}>
      <NumberInput
        {...field}
        allowDecimal={false}
        label={t('limits.atOnce')}
        value={atOnce}
        onChange={setAtOnce}
        {...(isFirst && { 'data-autofocus': true })}
      />
      <NumberInput {...field} allowDecimal={false} label={t('limits.jobs')} value={jobs} onChange={setJobs} />
      <NumberInput {...field} label={t('limits.gpu')} value={gpu} onChange={setGpu} />
    </div>
  )
}
