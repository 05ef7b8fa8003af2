import 'uplot/dist/uPlot.min.css'
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import { currentLanguage } from '../../i18n'
import { fillOf, read } from './paint'
import c from './TimeChart.module.css'

export interface ChartLine {
  label: string
  /** One reading a time; null is unknown and leaves a gap. */
  values: readonly (number | null)[]
  token: '--data-1' | '--data-2'
}

interface TimeChartProps {
  /** Unix ms, ascending. */
  times: readonly number[]
  lines: readonly ChartLine[]
  /** What is shown, up to now, in ms. */
  spanMs: number
  /** 1024 for bytes, so that the axis has round sizes. */
  base?: 10 | 1024
  /** The least that the axis reaches up to. */
  least: number
  /** A limit that the lines are read against. */
  limit?: number | undefined
  height: number
  label: string
  format: (value: number) => string
}

const clock = (at: number) =>
  new Date(at * 1000).toLocaleTimeString(currentLanguage(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

/** The next round number: 1, 2 or 5 times a power of ten, or a power of two. */
function roundUp(value: number, base: 10 | 1024): number {
  if (base === 1024) return 2 ** Math.ceil(Math.log2(value))
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value
}

/** Lines over minutes or hours, with the time of day below. Gaps stay gaps. */
export function TimeChart(props: TimeChartProps) {
  const { times, lines, spanMs, least, limit, height, label, format, base = 10 } = props
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(null)
  const scheme = useComputedColorScheme()
  const formatRef = useRef(format)
  const range = useRef({ from: 0, to: 0, max: least })
  const shape = lines.map(({ token }) => token).join(' ')
  const hasLimit = limit !== undefined

  useEffect(() => {
    const element = host.current
    if (!element) return
    const text = () => read('--text-3')
    const font = '11px "Inter Variable"'
    const series: uPlot.Series[] = shape.split(' ').map((token, index) => {
      const stroke = () => read(token)
      return {
        stroke,
        width: 1.5,
        ...(index === 0 ? { fill: fillOf(stroke) } : { dash: [5, 3] }),
        points: { show: false },
        spanGaps: false,
      }
    })
    if (hasLimit) series.push({ stroke: text, width: 1, dash: [3, 3], points: { show: false } })
    const made = new uPlot(
      {
        width: element.clientWidth,
        height,
        series: [{}, ...series],
        legend: { show: false },
        cursor: { show: false },
        padding: [6, 8, 0, 0],
        scales: {
          x: { time: true, range: () => [range.current.from, range.current.to] },
          y: { range: () => [0, range.current.max] },
        },
        axes: [
          {
            stroke: text,
            font,
            size: 22,
            gap: 4,
            grid: { show: false },
            ticks: { show: false },
            space: 90,
            values: (_plot, splits) => splits.map(clock),
          },
          {
            stroke: text,
            font,
            size: 76,
            gap: 6,
            grid: { stroke: () => read('--line'), width: 1 },
            ticks: { show: false },
            splits: () => [0, range.current.max / 2, range.current.max],
            values: (_plot, splits) => splits.map((value) => formatRef.current(value)),
          },
        ],
      },
      [[], ...series.map(() => [])],
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
  }, [shape, hasLimit, height, scheme])

  useEffect(() => {
    formatRef.current = format
    const to = Date.now() / 1000
    const peak = Math.max(least, limit ?? 0, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0)))
    range.current = {
      from: to - spanMs / 1000,
      to,
      max: limit !== undefined && peak <= limit ? limit : roundUp(peak, base),
    }
    plot.current?.setData([
      times.map((at) => at / 1000),
      ...lines.map(({ values }) => [...values]),
      ...(limit === undefined ? [] : [times.map(() => limit)]),
    ])
  }, [times, lines, spanMs, least, limit, height, scheme, shape, format, base])

  return <div ref={host} className={c.chart} style={{ height }} role="img" aria-label={label} />
}
