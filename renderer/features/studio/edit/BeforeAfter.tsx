import { IconArrowsHorizontal } from '@tabler/icons-react'
import { useEffect, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Picture } from '../../gallery/picture/Picture'
import c from './Edit.module.css'
import { frameOf } from './frame'

export const views = ['slider', 'blink', 'after'] as const
export type View = (typeof views)[number]

interface BeforeAfterProps {
  before: string
  after: string
  alt: string
  simulated: boolean
  /** Width by height of the frame. */
  ratio: number
  view: View
  /** Whether before and after have changed places. */
  isSwapped: boolean
}

const blinkMs = 700

/** Source and result in one frame: parted by a divider, in turn, or the result alone. */
export function BeforeAfter({ before, after, alt, simulated, ratio, view, isSwapped }: BeforeAfterProps) {
  const { t } = useTranslation('editing')
  const [at, setAt] = useState(50)
  const isBlunk = useBlink(view === 'blink')
  const first = <Picture src={before} alt={t('images.source')} simulated={false} ratio={String(ratio)} fit="contain" />
  const second = <Picture src={after} alt={alt} simulated={simulated} ratio={String(ratio)} fit="contain" />
  const [below, above] = isSwapped ? [first, second] : [second, first]
  const words = isSwapped ? [t('result.after'), t('result.before')] : [t('result.before'), t('result.after')]
  const clip = { slider: `inset(0 ${100 - at}% 0 0)`, blink: isBlunk ? 'none' : 'inset(100%)', after: 'inset(100%)' }
  return (
    <div className={c.well}>
      <div className={c.compare} style={frameOf(ratio)} data-simulated={simulated || undefined}>
        {below}
        <div className={c.over} style={{ clipPath: clip[view] }}>
          {above}
        </div>
        {(view === 'slider' || isBlunk) && <span className={c.word}>{words[0]}</span>}
        {(view === 'slider' || !isBlunk) && (
          <span className={c.word} data-side="right">
            {words[1]}
          </span>
        )}
        {view === 'slider' && <Divider at={at} setAt={setAt} />}
      </div>
    </div>
  )
}

function Divider({ at, setAt }: { at: number; setAt: (at: number) => void }) {
  const { t } = useTranslation('editing')
  const move = (to: number) => setAt(Math.min(100, Math.max(0, to)))
  const drag = (event: PointerEvent<HTMLElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const box = event.currentTarget.parentElement?.getBoundingClientRect()
    if (box) move(((event.clientX - box.left) / box.width) * 100)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 10 : 1
    const by = event.key === 'ArrowLeft' ? -step : event.key === 'ArrowRight' ? step : 0
    if (by === 0) return
    event.preventDefault()
    move(at + by)
  }
  return (
    <button
      type="button"
      role="slider"
      className={c.divider}
      style={{ left: `${at}%` }}
      aria-label={t('result.divider')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(at)}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={onKeyDown}
    >
      <span>
        <IconArrowsHorizontal size={16} aria-hidden />
      </span>
    </button>
  )
}

/** Turns on and off while it is wanted; still for who wants less motion, for whom X is there. */
function useBlink(isWanted: boolean): boolean {
  const [isOn, setOn] = useState(false)
  const [isStill] = useState(() => matchMedia('(prefers-reduced-motion: reduce)').matches)
  useEffect(() => {
    if (!isWanted || isStill) return
    const timer = setInterval(() => setOn((on) => !on), blinkMs)
    return () => clearInterval(timer)
  }, [isWanted, isStill])
  return isWanted && isOn
}
