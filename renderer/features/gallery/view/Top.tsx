import { ActionIcon, Button } from '@mantine/core'
import {
  IconArrowLeft,
  IconArrowsExchange,
  IconArrowsMaximize,
  IconDownload,
  IconInfoCircle,
  IconTrash,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { imageFileName } from '../../../../shared/file-names'
import { compareHref } from '../../../ui/route'
import { formatInteger } from '../../../i18n/format'
import { Tooltip } from '../../../ui/Tooltip'
import { FavouriteButton } from '../Notes'
import { isPicture } from '../picture/still'
import type { Zoom } from './useZoom'
import c from './View.module.css'
import type { Shown } from './shown'
import { ZoomTools } from './ZoomTools'

interface TopProps {
  at: Shown
  title: string
  count: { place: number; of: number }
  back: string
  onClose: () => void
  zoom: Zoom
  remove: (() => void) | null
  hasSide: boolean
  setSide: (isOpen: boolean) => void
}

const look = { size: 17, stroke: 1.6 }

/** Where one is, how large it is shown, and what can be done with the image. */
export function Top({ at, title, count, back, onClose, zoom, remove, hasSide, setSide }: TopProps) {
  const { t } = useTranslation('gallery')
  const { generation, index, url } = at
  return (
    <header className={c.top}>
      <Button
        variant="subtle"
        color="gray"
        className={c.back}
        leftSection={<IconArrowLeft size={16} />}
        aria-label={t('view.back', { page: back })}
        onClick={onClose}
      >
        <span className={c.wide}>{back}</span>
      </Button>
      <h1 title={generation.params.prompt}>{title}</h1>
      {count.of > 1 && (
        <span className={c.count}>
          {t('view.count', { place: formatInteger(count.place), of: formatInteger(count.of) })}
        </span>
      )}
      {isPicture(at.image) ? <ZoomTools zoom={zoom} /> : <span className={c.zoom} />}
      <div className={c.tools}>
        <FavouriteButton generation={generation} variant="subtle" />
        <Tool label={t('bulk.compare')} href={compareHref(`${generation.id}.${index}`, '')} onClick={onClose}>
          <IconArrowsExchange {...look} />
        </Tool>
        <span className={c.wide}>
          <Tool label={t('view.fullScreen')} onClick={toggleFullScreen}>
            <IconArrowsMaximize {...look} />
          </Tool>
        </span>
        {remove && (
          <Tool label={t('detail.delete')} onClick={remove}>
            <IconTrash {...look} />
          </Tool>
        )}
        <Tool label={t('view.details')} isPressed={hasSide} onClick={() => setSide(!hasSide)}>
          <IconInfoCircle {...look} />
        </Tool>
        <Button
          component="a"
          variant="default"
          className={c.download}
          leftSection={<IconDownload size={16} />}
          href={url}
          download={imageFileName(generation, index)}
          aria-label={t('picture.save')}
        >
          <span className={c.wide}>{t('picture.save')}</span>
        </Button>
      </div>
    </header>
  )
}

/** The browser's own, without its bars. What refuses it has none. */
function toggleFullScreen(): void {
  const done = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()
  // The browser may not allow it, or a key was quicker: the picture stays as large as it is.
  done.catch(() => undefined)
}

interface ToolProps {
  label: string
  onClick: () => void
  href?: string
  isPressed?: boolean
  children: React.ReactNode
}

const Tool = ({ label, onClick, href, isPressed, children }: ToolProps) => (
  <Tooltip label={label}>
    {href === undefined ? (
      <ActionIcon variant="subtle" color="gray" aria-label={label} aria-pressed={isPressed} onClick={onClick}>
        {children}
      </ActionIcon>
    ) : (
      <ActionIcon component="a" href={href} variant="subtle" color="gray" aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    )}
  </Tooltip>
)
