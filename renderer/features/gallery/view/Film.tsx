import { IconStarFilled } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../../shared/contract'
import { thumbnailUrl } from '../../../api/images'
import { around, type Place } from './places'
import strip from '../Thumb.module.css'
import c from './View.module.css'

interface FilmProps {
  items: readonly Generation[]
  places: readonly Place[]
  /** Which of them is shown. */
  at: number
  onShow: (place: Place) => void
}

/** What stands before and behind, in the order of the gallery; neighbours are dimmed. */
export function Film({ items, places, at, onShow }: FilmProps) {
  const { t } = useTranslation('gallery')
  const byId = new Map(items.map((item) => [item.id, item]))
  const shown = places[at]
  return (
    <div className={c.film} role="group" aria-label={t('view.film')}>
      {around(places, at, 8).map((place) => {
        const generation = byId.get(place.id)
        const image = generation?.images[place.index]
        if (!generation || !image) return null
        const isShown = shown?.id === place.id && shown.index === place.index
        return (
          <button
            key={image.id}
            type="button"
            className={`${strip.thumb} ${c.frame}`}
            aria-label={generation.params.prompt.slice(0, 80)}
            aria-current={isShown ? 'true' : undefined}
            onClick={() => onShow(place)}
          >
            <img src={thumbnailUrl(image.id)} alt="" draggable={false} />
            {generation.favourite && <IconStarFilled size={11} aria-hidden />}
          </button>
        )
      })}
    </div>
  )
}
