import { useRef, useState, type CSSProperties, type KeyboardEvent, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { GpuHistory } from '../../../../shared/contract'
import { whenOf } from './when'
import { Chart } from '../../../ui/chart/Chart'
import { useNarrow } from '../../../ui/narrow'
import { Lanes } from './Lanes'
import { useCharts } from './useCharts'
import { useReadingWords } from './useReadingWords'
import { chosen, hourOf, moved, placeOf, pointAt, type Range, type Reading } from './view'
import c from './Charts.module.css'

/** Room for names and values before a chart, in px: lanes, crosshair and charts stand below each other. */
const axisWidths = { wide: 104, narrow: 64 }
/** Room behind the end of a chart, in px, as `ui/chart` leaves it. */
const endWidth = 8
/** A gap that is so much of the charts has room for its reason. */
const wordsNeed = 0.03

interface ChartsProps {
  history: GpuHistory
  point: number | null
  reading: Reading | null
  onPoint: (point: number | null) => void
  onZoom: (by: 1 | -1) => void
  onRange: (range: Range) => void
  onHome: () => void
}

/** Where a pointer is, as a share (0 to 1) of the charts' width. */
function shareAt(field: HTMLElement, clientX: number, axisWidth: number): number {
  const { left, width } = field.getBoundingClientRect()
  return Math.min(1, Math.max(0, (clientX - left - axisWidth) / Math.max(1, width - axisWidth - endWidth)))
}

/** The crosshair follows the pointer; a stretch that is dragged over is shown alone. */
function usePointing({ history, onPoint, onRange }: ChartsProps, axisWidth: number) {
  const field = useRef<HTMLDivElement>(null)
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null)
  const timeAt = (share: number) => history.from + share * (history.to - history.from)
  return {
    field,
    drag:
      drag && drag.from !== drag.to ? { from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) } : null,
    handlers: {
      onPointerMove({ clientX }: PointerEvent) {
        if (!field.current) return
        const share = shareAt(field.current, clientX, axisWidth)
        onPoint(pointAt(share, history))
        if (drag) setDrag({ ...drag, to: timeAt(share) })
      },
      onPointerDown(event: PointerEvent) {
        // A finger scrolls the page: only a mouse or a pen chooses.
        if (!field.current || event.button !== 0 || event.pointerType === 'touch') return
        event.currentTarget.setPointerCapture(event.pointerId)
        field.current.querySelector<HTMLElement>('[role=slider]')?.focus({ preventScroll: true })
        const at = timeAt(shareAt(field.current, event.clientX, axisWidth))
        setDrag({ from: at, to: at })
      },
      onPointerUp() {
        const range = drag && chosen(drag.from, drag.to, history)
        setDrag(null)
        if (range) onRange(range)
      },
      onPointerCancel: () => setDrag(null),
    },
  }
}

function keysOf({ history, point, onPoint, onZoom, onHome }: ChartsProps) {
  const count = history.times.length
  return (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const by = event.shiftKey ? hourOf(history) : 1
    switch (event.key) {
      case 'ArrowLeft':
        onPoint(moved(point, -by, count))
        break
      case 'ArrowRight':
        onPoint(moved(point ?? count - 1, by, count))
        break
      case '+':
      case '=':
        onZoom(-1)
        break
      case '-':
        onZoom(1)
        break
      case 'Home':
        onHome()
        break
      default:
        return
    }
    event.preventDefault()
  }
}

/** One line over lanes and charts; what stands below it is said aloud when the arrow keys move it. */
function Crosshair({ history, point, reading }: Pick<ChartsProps, 'history' | 'point' | 'reading'>) {
  const { t } = useTranslation('cardHistory')
  const words = useReadingWords()
  const last = history.times.length - 1
  const at = reading && reading.at + history.stepMs / 2
  return (
    <div
      className={c.crosshair}
      data-set={reading !== null}
      style={{ left: at === null ? '100%' : placeOf({ from: at, to: at }, history).left }}
      role="slider"
      tabIndex={0}
      aria-label={t('crosshair')}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={point ?? last}
      aria-valuetext={reading ? words(reading) : t('nowhere')}
    >
      {reading && <span className="num">{whenOf(reading.at, history.stepMs)}</span>}
    </div>
  )
}

/** What lies over all charts: why there is nothing, what is being chosen, and the crosshair. */
function Overlay({
  drag,
  ...shown
}: Pick<ChartsProps, 'history' | 'point' | 'reading'> & { drag: { from: number; to: number } | null }) {
  const { t } = useTranslation('cardHistory')
  const { history } = shown
  const isWide = ({ from, to }: { from: number; to: number }) => to - from > wordsNeed * (history.to - history.from)
  return (
    <div className={c.overlay}>
      {history.gaps.filter(isWide).map((gap) => (
        <span key={gap.from} className={c.gap} style={placeOf(gap, history)} aria-hidden>
          <span>{t(`gap.${gap.why}`)}</span>
        </span>
      ))}
      {drag && <span className={c.drag} style={placeOf(drag, history)} aria-hidden />}
      <Crosshair {...shown} />
    </div>
  )
}

/** Lanes and charts over one time, with one crosshair that the pointer and the arrow keys move. */
export function Charts(props: ChartsProps) {
  const { history, point, reading } = props
  const { t } = useTranslation(['cardHistory', 'gpus'])
  const axisWidth = useNarrow() ? axisWidths.narrow : axisWidths.wide
  const charts = useCharts(history, axisWidth)
  const { field, drag, handlers } = usePointing(props, axisWidth)
  const { times, from, to, gaps } = history
  return (
    <div
      ref={field}
      className={c.charts}
      // Properties of our own, which React's types do not know.
      style={{ '--axis': `${axisWidth}px`, '--end': `${endWidth}px` } as CSSProperties}
      role="group"
      aria-label={t('charts')}
      onKeyDown={keysOf(props)}
      {...handlers}
    >
      <Overlay {...{ history, point, reading, drag }} />
      <Lanes history={history} />
      {charts.map(({ id, head, ...chart }, index) => (
        <figure key={id} className={c.chart}>
          <figcaption>
            <span>{t(`gpus:${id}`)}</span>
            {reading && <b className="num">{head(reading)}</b>}
          </figcaption>
          <Chart
            {...{ ...chart, times, gaps, end: to, min: 0, spanMs: to - from }}
            height={index === charts.length - 1 ? 122 : 104}
            label={t(`gpus:${id}`)}
          />
        </figure>
      ))}
      <p className={c.keys}>{t('keys')}</p>
    </div>
  )
}
