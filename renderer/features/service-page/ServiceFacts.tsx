import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { programWords } from '../../i18n/kinds'
import { KindIcon } from '../services/KindIcon'
import { Facts, Panel, PanelAction } from '../../ui/Panel'
import { useIsAdmin } from '../../api/useSession'
import type { ServiceActions } from '../services/useServiceActions'
import { CopyIcon } from '../../ui/States'
import { StatusLabel } from '../../ui/Status'
import { formatClock } from '../../i18n/format'
import { useContainerFacts } from './ContainerFacts'
import c from './ServiceDetail.module.css'

const mono = (text: string | null | undefined) =>
  text === null || text === undefined || text === '' ? null : (
    <span className="mono" title={text}>
      {text}
    </span>
  )

/** What the service is and where it runs. */
export function ServiceFacts({ service, actions }: { service: Service; actions: ServiceActions }) {
  const { t } = useTranslation(['services', 'common', 'edit', 'unreachable'])
  const isAdmin = useIsAdmin()
  const { kind, runtime, url, pid, queue, process, lastReach } = service
  const model = service.model ?? lastReach?.model
  const answeredAt = lastReach?.answeredAt ?? null
  const containerFacts = useContainerFacts(service)
  const queueText = ({ running, waiting }: NonNullable<Service['queue']>) =>
    waiting === null ? t('fact.queueRunning', { running }) : t('fact.queueText', { running, waiting })
  return (
    <Panel
      title={t('panel.service')}
      {...(lastReach && {
        note:
          answeredAt === null ? t('unreachable:never') : t('unreachable:lastKnown', { time: formatClock(answeredAt) }),
      })}
      action={
        <>
          {isAdmin && (
            <PanelAction onClick={actions.edit} label={t('edit:action.editOf', { id: service.id })}>
              {t('edit:action.edit')}
            </PanelAction>
          )}
          <CopyIcon value={url} label={t('do.copyAddress')} />
        </>
      }
    >
      <div className={c.identity}>
        <KindIcon kind={kind} />
        <div>
          <b>{programWords(kind)}</b>
          <span className="dim">{t(`runtimeNote.${runtime}`)}</span>
        </div>
      </div>
      <Facts
        labelWidth={92}
        rows={[
          [t('fact.address'), mono(url)],
          [t('fact.process'), pid === null ? null : <span className="num">{pid}</span>],
          [t('fact.started'), service.adopted ? t('fact.adopted') : null],
          [t('fact.command'), mono(process?.command)],
          [t('fact.folder'), mono(process?.cwd)],
          ...containerFacts,
          [t('fact.model'), mono(model)],
          [t('fact.queue'), lastReach ? <StatusLabel key="queue" of="unknown" /> : queue && queueText(queue)],
        ]}
      />
    </Panel>
  )
}
