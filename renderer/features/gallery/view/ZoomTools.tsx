import { ActionIcon, Button } from '@mantine/core'
import { IconMinus, IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { formatInteger } from '../../../i18n/format'
import type { Zoom } from './useZoom'
import c from './View.module.css'

/** How large the image is shown, and how to change that. */
export function ZoomTools({ zoom }: { zoom: Zoom }) {
  const { t } = useTranslation('gallery')
  const percent = t('view.percent', { n: formatInteger(zoom.scale * 100) })
  return (
    <div className={c.zoom} role="group" aria-label={t('view.zoom')}>
      <ActionIcon variant="subtle" color="gray" aria-label={t('view.zoomOut')} onClick={() => zoom.step(-1)}>
        <IconMinus size={16} />
      </ActionIcon>
      <output>{zoom.isFit ? t('view.fitted', { percent }) : percent}</output>
      <ActionIcon variant="subtle" color="gray" aria-label={t('view.zoomIn')} onClick={() => zoom.step(1)}>
        <IconPlus size={16} />
      </ActionIcon>
      <Button variant="subtle" color="gray" aria-keyshortcuts="Z" onClick={zoom.toggle}>
        {zoom.isFit ? t('view.percent', { n: formatInteger(100) }) : t('view.fit')}
      </Button>
    </div>
  )
}
