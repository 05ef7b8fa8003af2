import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { UsageAnswer } from '../../../shared/contract'
import { formatDuration, formatInteger } from '../../i18n/format'
import { changeOf, refusedOf } from './model'
import { changed, daysName, gpuTime, monthOnly } from './words'
import { useRowName } from './useRowName'
import c from './Usage.module.css'

function Figure({ label, value, unit, below }: { label: string; value: string; unit?: string; below: ReactNode }) {
  return (
    <div className={c.figure}>
      <dt>{label}</dt>
      <dd className={`num ${c.value}`}>
        {value} {unit !== undefined && <small>{unit}</small>}
      </dd>
      <dd className={`num ${c.below}`}>{below}</dd>
    </div>
  )
}

const joined = (...parts: (string | null)[]) => parts.filter((part) => part !== null).join(', ')

/** The month in five figures, each against the same days of the month before. */
export function Figures({ answer, before }: { answer: UsageAnswer; before: UsageAnswer | undefined }) {
  const { t } = useTranslation('usage')
  const nameOf = useRowName()
  const { total, medianWaitMs } = answer
  const than = (now: number | null, then: number | null | undefined) => {
    const change = changeOf(now, then ?? null)
    return change === null ? null : changed(t, change)
  }
  const gpu = total.gpuSeconds === null ? null : gpuTime(t, total.gpuSeconds)
  const gpuChange = than(total.gpuSeconds, before?.total.gpuSeconds)
  const refused = refusedOf(answer.rows).slice(0, 2)
  const waited = before?.medianWaitMs ?? null
  return (
    <dl className={c.figures}>
      <Figure
        label={t('figure.gpu')}
        value={gpu?.number ?? t('unknown')}
        {...(gpu && { unit: gpu.unit })}
        below={joined(
          gpuChange !== null && before ? t('against', { change: gpuChange, days: daysName(before) }) : null,
          total.unknownJobs > 0 ? t('unknownJobs', { count: total.unknownJobs }) : null,
        )}
      />
      <Figure
        label={t('figure.images')}
        value={formatInteger(total.images)}
        below={than(total.images, before?.total.images)}
      />
      <Figure
        label={t('figure.jobs')}
        value={formatInteger(total.jobs)}
        below={joined(
          than(total.jobs, before?.total.jobs),
          total.failed > 0 ? t('failed', { count: total.failed }) : null,
        )}
      />
      <Figure
        label={t('figure.wait')}
        value={medianWaitMs === null ? t('none') : formatDuration(medianWaitMs)}
        below={
          waited !== null && before
            ? t('waitBefore', { time: formatDuration(waited), month: monthOnly(before.from.slice(0, 7)) })
            : null
        }
      />
      <Figure
        label={t('figure.refused')}
        value={formatInteger(total.refused)}
        below={joined(...refused.map((row) => `${nameOf(row)} ${formatInteger(row.figures.refused)}`))}
      />
    </dl>
  )
}
