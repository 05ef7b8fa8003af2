import { IconAlertTriangle, IconBan, IconHourglass } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../shared/contract'
import { imageUrl } from '../../api/images'
import { Picture } from '../gallery/picture/Picture'
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
  const width = image?.width ?? params.width ?? 1
  const height = image?.height ?? params.height ?? 1
  const ratio = `${width} / ${height}`
  return (
    <div className={c.stage}>
      <div className={c.square} style={{ maxWidth: `calc((100vh - 392px) * ${width / height})` }}>
        {image ? (
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
