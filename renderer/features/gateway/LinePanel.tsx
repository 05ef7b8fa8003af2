import { useTranslation } from 'react-i18next'
import type { GatewayService } from '../../../shared/contract'
import { Panel } from '../../ui/Panel'
import { WaitingLine } from '../gpus/card/WaitingLine'
import { CancelJob } from './CancelJob'
import c from './Gateway.module.css'

/** Whose jobs a service has and who waits for it, in the order in which they are served. */
export function LinePanel({ line, serviceId }: Pick<GatewayService, 'line' | 'serviceId'>) {
  const { t } = useTranslation('gateway')
  const people = new Set(line.map(({ by }) => by)).size
  return (
    <Panel
      title={t('line.title')}
      {...(line.length > 0 && {
        note: `${t('line.jobs', { count: line.length })}, ${t('inside.people', { count: people })}`,
      })}
      flush
    >
      {line.length === 0 ? (
        <p className={c.none}>{t('line.none')}</p>
      ) : (
        <WaitingLine
          label={t('line.title')}
          waiting={line.map((one) => ({
            ...{ name: one.name, since: one.since, reason: one.reason ?? undefined },
            action: one.job && <CancelJob of={one} job={one.job} serviceId={serviceId} />,
          }))}
        />
      )}
    </Panel>
  )
}
