import { Modal } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../../shared/contract'
import { titleOf } from '../../../../shared/file-names'
import { imageUrl } from '../../../api/images'
import { useNarrow } from '../../../ui/narrow'
import { usePageKeys } from '../../../ui/page-keys'
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

/** Arrows browse, or move the image while it is zoomed; the other keys are those of the table. */
function useViewerKeys({ at, zoom, go, remove, toggleSide }: ViewerKeys): void {
  const favourite = useFavourite()
  const { again, vary } = useRunAgain()
  const edit = useEditImage()
  const toLeft = () => (zoom.isFit ? go(-1) : zoom.pan({ x: keyStep, y: 0 }))
  const toRight = () => (zoom.isFit ? go(1) : zoom.pan({ x: -keyStep, y: 0 }))
  usePageKeys(
    'viewer',
    {
      // What is no image is neither enlarged nor edited: it has keys of its own.
      ...(isPicture(at.image) && {
        edit: () => edit.mutate(at.image.id),
        zoom: zoom.toggle,
        closer: () => zoom.step(1),
        farther: () => zoom.step(-1),
      }),
      favourite: () => favourite(at.generation),
      again: () => again(at.generation),
      vary: () => vary(at.generation),
      facts: toggleSide,
      bin: () => remove?.(),
      previous: toLeft,
      next: toRight,
      ...(!zoom.isFit && {
        up: () => zoom.pan({ x: 0, y: keyStep }),
        down: () => zoom.pan({ x: 0, y: -keyStep }),
      }),
    },
    1,
  )
}
