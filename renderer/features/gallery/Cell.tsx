import { IconCheck, IconStarFilled } from '@tabler/icons-react'
import { useRef, type MouseEvent, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../shared/contract'
import { thumbnailUrl } from '../../api/images'
import { StatusLabel } from '../../ui/Status'
import { hrefOf } from '../../ui/route'
import c from './Gallery.module.css'
import { Picture } from './picture/Picture'

/** A finger that rests so long chooses, in ms. */
const longPressMs = 500

/** How a picture is chosen; `range`: all from the last one on. */
export type Choose = (id: string, how: 'one' | 'range') => void

/** Chooses by a long press; the tap that ends it does nothing else. */
function useLongPress(choose: () => void) {
  const press = useRef<{ timer: ReturnType<typeof setTimeout>; isDone: boolean } | null>(null)
  const end = () => clearTimeout(press.current?.timer)
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.pointerType !== 'touch') return
      const timer = setTimeout(() => {
        if (press.current) press.current.isDone = true
        choose()
      }, longPressMs)
      press.current = { timer, isDone: false }
    },
    onPointerUp: end,
    onPointerMove: (event: PointerEvent) => {
      // A finger trembles, and is no scrolling by that.
      if (Math.abs(event.movementX) + Math.abs(event.movementY) > 4) end()
    },
    onPointerCancel: end,
    onContextMenu: (event: MouseEvent) => {
      if (press.current?.isDone) event.preventDefault()
    },
    /** Whether a click is the end of a long press. */
    wasLong: () => {
      const isLong = press.current?.isDone ?? false
      press.current = null
      return isLong
    },
  }
}

interface CellProps {
  generation: Generation
  isCurrent: boolean
  isChosen: boolean
  /** Some are chosen: a click chooses too. */
  isChoosing: boolean
  onChoose: Choose
  /** In the place of the number of images, e.g. the days that are left. */
  note?: string | undefined
  href?: string
}

/** One picture of the grid: its link, its box, its star. */
export function Cell({ generation, isCurrent, isChosen, isChoosing, onChoose, note, href }: CellProps) {
  const { t } = useTranslation('gallery')
  const { id, images, params, simulated, favourite = false } = generation
  const [first] = images
  const { wasLong, ...press } = useLongPress(() => onChoose(id, 'one'))
  const choose = (event: { shiftKey: boolean }) => onChoose(id, event.shiftKey ? 'range' : 'one')
  const chip = note ?? (images.length > 1 ? t('grid.images', { count: images.length }) : null)
  return (
    <div role="listitem" className={c.item} data-choosing={isChoosing || undefined} data-chosen={isChosen || undefined}>
      <a
        href={href ?? hrefOf('gallery', id)}
        className={c.cell}
        title={params.prompt}
        aria-current={isCurrent ? 'true' : undefined}
        draggable={false}
        {...press}
        onClick={(event) => {
          if (wasLong()) event.preventDefault()
          else if (isChoosing || event.shiftKey) {
            event.preventDefault()
            choose(event)
          }
        }}
      >
        {first ? (
          <Picture src={thumbnailUrl(first.id)} alt={params.prompt} simulated={simulated} />
        ) : (
          <NoPicture generation={generation} />
        )}
        {chip !== null && <span className={c.count}>{chip}</span>}
        {favourite && <IconStarFilled size={16} className={c.star} aria-label={t('grid.favourite')} />}
        <span className={c.caption} aria-hidden={first ? true : undefined}>
          <span className="ellipsis">{params.prompt}</span>
        </span>
      </a>
      <button
        type="button"
        role="checkbox"
        aria-checked={isChosen}
        aria-label={t('grid.select', { prompt: params.prompt.slice(0, 80) })}
        className={c.box}
        onClick={choose}
      >
        <span>{isChosen && <IconCheck size={14} stroke={3} aria-hidden />}</span>
      </button>
    </div>
  )
}

function NoPicture({ generation: { state, progress } }: { generation: Generation }) {
  const { t } = useTranslation('gallery')
  const isSampling = state === 'running' && progress.step !== null && progress.steps !== null
  return (
    <span className={c.noPicture}>
      <StatusLabel
        of={state}
        {...(isSampling ? { detail: t('grid.step', { step: progress.step, steps: progress.steps }) } : {})}
      />
    </span>
  )
}
