import { useMutation } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WorkflowDetail } from '../../../../../shared/contract'
import { useIsAdmin } from '../../../../api/useSession'
import { formatDay, formatExact } from '../../../../i18n/format'
import { Facts, Panel, PanelAction } from '../../../../ui/Panel'
import { lazyPart } from '../../../../ui/parts'
import { showDone } from '../../../../ui/toast'
import { api } from '../../../../api/query'
import { useTakeIn } from '../useTakeIn'
import c from './Versions.module.css'

const CompareDialog = lazyPart(() => import('./CompareDialog'))

type Version = WorkflowDetail['versions'][number]

/** How a workflow came to be what it is: what changed, the way back to each version, and what its file says. */
export function VersionsPanel({ detail }: { detail: WorkflowDetail }) {
  const { t } = useTranslation('workflow')
  const [isComparing, setComparing] = useState(false)
  const { versions, format, notes, nodes, form } = detail
  return (
    <Panel
      title={t('versions.title')}
      action={
        versions.length > 1 && <PanelAction onClick={() => setComparing(true)}>{t('versions.compare')}</PanelAction>
      }
      flush
      fill
      className={c.panel}
    >
      <div className={c.scroll}>
        <ol className={c.list}>
          {versions.map((version, at) => (
            <Line key={version.version} id={detail.id} version={version} before={versions[at + 1]} isNow={at === 0} />
          ))}
        </ol>
        <div className={c.about}>
          <Facts
            labelWidth={76}
            rows={[
              [t('versions.format'), t(`format.${format}`)],
              [t('versions.size'), t('versions.counts', { nodes, inputs: form.length })],
            ]}
          />
          {notes.map((note) => (
            <p key={note}>{t('versions.note', { note })}</p>
          ))}
        </div>
      </div>
      <Suspense>{isComparing && <CompareDialog detail={detail} onClose={() => setComparing(false)} />}</Suspense>
    </Panel>
  )
}

interface LineProps {
  id: string
  version: Version
  /** The version before it; none before the first. */
  before: Version | undefined
  isNow: boolean
}

function Line({ id, version, before, isNow }: LineProps) {
  const { t } = useTranslation('workflow')
  const isAdmin = useIsAdmin()
  const takeIn = useTakeIn()
  const restore = useMutation(
    api.workflows.restore.mutationOptions({
      onSuccess: (detail) => {
        takeIn(detail)
        showDone(t('versions.restoredAs', { version: version.version, as: detail.version }))
      },
    }),
  )
  const counts =
    before && before.nodes !== version.nodes
      ? t('versions.nodesWere', { count: version.nodes, were: before.nodes })
      : t('versions.nodes', { count: version.nodes })
  const how = version.change === 'imported' && before ? 'importedAgain' : version.change
  return (
    <li>
      <b>{t('version', { version: version.version })}</b>
      <span>{isNow ? t('versions.current') : t(`versions.${how}`)}</span>
      <time title={formatExact(version.at)}>{formatDay(version.at)}</time>
      <p>
        {[isNow ? t(`versions.${how}`) : null, version.fileName, counts].filter((part) => part !== null).join(', ')}
      </p>
      {!isNow && isAdmin && (
        <PanelAction
          loading={restore.isPending}
          label={t('versions.restoreOne', { version: version.version })}
          onClick={() => restore.mutate({ id, version: version.version })}
        >
          {t('versions.restore')}
        </PanelAction>
      )}
    </li>
  )
}
