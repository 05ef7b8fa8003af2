import { skipToken, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Service, TimelineEntry } from '../../../shared/contract'
import { api } from '../../api/query'
import { describeReason } from '../../i18n'
import c from './ServiceCard.module.css'

/** That Regie put a service to sleep, why, and whether what is asked of it wakes it. */
export function AsleepLines({ service, why }: { service: Service; why: NonNullable<TimelineEntry['reason']> }) {
  const { t } = useTranslation('waiting')
  return (
    <>
      <span className={c.jobLine}>{t(service.idle.wake ? 'asleepWakes' : 'asleep')}</span>
      <span className="dim">{describeReason(why).message}</span>
    </>
  )
}

/** How often what waits is asked for, in ms: often while a service is on its way. */
const askedEvery = ({ health }: Service) => (health.state === 'ready' ? 5000 : 1000)

/** How many jobs wait in the line of a card for a service; 0 where it shares none. */
function useInLine({ id, gpu }: Service): number {
  const uuid = gpu?.uuid
  const services = useQuery(api.services.list.queryOptions()).data ?? []
  const isShared = uuid !== undefined && services.some((one) => one.id !== id && one.gpu?.uuid === uuid)
  const turns = useQuery(api.gpus.turns.queryOptions({ input: isShared ? { uuid } : skipToken })).data
  return turns?.waiting.filter(({ serviceId }) => serviceId === id).length ?? 0
}

/** That a request wakes a service, and what waits for it; nothing where nothing does. */
export function WaitingLine({ service }: { service: Service }) {
  const { t } = useTranslation('waiting')
  const gateway = useQuery({ ...api.gateway.read.queryOptions(), refetchInterval: askedEvery(service) }).data
  const { held = 0, waking = null } = gateway?.listeners.find(({ serviceId }) => serviceId === service.id) ?? {}
  const inLine = useInLine(service)
  const parts = [
    ...(waking ? [waking.leftS === null ? t('waking') : t('wakingIn', { n: waking.leftS })] : []),
    ...(held > 0 ? [t('held', { count: held })] : []),
    ...(inLine > 0 ? [t('line', { count: inLine })] : []),
  ]
  return parts.length > 0 && <span role="status">{parts.join(' · ')}</span>
}
