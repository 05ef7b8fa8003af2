import { useTranslation } from 'react-i18next'
import type { Service } from '../../../../shared/contract'
import { Ago } from '../../../ui/Ago'
import { useNarrow } from '../../../ui/narrow'
import { LadderEvidence } from '../../services/Ladder'
import { ShortLog } from '../../logs/ShortLog'
import { Panel, PanelAction } from '../../../ui/Panel'
import { useServiceActions } from '../../services/useServiceActions'
import { Blocked } from '../Blocked'
import { CredentialPanel } from '../CredentialPanel'
import { HealthChecks } from '../HealthChecks'
import { LastGenerations } from '../LastGenerations'
import { MemoryPanel } from '../MemoryPanel'
import { ProjectPanel } from '../ProjectPanel'
import { RunningJob } from '../RunningJob'
import { ServiceFacts } from '../ServiceFacts'
import c from '../ServiceDetail.module.css'

/** How far the service has come, what it writes, what opens it, what it made. */
export default function OverviewTab({ service }: { service: Service }) {
  const { t } = useTranslation('services')
  const actions = useServiceActions(service)
  const isNarrow = useNarrow()
  const { id, health } = service
  return (
    <div className={c.grid}>
      <div className={c.left}>
        <Blocked service={service} actions={actions} />
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
          <LadderEvidence rungs={health.rungs} />
        </Panel>
        <HealthChecks service={service} actions={actions} />
        <ShortLog serviceId={id} className={c.logs} />
      </div>
      <div className={c.right}>
        <ServiceFacts service={service} actions={actions} />
        <ProjectPanel service={service} actions={actions} />
        <CredentialPanel service={service} actions={actions} />
        <MemoryPanel service={service} actions={actions} />
        <LastGenerations serviceId={id} />
      </div>
      {actions.dialog}
    </div>
  )
}
