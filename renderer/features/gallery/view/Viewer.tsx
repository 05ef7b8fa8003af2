import { Modal } from '@mantine/core'
import { useEffect, useEffectEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../../shared/contract'
import { titleOf } from '../../../../shared/file-names'
import { imageUrl } from '../../../api/images'
import { useNarrow } from '../../../ui/narrow'
import { useChanges, useFavourite } from '../useChanges'
import { useMayDelete } from '../useMayDelete'
import { useEditImage } from '../useEditImage'
import { useRunAgain } from '../useRunAgain'
import { isPicture, stillOf } from '../picture/still'
import { Film } from './Film'
import { indexOf, placesOf, type Place } from './places'
import type { Shown } from './shown'
import { Side } from './Side'
import { Stage } from './Stage'
import { Top } from './Top'
import { keyStep, useZoom } from './useZoom'
import c from './View.module.css'

export interface ViewerProps {
  /** What can be gone through, in its order. */
  items: readonly Generation[]
  shown: Place
  onShow: (place: Place) => void
  onClose: () => void
  /** The page that it covers, and that it goes back to. */
  back: string
  /** Told that one was moved to the bin; without it there is no such button. */
  onDelete?: (generation: Generation) => void
}

/** One image with the whole window, and beside it what made it. Escape goes back. */
export default function Viewer(props: ViewerProps) {
  const { t } = useTranslation('gallery')
  const { items, shown } = props
  const generation = items.find(({ id }) => id === shown.id)
  const image = generation?.images[shown.index]
  return (
    <Modal
      opened
      onClose={props.onClose}
      fullScreen
      padding={0}
      withCloseButton={false}
      transitionProps={{ duration: 0 }}
      attributes={{ content: { 'aria-label': t('picture.fullSize') } }}
      styles={{ body: { height: '100%' } }}
    >
      {generation && image && (
        <Window {...props} key={image.id} at={{ generation, image, index: shown.index, url: imageUrl(image.id) }} />
      )}
    </Modal>
  )
}

function Window({ items, shown, onShow, onClose, back, onDelete, at }: ViewerProps & { at: Shown }) {
  const isNarrow = useNarrow()
  const [hasSide, setSide] = useSide(!isNarrow)
  const zoom = useZoom(stillOf(at.image))
  const places = placesOf(items)
  const place = indexOf(places, shown)
  const go = (by: number) => {
    const next = places[place + by]
    if (next) onShow(next)
  }
  const mayDelete = useMayDelete()
  const { bin } = useChanges()
  const remove =
    onDelete && mayDelete(at.generation)
      ? () => {
          bin([at.generation.id])
          onDelete(at.generation)
        }
      : null
  useViewerKeys({ at, zoom, go, remove, toggleSide: () => setSide(!hasSide) })
  return (
    <div className={c.view} data-side={hasSide || undefined}>
      <Top
        at={at}
        title={titleOf(at.generation.params.prompt)}
        count={{ place: place + 1, of: places.length }}
        {...{ back, onClose, zoom, remove, hasSide, setSide }}
      />
      <Stage at={at} zoom={zoom} go={go} hasPrevious={place > 0} hasNext={place < places.length - 1} />
      {hasSide && <Side generation={at.generation} image={at.image} />}
      {!isNarrow && places.length > 1 && <Film items={items} places={places} at={place} onShow={onShow} />}
    </div>
  )
}

const sideKey = 'regie.view.side'

/** Whether what made the image stands beside it; remembered where there is room for both. */
function useSide(hasRoom: boolean) {
  const [isOpen, setOpen] = useState(hasRoom && localStorage.getItem(sideKey) !== 'closed')
  return [
    isOpen,
    (next: boolean) => {
      if (hasRoom) localStorage.setItem(sideKey, next ? 'open' : 'closed')
      setOpen(next)
    },
  ] as const
}

interface ViewerKeys {
  at: Shown
  zoom: ReturnType<typeof useZoom>
  go: (by: number) => void
  remove: (() => void) | null
  toggleSide: () => void
}

/** Arrows browse, or move the image while it is zoomed; E edits, F marks, R runs again, V varies, Z zooms, I shows the side. */
function useViewerKeys({ at, zoom, go, remove, toggleSide }: ViewerKeys): void {
  const favourite = useFavourite()
  const { again, vary } = useRunAgain()
  const edit = useEditImage()
  // What is no image is neither enlarged nor edited: it has keys of its own.
  const ofPictures: Record<string, () => void> = {
    e: () => edit.mutate(at.image.id),
    z: zoom.toggle,
    '+': () => zoom.step(1),
    '=': () => zoom.step(1),
    '-': () => zoom.step(-1),
  }
  const actions: Record<string, () => void> = {
    ...(isPicture(at.image) ? ofPictures : {}),
    f: () => favourite(at.generation),
    r: () => again(at.generation),
    v: () => vary(at.generation),
    i: toggleSide,
    delete: () => remove?.(),
  }
  const arrows: Record<string, { x: number; y: number }> = {
    arrowleft: { x: keyStep, y: 0 },
    arrowright: { x: -keyStep, y: 0 },
    arrowup: { x: 0, y: keyStep },
    arrowdown: { x: 0, y: -keyStep },
  }
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const isTyping =
      event.target instanceof HTMLElement && event.target.closest('input, textarea, video, [role="listbox"]')
    // A dialog above this one has the keys.
    const isCovered = document.querySelectorAll('[role="dialog"]').length > 1
    if (isTyping || isCovered || event.ctrlKey || event.metaKey || event.altKey) return
    const key = event.key.toLowerCase()
    const arrow = arrows[key]
    if (arrow && zoom.isFit && arrow.x !== 0) go(arrow.x > 0 ? -1 : 1)
    else if (arrow && !zoom.isFit) zoom.pan(arrow)
    else if (actions[key]) actions[key]()
    else return
    event.preventDefault()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event)
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
}
