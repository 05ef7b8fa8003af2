import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { api } from '../../api/query'
import { formatInteger } from '../../i18n/format'
import { Ago } from '../../ui/Ago'
import { useGpuFigure } from '../gpus/useGpus'

/** Temperatures are told in steps of so many degrees: a sentence does not flicker. */
const stepC = 5

/** What was looked at while nothing needs attention, and when. */
export function Looked({ services }: { services: readonly Service[] }) {
  const { t } = useTranslation('overview')
  const credentials = useQuery(api.credentials.list.queryOptions()).data ?? []
  const hottest = useGpuFigure(({ report }) => {
    const known = (report?.gpus ?? []).flatMap(({ temperatureC }) => temperatureC ?? [])
    return known.length === 0 ? null : Math.ceil(Math.max(...known) / stepC) * stepC
  })
  const ready = services.filter(({ health }) => health.state === 'ready').length
  const inSync = credentials.filter(({ state }) => state === 'in-sync').length
  const checkedAt = Math.max(0, ...services.map(({ health }) => health.checkedAt ?? 0))
  const parts = [
    ready > 0 && t('attention.looked.services', { count: ready }),
    inSync > 0 && t('attention.looked.credentials', { count: inSync }),
    hottest !== null && t('attention.looked.gpus', { celsius: formatInteger(hottest) }),
  ].filter((part) => part !== false)
  return (
    <>
      {parts.length > 0 && `${parts.join(', ')}. `}
      {checkedAt > 0 && (
        <>
          {t('attention.looked.checked')} <Ago at={checkedAt} />
        </>
      )}
    </>
  )
}
