import { useQueries } from '@tanstack/react-query'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Need } from '../../../shared/contract'
import { api } from '../../api/query'
import { nearestFamily } from './families'
import { useNeedText } from './needs'
import c from './Studio.module.css'

/** Says which of the services have no model that is known, and what would have to be put where. */
export function NoKnownModels({ ids }: { ids: string[] }) {
  const found = useQueries({
    queries: ids.map((id) => api.services.capabilities.queryOptions({ input: { id }, staleTime: 30_000 })),
  })
  return ids.map((id, index) => {
    const capabilities = found[index]?.data
    const nearest = capabilities && nearestFamily(capabilities)
    return nearest ? <NoKnownModel key={id} service={id} nearest={nearest} /> : null
  })
}

function NoKnownModel({ service, nearest }: { service: string; nearest: { title: string; missing: Need[] } }) {
  const { t } = useTranslation('studio')
  const needText = useNeedText()
  const title = t('noModel.title', { service })
  return (
    <section className={c.noModel} aria-label={title}>
      <h3>
        <IconAlertTriangle size={15} aria-hidden />
        {title}
      </h3>
      <p>{t('noModel.nearest', { family: nearest.title })}</p>
      <ul>
        {nearest.missing.map((need) => (
          <li key={need.name}>{needText(need)}</li>
        ))}
      </ul>
    </section>
  )
}
