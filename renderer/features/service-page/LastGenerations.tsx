import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { thumbnailUrl } from '../../api/images'
import { api } from '../../api/query'
import { Panel, PanelAction } from '../../ui/Panel'
import { Picture } from '../gallery/picture/Picture'
import { Loading } from '../../ui/States'
import { hrefOf } from '../../ui/route'
import c from './ServiceDetail.module.css'
import { Loaded } from '../../api/Loaded'

/** The last pictures of one service. */
export function LastGenerations({ serviceId }: { serviceId: string }) {
  const { t } = useTranslation('services')
  const page = useQuery(api.generations.list.queryOptions({ input: { limit: 6, serviceId, state: 'succeeded' } }))
  return (
    <Panel title={t('panel.last')} action={<PanelAction href={hrefOf('gallery')}>{t('last.open')}</PanelAction>}>
      <Loaded query={page} loading={<Loading rows={2} />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className={c.gpuNote}>{t('last.none')}</p>
          ) : (
            <ul className={c.last}>
              {items.map(({ id, images, params, simulated }) =>
                images[0] ? (
                  <li key={id}>
                    <a href={hrefOf('gallery', id)} title={params.prompt}>
                      <Picture src={thumbnailUrl(images[0].id)} alt={params.prompt} simulated={simulated} />
                    </a>
                  </li>
                ) : null,
              )}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  )
}
