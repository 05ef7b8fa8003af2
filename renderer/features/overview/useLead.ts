import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { cardName } from '../../../shared/cards'
import { useNarrow } from '../../ui/narrow'
import { useRecentGenerations } from '../gallery/useRecentGenerations'
import { useGpuFigure } from '../gpus/useGpus'
import { isWorking } from '../services/state'

/** One sentence that answers: how many are ready, how many work, and, where there is room for no strip, which card is free. */
export function useLead(services: readonly Service[]): string | undefined {
  const { t } = useTranslation('overview')
  const generations = useRecentGenerations()
  const isNarrow = useNarrow()
  const free = useGpuFigure(({ report }) => {
    const idle = report?.gpus.find(({ processes }) => processes.every(({ serviceId }) => serviceId === null))
    return isNarrow && idle ? cardName(idle.name) : null
  })
  if (services.length === 0) return undefined
  const ready = services.filter(({ health }) => health.state === 'ready').length
  const working = services.filter((service) => isWorking(service, generations)).length
  return [
    t('lead.ready', { ready, count: services.length }),
    working > 0 && t('lead.working', { count: working }),
    free !== null && t('lead.free', { card: free }),
  ]
    .filter(Boolean)
    .join(', ')
}
