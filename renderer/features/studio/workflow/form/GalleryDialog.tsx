import { Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { thumbnailUrl } from '../../../../api/images'
import { Loaded } from '../../../../api/Loaded'
import { api } from '../../../../api/query'
import { useReturnFocus } from '../../../../ui/useReturnFocus'
import { Picture } from '../../../gallery/picture/Picture'
import { isPicture } from '../../../gallery/picture/still'
import s from '../../Studio.module.css'
import c from './Form.module.css'

/** So many of the newest generations are offered. */
const most = 60

/** Chooses one of the newest images of the gallery. */
export default function GalleryDialog({ onImage, onClose }: { onImage: (id: string) => void; onClose: () => void }) {
  const { t } = useTranslation('workflow')
  useReturnFocus()
  const list = useQuery(api.generations.list.queryOptions({ input: { limit: most, show: 'images' } }))
  return (
    <Modal opened onClose={onClose} title={t('image.pick')} size={720}>
      <Loaded query={list}>
        {({ items }) =>
          items.every(({ images }) => !images.some(isPicture)) ? (
            <p className={s.note}>{t('image.noneYet')}</p>
          ) : (
            <ul className={c.gallery} aria-label={t('image.pick')}>
              {items.flatMap(({ images, params, simulated }) =>
                images.filter(isPicture).map(({ id }) => (
                  <li key={id}>
                    <button type="button" aria-label={params.prompt.slice(0, 80)} onClick={() => onImage(id)}>
                      <Picture src={thumbnailUrl(id)} alt="" simulated={simulated} lazy />
                    </button>
                  </li>
                )),
              )}
            </ul>
          )
        }
      </Loaded>
    </Modal>
  )
}
