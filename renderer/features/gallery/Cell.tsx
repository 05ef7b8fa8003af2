import { IconCheck, IconStarFilled } from '@tabler/icons-react'
import { useState, type MouseEvent, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../shared/contract'
import { mediaOf } from '../../../shared/media'
import { thumbnailUrl } from '../../api/images'
import { StatusLabel } from '../../ui/Status'
import { hrefOf } from '../../ui/route'
import c from './Gallery.module.css'
import { createLongPress } from './long-press'
import { Picture } from './picture/Picture'
import { isPicture } from './picture/still'

/** How a picture is chosen; `range`: all from the last one on. */
export type Choose = (id: string, how: 'one' | 'range') => void

/** Chooses by a long press; the tap that ends it does nothing else. */
function useLongPress(choose: () => void) {
  const [press] = useState(createLongPress)
  return {
    onPointerDown: (event: PointerEvent) => press.down(event, choose),
    onPointerUp: press.end,
    onPointerMove: (event: PointerEvent) => press.move(event),
    onPointerCancel: press.end,
    onContextMenu: (event: MouseEvent) => {
      if (press.hasRested()) event.preventDefault()
    },
    wasLong: () => press.takeClick(),
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
  const altOf = (image: (typeof images)[number]) =>
    isPicture(image) ? params.prompt : t('media.label', { type: mediaOf(image.mime).name, prompt: params.prompt })
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
          <Picture src={thumbnailUrl(first.id)} alt={altOf(first)} simulated={simulated} />
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
