import { ActionIcon, Modal } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconChevronLeft, IconChevronRight, IconDownload, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { imageUrl } from '../../../api/images'
import c from './Picture.module.css'
import { Tooltip } from '../../../ui/Tooltip'

export interface LightboxImage {
  id: string
  alt: string
  simulated: boolean
  /** Suggested when it is saved. */
  fileName: string
}

interface LightboxProps {
  images: readonly LightboxImage[]
  /** Which of them is shown; null: closed. */
  index: number | null
  onIndex: (index: number) => void
  onClose: () => void
}

/** One picture as large as the window allows, on black. Escape closes, the arrow keys go through the others. */
export function Lightbox({ images, index, onIndex, onClose }: LightboxProps) {
  const { t } = useTranslation(['gallery', 'common'])
  const shown = index === null ? undefined : images[index]
  const go = (by: number) => {
    const next = (index ?? 0) + by
    if (images[next]) onIndex(next)
  }
  useHotkeys(
    shown
      ? [
          ['ArrowLeft', () => go(-1)],
          ['ArrowRight', () => go(1)],
        ]
      : [],
  )
  return (
    <Modal
      opened={shown !== undefined}
      onClose={onClose}
      fullScreen
      padding={0}
      withCloseButton={false}
      transitionProps={{ duration: 0 }}
      attributes={{ content: { 'aria-label': t('picture.fullSize') } }}
      styles={{ body: { height: '100%' } }}
    >
      {shown && (
        <div className={c.lightbox}>
          <div className={c.lightHead}>
            <span className={c.lightText}>{shown.alt}</span>
            <Tools images={images} index={index} shown={shown} go={go} onClose={onClose} />
          </div>
          <div className={c.lightStage}>
            <div className={c.lightFrame}>
              <img src={imageUrl(shown.id)} alt={shown.alt} />
              {shown.simulated && <span className={c.mark}>{t('common:simulatedMark')}</span>}
            </div>
          </div>
        </div>
      )}
    </Modal>
  )
}

interface ToolsProps extends Pick<LightboxProps, 'images' | 'index' | 'onClose'> {
  shown: LightboxImage
  go: (by: number) => void
}

function Tools({ images, index, shown, go, onClose }: ToolsProps) {
  const { t } = useTranslation('gallery')
  return (
    <span className={c.lightTools}>
      {images.length > 1 && (
        <>
          <Tool label={t('picture.previous')} isDisabled={index === 0} onClick={() => go(-1)}>
            <IconChevronLeft size={18} />
          </Tool>
          <Tool label={t('picture.next')} isDisabled={index === images.length - 1} onClick={() => go(1)}>
            <IconChevronRight size={18} />
          </Tool>
        </>
      )}
      <Tooltip label={t('picture.save')}>
        <ActionIcon
          component="a"
          variant="transparent"
          href={imageUrl(shown.id)}
          download={shown.fileName}
          aria-label={t('picture.save')}
        >
          <IconDownload size={17} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <Tool label={t('picture.close')} onClick={onClose}>
        <IconX size={18} />
      </Tool>
    </span>
  )
}

interface ToolProps {
  label: string
  isDisabled?: boolean
  onClick: () => void
  children: React.ReactNode
}

const Tool = ({ label, isDisabled = false, onClick, children }: ToolProps) => (
  <Tooltip label={label}>
    <ActionIcon variant="transparent" disabled={isDisabled} onClick={onClick} aria-label={label}>
      {children}
    </ActionIcon>
  </Tooltip>
)
