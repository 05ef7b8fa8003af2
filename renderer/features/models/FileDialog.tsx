import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LibraryFile } from '../../../shared/contract'
import { useServiceName } from '../../api/useServiceName'
import { formatExact, formatSize } from '../../i18n/format'
import { Facts } from '../../ui/Panel'
import { CopyIcon } from '../../ui/States'
import { useReturnFocus } from '../../ui/useReturnFocus'
import { Used } from './FileRow'
import c from './Models.module.css'
import { Remove } from './Remove'
import { Removed } from './Removed'
import { Separate } from './Separate'
import { Share } from './Share'

function Copied({ value, label }: { value: string; label: string }) {
  return (
    <span className={c.value}>
      <span className="mono">{value}</span>
      <CopyIcon value={value} label={label} />
    </span>
  )
}

function Services({ services }: Pick<LibraryFile, 'services'>) {
  const { t } = useTranslation('library')
  const nameOf = useServiceName()
  if (services.length === 0) return t('file.nobody')
  return (
    <ul className={c.plainList}>
      {services.map(({ id, loads }) => (
        <li key={id}>
          {nameOf(id)}: {t(`loads.${loads}`)}
        </li>
      ))}
    </ul>
  )
}

function Known({ file, title }: { file: LibraryFile; title: string }) {
  const { t } = useTranslation('library')
  const { path, role, bytes, modifiedAt, sha256, header, names, services } = file
  return (
    <Facts
      labelWidth={112}
      rows={[
        [t('file.path'), <Copied key="path" value={path} label={t('file.copyPath')} />],
        [t('file.family'), title],
        [t('file.kind'), t(`role.${role}`)],
        [t('file.size'), formatSize(bytes)],
        [t('file.changed'), formatExact(modifiedAt)],
        [
          t('file.hash'),
          sha256 === null ? t('file.noHash') : <Copied key="hash" value={sha256} label={t('file.copyHash')} />,
        ],
        [t('file.header'), t(`header.${header}`)],
        [t('file.names'), names > 1 ? t('file.sharedNames', { count: names }) : null],
        [t('file.used'), <Used key="used" file={file} />],
        [t('file.services'), <Services key="services" services={services} />],
      ]}
    />
  )
}

/** What is being done with the file. */
type Doing = 'share' | 'remove' | null

/** What is known of one file, and what can be done with it. Mount it while it is open. */
export default function FileDialog({
  file,
  title,
  onClose,
}: {
  file: LibraryFile
  title: string
  onClose: () => void
}) {
  const { t } = useTranslation('library')
  const [doing, setDoing] = useState<Doing>(null)
  useReturnFocus()
  const name = file.name.replace(/\.regie-removed$/, '')
  const back = () => setDoing(null)
  return (
    <Modal opened onClose={onClose} title={name} size={600}>
      <div className={c.dialog}>
        {doing === 'share' && <Share file={file} onBack={back} onDone={onClose} />}
        {doing === 'remove' && <Remove file={file} onBack={back} onDone={onClose} />}
        {doing === null && (
          <>
            {file.runsCode && <p className={c.warning}>{t('file.runsCode')}</p>}
            <Known file={file} title={title} />
            {file.paths.length > 1 && !file.removed && <Separate file={file} onDone={onClose} />}
            <footer className={c.foot}>
              {file.removed && <Removed file={file} onDone={onClose} />}
              {!file.removed && (
                <Button variant="default" onClick={() => setDoing('remove')}>
                  {t('remove.open')}
                </Button>
              )}
              {file.copies > 0 && (
                <Button variant="light" onClick={() => setDoing('share')}>
                  {t('share.open')}
                </Button>
              )}
              <Button variant="default" onClick={onClose}>
                {t('file.close')}
              </Button>
            </footer>
          </>
        )}
      </div>
    </Modal>
  )
}
