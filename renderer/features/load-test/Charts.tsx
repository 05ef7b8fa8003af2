import type { TFunction } from 'i18next'
import { Fragment, useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { LoadTestReport } from '../../../shared/contract'
import { formatGiBNumber, formatInteger, formatTenths } from '../../i18n/format'
import { Chart } from '../../ui/chart/Chart'
import { topOf } from '../../ui/chart/scale'
import { formatInto } from './view'
import c from './LoadTest.module.css'

const axisWidth = 58
const untold = () => ''

interface OneChart {
  title: string
  note: string
  aside?: ReactNode
  times: readonly number[]
  lines: readonly (readonly (number | null)[])[]
  max: number
  format: (value: number) => string
}

/** One line says which colour and stroke means what. */
function Key() {
  return (
    <span className={c.key} aria-hidden>
      <i /> p50 <i data-second /> p95
    </span>
  )
}

const seconds = (line: readonly (number | null)[]) => line.map((ms) => (ms === null ? null : ms / 1000))

/** The card is looked at once a second: what was seen last stands for that long, and one look alone is a line too. */
const lookMs = 1000

/** The card's memory, where it was to be seen. */
function vramOf({ vram: seen, figures }: LoadTestReport, t: TFunction<'load'>): OneChart[] {
  const { vramTotalMiB, elapsedMs } = figures
  const last = seen.at(-1)
  if (!last) return []
  const vram = [...seen, { ...last, atMs: Math.max(last.atMs, Math.min(elapsedMs, last.atMs + lookMs)) }]
  const held = vram.map(({ mib }) => mib)
  return [
    {
      title: t('chart.vram'),
      note: vramTotalMiB === null ? '' : t('chart.vramNote', { total: formatGiBNumber(vramTotalMiB) }),
      ...{ times: vram.map(({ atMs }) => atMs), lines: [held], max: vramTotalMiB ?? topOf([held], 1024, 1024) },
      format: (value) => `${formatGiBNumber(value)} ${t('figure.gib')}`,
    },
  ]
}

/** What is drawn, from top to bottom. */
function chartsOf(report: LoadTestReport, t: TFunction<'load'>): OneChart[] {
  const { series, figures } = report
  const { waitingMean, waitingMost } = figures
  const { times, perMinute, p50, p95, waiting } = series
  return [
    {
      ...{ title: t('chart.throughput'), note: t('chart.throughputNote') },
      ...{ times, lines: [perMinute], max: topOf([perMinute], 1, 10), format: formatTenths },
    },
    {
      ...{ title: t('chart.time'), note: '', aside: <Key />, times },
      ...{ lines: [seconds(p50), seconds(p95)], max: topOf([seconds(p95)], 1, 10) },
      format: (value) => `${formatTenths(value)} ${t('figure.second')}`,
    },
    {
      ...{ title: t('chart.waiting'), note: t('chart.waitingNote'), times, lines: [waiting] },
      ...{ max: topOf([waiting], 2, 10), format: formatTenths },
      aside: waitingMean !== null && waitingMost !== null && (
        <span>{t('chart.waitingMean', { mean: formatTenths(waitingMean), most: formatInteger(waitingMost) })}</span>
      ),
    },
    ...vramOf(report, t),
  ]
}

/** What was measured over time, on one time axis; the first error of each kind is marked through all charts. */
export function Charts({ report }: { report: LoadTestReport }) {
  const { t } = useTranslation('load')
  const { series, vram, figures } = report
  const { elapsedMs, errorsBy } = figures
  const marks = useMemo(() => errorsBy.map(({ firstMs }) => firstMs), [errorsBy])
  if (series.times.length === 0) return <p className={c.text}>{t('chart.none')}</p>
  const charts = chartsOf(report, t)
  const named = errorsBy.map(({ kind, firstMs }) => (
    <span key={kind} className={c.mark}>
      {formatInto(firstMs, elapsedMs)} {t(`errors.kind.${kind}`)}
    </span>
  ))
  return (
    <div className={c.charts}>
      {charts.map(({ title, note, aside, max, format, times, lines }, at) => (
        <Fragment key={title}>
          <div className={c.chartHead}>
            <h3>{title}</h3>
            <span>{note}</span>
            <span className={c.aside}>{at === 0 ? named : aside}</span>
          </div>
          <Chart
            times={times}
            lines={lines.map((values, line) => ({ values, token: line === 0 ? '--data-1' : '--data-2' }))}
            spanMs={elapsedMs}
            end={elapsedMs}
            min={0}
            max={max}
            marks={marks}
            axes={{
              width: axisWidth,
              format,
              times: at === charts.length - 1 ? (ms) => formatInto(ms, elapsedMs) : untold,
            }}
            height={at === charts.length - 1 ? 124 : 106}
            label={t('chart.label', { what: title, time: formatInto(elapsedMs, elapsedMs) })}
          />
        </Fragment>
      ))}
      {vram.length === 0 && <p className={c.text}>{t('chart.noVram')}</p>}
    </div>
  )
}
