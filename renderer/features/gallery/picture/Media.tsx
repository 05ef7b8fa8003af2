import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../../shared/contract'
import { imageFileName } from '../../../../shared/file-names'
import { mediaOf } from '../../../../shared/media'
import { imageUrl, thumbnailUrl } from '../../../api/images'
import c from './Media.module.css'
import picture from './Picture.module.css'
import { ratioOf } from './still'

interface MediaProps {
  generation: Generation
  image: Generation['images'][number]
  index: number
  /** Takes the room that there is, instead of the file's own ratio. */
  fill?: boolean
}

/** A file that is no image: a video that plays, or what it is, why it is not shown, and its download. */
export function Media({ generation, image, index, fill = false }: MediaProps) {
  const { t } = useTranslation(['gallery', 'common'])
  const [unplayable, setUnplayable] = useState<string | null>(null)
  const { name, shown } = mediaOf(image.mime)
  const isPlayed = shown === 'video' && unplayable !== image.id
  return (
    <div className={c.frame} data-fill={fill || undefined} style={fill ? undefined : { aspectRatio: ratioOf(image) }}>
      {isPlayed ? (
        <video
          key={image.id}
          className={c.video}
          src={imageUrl(image.id)}
          controls
          muted
          loop
          playsInline
          preload="metadata"
          aria-label={t('media.label', { type: name, prompt: generation.params.prompt.slice(0, 200) })}
          onError={() => setUnplayable(image.id)}
        />
      ) : (
        <div className={c.notShown}>
          <img src={thumbnailUrl(image.id)} alt={t('media.label', { type: name, prompt: generation.params.prompt })} />
          <p>{t(shown === 'video' ? 'media.notPlayed' : 'media.notShown', { type: name })}</p>
          <Button
            component="a"
            variant="default"
            leftSection={<IconDownload size={16} stroke={1.6} />}
            href={imageUrl(image.id)}
            download={imageFileName(generation, index)}
          >
            {t('media.download', { type: name })}
          </Button>
        </div>
      )}
      {generation.simulated && <span className={picture.mark}>{t('common:simulatedMark')}</span>}
    </div>
  )
}
