import { IconAlertTriangle, IconBan, IconHourglass } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../shared/contract'
import { imageUrl } from '../../api/images'
import { Media } from '../gallery/picture/Media'
import { Picture } from '../gallery/picture/Picture'
import { isPicture, ratioOf } from '../gallery/picture/still'
import c from './Studio.module.css'
import type { Preview } from './useGeneration'

interface StageProps {
  generation: Generation
  preview: Preview | null
  /** Which of its images. */
  index: number
  onLarge: () => void
}

/** The picture, or what there is of it; as large as card and window allow, without a jump when it arrives. */
export function Stage({ generation, preview, index, onLarge }: StageProps) {
  const { t } = useTranslation('studio')
  const { params, images, simulated } = generation
  const image = images[index]
  const asked = { width: params.width ?? null, height: params.height ?? null }
  const number = ratioOf(image ?? asked)
  const ratio = String(number)
  return (
    <div className={c.stage}>
      <div className={c.square} style={{ maxWidth: `calc((100vh - 392px) * ${number})` }}>
        {image && !isPicture(image) ? (
          <Media generation={generation} image={image} index={index} />
        ) : image ? (
          <button type="button" className={c.open} aria-label={t('result.fullSize')} onClick={onLarge}>
            <Picture src={imageUrl(image.id)} alt={params.prompt} simulated={simulated} ratio={ratio} />
          </button>
        ) : preview ? (
          <>
            <Picture src={preview.src} alt={params.prompt} simulated={simulated} ratio={ratio} />
            <span className={c.previewTag}>
              {preview.step === null ? t('progress.previewPlain') : t('progress.preview', { step: preview.step })}
            </span>
          </>
        ) : (
          <div className={c.blank} style={{ aspectRatio: ratio }}>
            <Waiting state={generation.state} />
          </div>
        )}
      </div>
    </div>
  )
}

function Waiting({ state }: { state: Generation['state'] }) {
  const look = { size: 26, stroke: 1.4, 'aria-hidden': true }
  if (state === 'failed') return <IconAlertTriangle {...look} />
  return state === 'cancelled' ? <IconBan {...look} /> : <IconHourglass {...look} />
}
