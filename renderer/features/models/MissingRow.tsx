import { Button } from '@mantine/core'
import { IconAlertTriangle, IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { MissingModel } from '../../../shared/contract'
import { formatList, formatSize } from '../../i18n/format'
import c from './Models.module.css'

/** A file that something names and no folder has. */
export function MissingRow({ missing, onDownload }: { missing: MissingModel; onDownload: () => void }) {
  const { t } = useTranslation('library')
  const { name, folder, bytes, url, by } = missing
  const own = name.split(/[\\/]/).at(-1) ?? name
  const wants = formatList(by.map((one) => t(`remove.${one.kind}`, { name: one.name })))
  return (
    <>
      <span role="cell" className={c.name}>
        <span className={`mono ${c.lost}`} title={name}>
          {own}
        </span>
        <span className={c.mark}>
          <IconAlertTriangle size={13} aria-hidden />
          {t('missing.mark')}
        </span>
      </span>
      <span role="cell" className={c.folder}>
        {folder}
      </span>
      <span role="cell" className={`num ${c.size}`}>
        {bytes === null ? '–' : formatSize(bytes)}
      </span>
      <span role="cell" className={c.wants} title={wants}>
        {wants}
      </span>
      <span role="cell" className={c.used}>
        {url !== null && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconDownload size={14} stroke={1.6} />}
            aria-label={t('missing.downloadOf', { name: own })}
            onClick={onDownload}
          >
            {t('missing.download')}
          </Button>
        )}
      </span>
    </>
  )
}
