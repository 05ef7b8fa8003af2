import { useTranslation } from 'react-i18next'
import type { Service } from '../../../../../shared/contract'
import { useIsAdmin } from '../../../../api/useSession'
import { Facts, Panel } from '../../../../ui/Panel'
import { formatSize } from '../../../../i18n/format'
import tab from '../Container.module.css'
import { Copying } from './Copying'
import type { FolderProps } from './folder-props'
import c from './Models.module.css'
import { Speed } from './Speed'
import { Switching } from './Switching'
import { isUnderWay, useModelsDrive } from './useModelsDrive'

/** Models that the container has from a Windows drive: how fast, and the way into a volume. Nothing where there are none. */
export function ModelsPanel({ service, containerId }: { service: Service; containerId: string }) {
  const { t } = useTranslation('models')
  const isAdmin = useIsAdmin()
  const { query, keep, lookAgain } = useModelsDrive(service.id, containerId, isAdmin)
  const folders = query.data ?? []
  if (folders.length === 0) return null
  const isBusy = folders.some(({ copy }) => isUnderWay(copy))
  return (
    <Panel title={t('title')} className={tab.wide}>
      <p className={c.text}>{t('text')}</p>
      {folders.map((folder) => (
        <Folder key={folder.target} {...{ service, folder, isBusy, keep, lookAgain }} />
      ))}
    </Panel>
  )
}

function Folder(props: FolderProps) {
  const { t } = useTranslation('models')
  const { target, source, copy, isSwitched } = props.folder
  return (
    <section className={c.folder} aria-label={target}>
      <Facts
        labelWidth={112}
        rows={[
          [t('folder'), <span className="mono">{target}</span>],
          [
            t(isSwitched ? 'originals' : 'source'),
            <>
              <span className="mono">{source}</span>
              {copy !== null && copy.totalBytes > 0 && <span className={tab.note}>{formatSize(copy.totalBytes)}</span>}
            </>,
          ],
          [t('volume'), copy && <span className="mono">{copy.volume}</span>],
          [t('speed.label'), <Speed {...props} />],
        ]}
      />
      {copy?.state === 'copied' ? <Switching {...props} copy={copy} /> : <Copying {...props} />}
    </section>
  )
}
