import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../shared/contract'
import { thumbnailUrl } from '../../api/images'
import { api } from '../../api/query'
import { PanelAction } from '../../ui/Panel'
import { Picture } from '../gallery/picture/Picture'
import { StatusIcon } from '../../ui/Status'
import { hrefOf } from '../../ui/route'
import { formatDuration } from '../../i18n/format'
import { show, useStudio } from './store'
import c from './Studio.module.css'

/** What was made since Regie started, newest first; a click puts one back into its card. */
export function SessionStrip() {
  const { t } = useTranslation('studio')
  const { shown } = useStudio()
  const since = useQuery(api.system.about.queryOptions()).data?.startedAt ?? Infinity
  const recent = useQuery(api.generations.list.queryOptions({ input: { limit: 50 } })).data?.items ?? []
  const items = recent.filter(({ createdAt }) => createdAt >= since).slice(0, 24)
  if (items.length === 0) return null
  return (
    <section className={c.strip} aria-label={t('session.title')}>
      <header>
        <h2>{t('session.title')}</h2>
        <PanelAction href={hrefOf('gallery')}>{t('session.gallery')}</PanelAction>
      </header>
      <ul>
        {items.map((generation) => (
          <li key={generation.id} aria-current={shown[generation.serviceId] === generation.id ? 'true' : undefined}>
            <Thumb generation={generation} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Thumb({ generation }: { generation: Generation }) {
  const { t } = useTranslation(['studio', 'common'])
  const { id, serviceId, state, images, params, simulated, timings } = generation
  const [first] = images
  const label = t('session.show', { prompt: params.prompt.slice(0, 80), service: serviceId })
  return (
    <button type="button" aria-label={label} title={params.prompt} onClick={() => show(serviceId, id)}>
      {first ? (
        <Picture src={thumbnailUrl(first.id)} alt="" simulated={simulated} lazy />
      ) : (
        <span className={c.thumbBlank}>
          <StatusIcon of={state} size={18} />
        </span>
      )}
      <span className={c.thumbText}>
        {state === 'succeeded' && timings.totalMs !== null
          ? `${serviceId} ${formatDuration(timings.totalMs)}`
          : t(`common:status.${state}`)}
      </span>
    </button>
  )
}
