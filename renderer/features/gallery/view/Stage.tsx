import { ActionIcon } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Zoom } from './useZoom'
import { Media } from '../picture/Media'
import picture from '../picture/Picture.module.css'
import { isPicture } from '../picture/still'
import c from './View.module.css'
import type { Shown } from './shown'

interface StageProps {
  at: Shown
  zoom: Zoom
  go: (by: number) => void
  hasPrevious: boolean
  hasNext: boolean
}

/** The image. The wheel zooms to the pointer, a drag moves it, a double click shows its own pixels. */
export function Stage({ at, zoom, go, hasPrevious, hasNext }: StageProps) {
  const { t } = useTranslation(['gallery', 'common'])
  const { generation, image, index, url } = at
  const { attach, isFit, pointer, style, scale, toggle } = zoom
  const steps = (
    <>
      {hasPrevious && <Step side="left" onClick={() => go(-1)} />}
      {hasNext && <Step side="right" onClick={() => go(1)} />}
    </>
  )
  // It has controls of its own, and nothing in it is enlarged.
  if (!isPicture(image))
    return (
      <div className={c.stage}>
        <Media generation={generation} image={image} index={index} fill />
        {steps}
      </div>
    )
  return (
    <div className={c.stage} ref={attach} data-movable={!isFit || undefined} {...pointer} onDoubleClick={toggle}>
      <div className={c.canvas} style={style} data-pixels={scale >= 4 || undefined}>
        <img src={url} alt={generation.params.prompt} draggable={false} />
      </div>
      {generation.simulated && <span className={`${picture.mark} ${c.mark}`}>{t('common:simulatedMark')}</span>}
      {steps}
    </div>
  )
}

/** The way to the image before or after, on the edge where it lies. */
function Step({ side, onClick }: { side: 'left' | 'right'; onClick: () => void }) {
  const { t } = useTranslation('gallery')
  const Chevron = side === 'left' ? IconChevronLeft : IconChevronRight
  return (
    <ActionIcon
      variant="default"
      size={36}
      radius={18}
      className={c.step}
      data-side={side}
      aria-label={t(side === 'left' ? 'picture.previous' : 'picture.next')}
      onClick={onClick}
    >
      <Chevron size={18} />
    </ActionIcon>
  )
}
