import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../../shared/contract'
import { Ago } from '../../../ui/Ago'
import { useNarrow } from '../../../ui/narrow'
import { lazyPart } from '../../../ui/parts'
import { LadderEvidence } from '../../services/Ladder'
import { ShortLog } from '../../logs/ShortLog'
import { Panel, PanelAction } from '../../../ui/Panel'
import { Loading } from '../../../ui/States'
import { useServiceActions } from '../../services/useServiceActions'
import { Blocked } from '../Blocked'
import { CredentialPanel } from '../CredentialPanel'
import { HealthChecks } from '../HealthChecks'
import { LastGenerations } from '../LastGenerations'
import { MemoryPanel } from '../MemoryPanel'
import { ProjectPanel } from '../ProjectPanel'
import { RunningJob } from '../RunningJob'
import { ServiceFacts } from '../ServiceFacts'
import { Alert } from '../unreachable/Alert'
import { Waiting } from '../unreachable/Waiting'
import c from '../ServiceDetail.module.css'

const Reach = lazyPart(() => import('../unreachable/Reach'))

/** How far the service has come, what it writes, what opens it, what it made. */
export default function OverviewTab({ service }: { service: Service }) {
  const { t } = useTranslation('services')
  const actions = useServiceActions(service)
  const isNarrow = useNarrow()
  const { id, health, runtime } = service
  const isUnreachable = health.state === 'unreachable'
  return (
    <div className={c.grid}>
      <div className={c.left}>
        {isUnreachable ? <Alert service={service} /> : <Blocked service={service} actions={actions} />}
        {isNarrow && <RunningJob service={service} />}
        <Panel
          title={t('ladder.title')}
          note={
            health.checkedAt === null ? (
              t('ladder.note')
            ) : (
              <>
                {t('ladder.checked')} <Ago at={health.checkedAt} />
              </>
            )
          }
          action={
            <PanelAction onClick={actions.probe} loading={actions.isProbing} label={t('do.probeOf', { id })}>
              {t('do.probe')}
            </PanelAction>
          }
          className={c.noShrink}
        >
          <LadderEvidence rungs={health.rungs} proved={health.proved} isExternal={runtime === 'external'} />
        </Panel>
        <HealthChecks service={service} actions={actions} />
        {isUnreachable ? (
          <Suspense fallback={<Loading rows={4} />}>
            <Reach service={service} />
          </Suspense>
        ) : (
          <ShortLog serviceId={id} className={c.logs} />
        )}
      </div>
      <div className={c.right}>
        <ServiceFacts service={service} actions={actions} />
        <ProjectPanel service={service} actions={actions} />
        <CredentialPanel service={service} actions={actions} />
        {!isUnreachable && <MemoryPanel service={service} actions={actions} />}
        {isUnreachable && <Waiting service={service} />}
        <LastGenerations serviceId={id} />
      </div>
      {actions.dialog}
    </div>
  )
}
