import { useEffect, useState, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { IconArrowsHorizontal } from '@tabler/icons-react'
import type { Generation } from '../../../../shared/contract'
import { stillOf } from '../picture/still'
import type { Zoom } from '../view/useZoom'
import c from './Compare.module.css'

export const modes = ['side', 'slider', 'blink', 'difference'] as const
export type Mode = (typeof modes)[number]

export interface Result {
  generation: Generation
  image: Generation['images'][number]
}

interface StagesProps {
  a: Result
  b: Result
  mode: Mode
  zoom: Zoom
  /** Which of the two a blink shows. */
  isB: boolean
  setB: (isB: boolean) => void
}

const blinkMs = 700

const Picture = ({ of, zoom, className }: { of: Result; zoom: Zoom; className?: string | undefined }) => {
  const { style } = zoom
  return (
    <div className={`${c.canvas} ${className ?? ''}`} style={style}>
      <img src={stillOf(of.image).src} alt={of.generation.params.prompt} draggable={false} />
    </div>
  )
}

function Name({ letter, of, side = 'left' }: { letter: 'a' | 'b'; of: Result; side?: 'left' | 'right' }) {
  const { t } = useTranslation('common')
  return (
    <span className={c.name} data-side={side}>
      <span className={c.letter} data-of={letter}>
        {letter.toUpperCase()}
      </span>
      {of.generation.serviceId}
      {of.generation.simulated && <small>{t('simulatedMark')}</small>}
    </span>
  )
}

/** Both results in one of four ways; zoom and pan are the same for both. */
export function Stages(props: StagesProps) {
  const { a, b, mode, zoom } = props
  const { attach, pointer, toggle } = zoom
  if (mode === 'side') {
    return (
      <div className={c.pair}>
        <div className={c.stage} ref={attach} {...pointer} onDoubleClick={toggle}>
          <Picture of={a} zoom={zoom} />
          <Name letter="a" of={a} />
        </div>
        <div className={c.stage} {...pointer} onDoubleClick={toggle}>
          <Picture of={b} zoom={zoom} />
          <Name letter="b" of={b} />
        </div>
      </div>
    )
  }
  return (
    <div className={c.stage} ref={attach} {...pointer} onDoubleClick={toggle}>
      {mode === 'slider' && <Slider {...props} />}
      {mode === 'blink' && <Blink {...props} />}
      {mode === 'difference' && (
        <div className={c.difference}>
          <Picture of={a} zoom={zoom} />
          <Picture of={b} zoom={zoom} className={c.minus} />
        </div>
      )}
    </div>
  )
}

/** A to the left of a line, B to its right; the line is dragged, or moved by the arrow keys. */
function Slider({ a, b, zoom }: StagesProps) {
  const { t } = useTranslation('compare')
  const [at, setAt] = useState(50)
  const drag = (event: PointerEvent<HTMLElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const box = event.currentTarget.parentElement?.getBoundingClientRect()
    if (box) setAt(Math.min(100, Math.max(0, ((event.clientX - box.left) / box.width) * 100)))
  }
  return (
    <>
      <Picture of={a} zoom={zoom} />
      <div className={c.right} style={{ clipPath: `inset(0 0 0 ${at}%)` }}>
        <Picture of={b} zoom={zoom} />
      </div>
      <Name letter="a" of={a} />
      <Name letter="b" of={b} side="right" />
      <button
        type="button"
        role="slider"
        className={c.divider}
        style={{ left: `${at}%` }}
        aria-label={t('divider')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(at)}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onKeyDown={(event) => {
          const step = event.shiftKey ? 10 : 1
          const by = event.key === 'ArrowLeft' ? -step : event.key === 'ArrowRight' ? step : 0
          if (by !== 0) {
            event.preventDefault()
            setAt(Math.min(100, Math.max(0, at + by)))
          }
        }}
      >
        <span>
          <IconArrowsHorizontal size={16} aria-hidden />
        </span>
      </button>
    </>
  )
}

/** One in the place of the other, in turn; still for who wants less motion, and then by the key alone. */
function Blink({ a, b, zoom, isB, setB }: StagesProps) {
  const [isStill] = useState(() => matchMedia('(prefers-reduced-motion: reduce)').matches)
  useEffect(() => {
    if (isStill) return
    const timer = setTimeout(() => setB(!isB), blinkMs)
    return () => clearTimeout(timer)
  }, [isStill, isB, setB])
  return (
    <>
      <Picture of={a} zoom={zoom} />
      <div style={{ visibility: isB ? 'visible' : 'hidden' }}>
        <Picture of={b} zoom={zoom} className={c.cover} />
      </div>
      {isB ? <Name letter="b" of={b} /> : <Name letter="a" of={a} />}
    </>
  )
}
