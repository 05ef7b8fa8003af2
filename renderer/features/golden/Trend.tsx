import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Golden } from '../../../shared/contract'
import { formatDay, formatDuration, formatMiB, formatRatio } from '../../i18n/format'
import { Chart } from '../../ui/chart/Chart'
import { topOf } from '../../ui/chart/scale'
import { useNow } from '../../ui/useNow'
import { Panel } from '../../ui/Panel'
import { linesOf, marksOf, trends, type Mark, type TrendId } from './view'
import c from './Golden.module.css'

const dayMs = 24 * 3_600_000
const spanMs = 30 * dayMs
const axisWidth = 62

const formats: Record<TrendId, (value: number) => string> = {
  time: formatDuration,
  step: formatDuration,
  vram: formatMiB,
  similarity: formatRatio,
}

/** What the flags above the chart stand for. */
function Marks({ marks, limit, percent }: { marks: readonly Mark[]; limit: number | undefined; percent: number }) {
  const { t } = useTranslation('golden')
  return (
    <ul className={c.marks}>
      {marks.map(({ at, what, value }, index) => (
        <li key={`${at} ${what}`}>
          <b data-warn={what === 'slower' || undefined}>{index + 1}</b>
          {t(`trend.mark.${what}`, { value })}
          <time>{formatDay(at)}</time>
        </li>
      ))}
      {limit !== undefined && (
        <li className={c.limit}>{t('trend.limit', { percent, value: formatDuration(limit) })}</li>
      )}
    </ul>
  )
}

/** The last thirty days as lines, with what changed meanwhile. The list beside it holds the same figures. */
export function Trend({ golden: { checks, slowerLimitPct, golden } }: { golden: Golden }) {
  const { t } = useTranslation('golden')
  const [of, setOf] = useState<TrendId>('time')
  const now = useNow(60_000)
  // By their times: a clock may have been set between two of them.
  const drawn = checks.filter(({ made }) => made !== null).toSorted((a, b) => a.startedAt - b.startedAt)
  const marks = marksOf(checks, slowerLimitPct).filter(({ at }) => now - at < spanMs)
  const values = linesOf[of].map((line) => drawn.map(line))
  const limit = of === 'time' && golden?.warmMs ? golden.warmMs * (1 + slowerLimitPct / 100) : undefined
  const top = of === 'similarity' ? 1 : topOf(values, limit ?? 1, of === 'vram' ? 1024 : 10)
  return (
    <Panel
      title={t('trend.title')}
      note={t(of === 'time' ? 'trend.lines' : `trend.note.${of}`)}
      action={
        <SegmentedControl
          className={c.choices}
          size="xs"
          aria-label={t('trend.choose')}
          value={of}
          onChange={(chosen) => setOf(trends.find((one) => one === chosen) ?? 'time')}
          data={trends.map((value) => ({ value, label: t(`trend.of.${value}`) }))}
        />
      }
      className={c.wraps}
      flush
    >
      <div className={c.trend}>
        <div className={c.flags} style={{ marginLeft: axisWidth }} aria-hidden>
          {marks.map(({ at, what }, index) => (
            <b
              key={`${at} ${what}`}
              data-warn={what === 'slower' || undefined}
              style={{ left: `${100 * (1 - (now - at) / spanMs)}%` }}
            >
              {index + 1}
            </b>
          ))}
        </div>
        <Chart
          times={drawn.map(({ startedAt }) => startedAt)}
          lines={values.map((line, index) => ({ values: line, token: index === 0 ? '--data-1' : '--data-2' }))}
          spanMs={spanMs}
          end={now}
          min={0}
          max={top}
          limit={limit}
          axes={{ width: axisWidth, format: formats[of], times: formatDay }}
          points
          height={196}
          label={t('trend.label', { what: t(`trend.of.${of}`), count: drawn.length })}
        />
      </div>
      <Marks marks={marks} limit={limit} percent={slowerLimitPct} />
    </Panel>
  )
}
