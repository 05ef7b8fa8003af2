import { useTranslation } from 'react-i18next'
import type { LibraryFolder, LibraryOverview } from '../../../shared/contract'
import { useServiceName } from '../../api/useServiceName'
import { describeReason } from '../../i18n'
import { formatList, formatSize } from '../../i18n/format'
import { Panel } from '../../ui/Panel'
import c from './Models.module.css'

function useFolderWords({ state, files, bytes, writable }: LibraryFolder): string {
  const { t } = useTranslation('library')
  switch (state) {
    case 'read': {
      const words = t('folders.files', { count: files, size: formatSize(bytes) })
      return writable ? words : `${words} · ${t('folders.readOnly')}`
    }
    case 'absent':
    case 'unreadable':
    case 'elsewhere':
      return t(`folders.${state}`)
  }
}

function Folder({ folder }: { folder: LibraryFolder }) {
  const words = useFolderWords(folder)
  const nameOf = useServiceName()
  return (
    <li data-warn={folder.state === 'unreadable' || undefined}>
      <span className="mono" title={folder.path}>
        {folder.path}
      </span>
      <span className={c.quiet}>{formatList(folder.services.map(nameOf))}</span>
      <span className="num">{words}</span>
    </li>
  )
}

/** Where services look for models, folded, and of which nobody knows. */
export function FoldersPanel({ overview }: { overview: LibraryOverview }) {
  const { t } = useTranslation('library')
  const nameOf = useServiceName()
  const { folders, unknown } = overview
  if (folders.length === 0 && unknown.length === 0) return null
  return (
    <Panel flush>
      <details className={c.folders}>
        <summary>{t('folders.count', { count: folders.length })}</summary>
        <ul>
          {folders.map((folder) => (
            <Folder key={folder.id} folder={folder} />
          ))}
          {unknown.map(({ id, reason }) => (
            <li key={id}>
              <span>{nameOf(id)}</span>
              <span className={c.quiet}>{t('folders.unknown')}</span>
              <span>{describeReason(reason).message}</span>
            </li>
          ))}
        </ul>
      </details>
    </Panel>
  )
}
