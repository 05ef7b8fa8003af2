import { IconPhotoOff } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import c from './Picture.module.css'

export interface PictureProps {
  src: string
  alt: string
  simulated: boolean
  /** CSS aspect ratio of the frame; `auto` takes the picture's own. */
  ratio?: string
  /** `cover` fills the frame and may cut, `contain` shows all of it. */
  fit?: 'cover' | 'contain'
  /** Read it only when it comes near the screen. */
  lazy?: boolean
}

/** A picture with its SIMULATED mark. The mark is part of the frame, so that no crop can lose it. */
export function Picture({ src, alt, simulated, ratio = '1 / 1', fit = 'cover', lazy = false }: PictureProps) {
  const { t } = useTranslation(['common', 'gallery'])
  const [broken, setBroken] = useState<string | null>(null)
  return (
    <span className={c.frame} style={{ aspectRatio: ratio }}>
      {broken === src ? (
        <span className={c.broken}>
          <IconPhotoOff size={22} stroke={1.4} aria-hidden />
          {t('gallery:picture.broken')}
        </span>
      ) : (
        <img
          src={src}
          alt={alt}
          className={c.pixels}
          data-fit={fit}
          loading={lazy ? 'lazy' : 'eager'}
          decoding="async"
          draggable={false}
          onError={() => setBroken(src)}
        />
      )}
      {simulated && <span className={c.mark}>{t('simulatedMark')}</span>}
    </span>
  )
}
