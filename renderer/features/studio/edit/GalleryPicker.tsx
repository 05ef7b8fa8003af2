import { Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconPhoto } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { thumbnailUrl } from '../../../api/images'
import { Loaded } from '../../../api/Loaded'
import { api } from '../../../api/query'
import { Empty, Loading } from '../../../ui/States'
import { useReturnFocus } from '../../../ui/useReturnFocus'
import { Picture } from '../../gallery/picture/Picture'
import { isPicture } from '../../gallery/picture/still'
import c from './Edit.module.css'

interface GalleryPickerProps {
  onPick: (imageId: string) => void
  onClose: () => void
}

/** The last images of the gallery, to choose one. */
export default function GalleryPicker({ onPick, onClose }: GalleryPickerProps) {
  const { t } = useTranslation('editing')
  useReturnFocus()
  const recent = useQuery(api.generations.list.queryOptions({ input: { limit: 60, show: 'images' } }))
  return (
    <Modal opened onClose={onClose} title={t('images.pick')} size={640}>
      <Loaded query={recent} loading={<Loading rows={4} height={96} />}>
        {({ items }) => {
          const images = items.flatMap((generation) =>
            generation.images.filter(isPicture).map((image) => ({ generation, image })),
          )
          if (images.length === 0)
            return (
              <Empty icon={IconPhoto} title={t('images.emptyTitle')}>
                {t('images.empty')}
              </Empty>
            )
          return (
            <ul className={c.pick} aria-label={t('images.pick')}>
              {images.map(({ generation: { params, simulated }, image }) => (
                <li key={image.id}>
                  <button
                    type="button"
                    title={params.prompt}
                    aria-label={params.prompt.slice(0, 120)}
                    onClick={() => onPick(image.id)}
                  >
                    <Picture src={thumbnailUrl(image.id)} alt="" simulated={simulated} lazy />
                  </button>
                </li>
              ))}
            </ul>
          )
        }}
      </Loaded>
    </Modal>
  )
}
