import 'uplot/dist/uPlot.min.css'
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import uPlot from 'uplot'
import { fillOf, read } from '../../ui/chart/paint'
import c from './Chart.module.css'

export interface ChartProps {
  /** Unix ms, ascending. */
  times: readonly number[]
  /** One reading a time; null is unknown and leaves a gap. */
  values: readonly (number | null)[]
  min: number
  max: number
  height: number
  /** A limit that the line is read against, e.g. the power cap. */
  limit?: number | undefined
  axes?: boolean
  token?: '--data-1' | '--data-2'
  label: string
}

const spanS = 120

type Options = Pick<ChartProps, 'min' | 'max' | 'height' | 'axes' | 'token' | 'limit'> & { minuteAgo: string }

function axesOf({ min, max, minuteAgo }: Options): uPlot.Axis[] {
  const text = () => read('--text-3')
  const font = '11px "Inter Variable"'
  return [
    {
      stroke: text,
      font,
      size: 20,
      gap: 4,
      grid: { show: false },
      ticks: { show: false },
      splits: () => [-spanS, -spanS / 2, 0],
      values: () => ['', minuteAgo, ''],
    },
    {
      stroke: text,
      font,
      size: 34,
      gap: 6,
      grid: { stroke: () => read('--line'), width: 1 },
      ticks: { show: false },
      splits: () => [min, (min + max) / 2, max],
      values: (_plot, splits) => splits.map(String),
    },
  ]
}

/** Colours are functions of the tokens. */
function plotOptions(options: Options, width: number): uPlot.Options {
  const { min, max, height, axes, token = '--data-1', limit } = options
  const stroke = () => read(token)
  const series: uPlot.Series[] = [
    {},
    { stroke, width: 1.5, fill: fillOf(stroke), points: { show: false }, spanGaps: false },
  ]
  if (limit !== undefined)
    series.push({ stroke: () => read('--text-3'), width: 1, dash: [3, 3], points: { show: false } })
  return {
    width,
    height,
    series,
    legend: { show: false },
    cursor: { show: false },
    padding: axes ? [6, 0, 0, 0] : [2, 0, 1, 0],
    scales: { x: { time: false, range: [-spanS, 0] }, y: { range: [min, max] } },
    axes: axes ? axesOf(options) : [{ show: false }, { show: false }],
  }
}

/** A live line: two minutes, one sample a second. Gaps stay gaps; unknown is never drawn as zero. */
export default function Chart({ times, values, min, max, height, limit, axes = false, token, label }: ChartProps) {
  const { t } = useTranslation('gpus')
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(null)
  const scheme = useComputedColorScheme()
  const minuteAgo = t('minuteAgo')

  useEffect(() => {
    const element = host.current
    if (!element) return
    const options = { min, max, height, axes, limit, minuteAgo, ...(token && { token }) }
    const made = new uPlot(
      plotOptions(options, element.clientWidth),
      [[], [], ...(limit === undefined ? [] : [[]])],
      element,
    )
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [min, max, height, limit, axes, token, scheme, minuteAgo])

  useEffect(() => {
    const end = times.at(-1) ?? 0
    const seconds = times.map((at) => (at - end) / 1000)
    const limits = limit === undefined ? [] : [seconds.map(() => limit)]
    plot.current?.setData([seconds, [...values], ...limits])
  }, [times, values, min, max, height, limit, axes, token, scheme, minuteAgo])

  return <div ref={host} className={c.chart} style={{ height }} role="img" aria-label={label} />
}
