import 'uplot/dist/uPlot.min.css'
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef, type RefObject } from 'react'
import uPlot from 'uplot'
import { currentLanguage } from '../../i18n'
import { drawMarks, fillOf, hatch, read } from './drawing'
import c from './Plot.module.css'

interface ChartLine {
  /** One reading a time; null is unknown and leaves a gap. */
  values: readonly (number | null)[]
  token: '--data-1' | '--data-2'
}

interface ChartAxes {
  /** Room for the words of the values, in px. */
  width: number
  format: (value: number) => string
  /** In place of the time of day. */
  times?: (at: number) => string
  /** Said below the middle in place of the time of day. */
  middle?: string
}

/** From when to when, Unix ms. */
interface Stretch {
  from: number
  to: number
}

export interface ChartProps {
  /** Unix ms, ascending. */
  times: readonly number[]
  lines: readonly ChartLine[]
  /** How much is shown, in ms, and up to when (Unix ms): up to now where that is left out. */
  spanMs: number
  end?: number | undefined
  min: number
  max: number
  /** A limit that the lines are read against, e.g. the power cap. */
  limit?: number | undefined
  /** Moments that are marked from top to bottom, Unix ms. */
  marks?: readonly number[]
  /** Stretches of which nothing is known, Unix ms: hatched. */
  gaps?: readonly Stretch[]
  /** The lowest and the highest beside the first line, as a band. */
  band?: { low: readonly (number | null)[]; high: readonly (number | null)[] } | undefined
  /** Without them it is a bare line. */
  axes?: ChartAxes
  /** Whether each reading is a dot on the first line, for those that are few. */
  points?: boolean
  height: number
  label: string
}

/** What a plot shows now: it asks for it whenever it is drawn. */
interface View {
  from: number
  to: number
  min: number
  max: number
  axes: ChartAxes | undefined
  marks: readonly number[]
  gaps: readonly Stretch[]
}

const none: readonly never[] = []
const printing = ['beforeprint', 'afterprint'] as const

const clock = (at: number) =>
  new Date(at * 1000).toLocaleTimeString(currentLanguage(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

/** What lies over the lines: where nothing is known, and what is marked. */
function drawOver({ current: { marks, gaps } }: RefObject<View>, plot: uPlot): void {
  const xOf = (at: number) => plot.valToPos(at / 1000, 'x', true)
  for (const { from, to } of gaps) hatch(plot, xOf(from), xOf(to))
  drawMarks(plot, marks.map(xOf))
}

/** A line that is only the edge of a band. */
const edge: uPlot.Series = { points: { show: false }, width: 0 }

const between = (from: number, to: number) => [from, (from + to) / 2, to]

function axesOf(view: RefObject<View>, { width, middle }: Pick<ChartAxes, 'width' | 'middle'>): uPlot.Axis[] {
  const say = (at: number) => view.current.axes?.times?.(at * 1000) ?? clock(at)
  const words = { stroke: () => read('--text-3'), font: '11px "Inter Variable"', ticks: { show: false } }
  const timeOfDay: uPlot.Axis = { size: 22, space: 90, values: (_plot, splits) => splits.map(say) }
  const onlyMiddle: uPlot.Axis = {
    size: 20,
    splits: () => between(view.current.from, view.current.to),
    values: () => ['', view.current.axes?.middle ?? '', ''],
  }
  return [
    { ...words, gap: 4, grid: { show: false }, ...(middle === undefined ? timeOfDay : onlyMiddle) },
    {
      ...words,
      size: width,
      gap: 6,
      grid: { stroke: () => read('--line'), width: 1 },
      splits: () => between(view.current.min, view.current.max),
      values: (_plot, splits) => splits.map((value) => view.current.axes?.format(value) ?? ''),
    },
  ]
}

/** Colours are functions of the tokens. The first line is filled, a second one dashed. */
function seriesOf(tokens: readonly string[], hasLimit: boolean, hasPoints: boolean): uPlot.Series[] {
  const lines = tokens.map((token, index): uPlot.Series => {
    const stroke = () => read(token)
    const look = index === 0 ? { fill: fillOf(stroke) } : { dash: [5, 3] }
    const points = hasPoints && index === 0 ? { show: true, size: 5, fill: stroke } : { show: false }
    return { stroke, width: 1.5, ...look, points, spanGaps: false }
  })
  const limit = { stroke: () => read('--text-3'), width: 1, dash: [3, 3], points: { show: false } }
  return [{}, ...lines, ...(hasLimit ? [limit] : [])]
}

/** Draws it anew at another width, and for paper, where the theme may be another one; the returned function ends it. */
function keepDrawn(plot: uPlot, element: HTMLElement, height: number): () => void {
  const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }))
  observer.observe(element)
  const draw = () => plot.redraw(false)
  for (const event of printing) window.addEventListener(event, draw)
  return () => {
    observer.disconnect()
    for (const event of printing) window.removeEventListener(event, draw)
    plot.destroy()
  }
}

/** Lines over seconds or hours. Gaps stay gaps; unknown is never drawn as zero. */
export default function Plot(props: ChartProps) {
  const { times, lines, spanMs, end, min, max, limit, marks = none, gaps = none } = props
  const { band, axes, points = false, height, label } = props
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(null)
  const view = useRef<View>({ from: 0, to: 0, min, max, axes, marks, gaps })
  const scheme = useComputedColorScheme()
  const tokens = lines.map(({ token }) => token).join(' ')
  const hasLimit = limit !== undefined
  const hasBand = band !== undefined
  const { width, middle } = axes ?? {}

  useEffect(() => {
    const element = host.current
    if (!element) return
    const series = [...seriesOf(tokens.split(' '), hasLimit, points), ...(hasBand ? [edge, edge] : [])]
    const [first = ''] = tokens.split(' ')
    const made = new uPlot(
      {
        width: element.clientWidth,
        height,
        series,
        legend: { show: false },
        cursor: { show: false },
        hooks: { draw: [(drawn) => drawOver(view, drawn)] },
        ...(hasBand && { bands: [{ series: [series.length - 1, series.length - 2], fill: `${read(first)}38` }] }),
        padding: width === undefined ? [2, 0, 1, 0] : [6, middle === undefined ? 8 : 0, 0, 0],
        scales: {
          x: { time: true, range: () => [view.current.from, view.current.to] },
          y: { range: () => [view.current.min, view.current.max] },
        },
        axes:
          width === undefined
            ? [{ show: false }, { show: false }]
            : axesOf(view, { width, ...(middle !== undefined && { middle }) }),
      },
      [[], ...series.slice(1).map(() => [])],
      element,
    )
    plot.current = made
    const stop = keepDrawn(made, element, height)
    return () => {
      stop()
      plot.current = null
    }
  }, [tokens, hasLimit, hasBand, points, height, scheme, width, middle])

  useEffect(() => {
    const to = (end ?? Date.now()) / 1000
    view.current = { from: to - spanMs / 1000, to, min, max, axes, marks, gaps }
    plot.current?.setData([
      times.map((at) => at / 1000),
      ...lines.map(({ values }) => [...values]),
      ...(limit === undefined ? [] : [times.map(() => limit)]),
      ...(band ? [[...band.low], [...band.high]] : []),
    ])
  }, [times, lines, spanMs, end, min, max, limit, axes, marks, gaps, band, points, tokens, height, scheme])

  return <div ref={host} className={c.chart} style={{ height }} role="img" aria-label={label} />
}
