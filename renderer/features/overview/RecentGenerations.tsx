import { IconPhoto } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../shared/contract'
import { thumbnailUrl } from '../../api/images'
import { Ago } from '../../ui/Ago'
import { Panel, PanelAction } from '../../ui/Panel'
import { Picture } from '../gallery/picture/Picture'
import { hrefOf } from '../../ui/route'
import { formatDuration } from '../../i18n/format'
import c from './Overview.module.css'

function Shot({ generation, imageId }: { generation: Generation; imageId: string }) {
  const { params, timings, serviceId, simulated, createdAt } = generation
  return (
    <li>
      <a href={hrefOf('gallery', generation.id)} className={c.shot}>
        <Picture src={thumbnailUrl(imageId)} alt={params.prompt} simulated={simulated} />
        <span className={c.prompt}>{params.prompt}</span>
        <span className={c.meta}>
          <span className="ellipsis">{serviceId}</span>
          <span>{timings.totalMs === null ? <Ago at={createdAt} /> : formatDuration(timings.totalMs)}</span>
        </span>
      </a>
    </li>
  )
}

/** So many images stand in a line on a wide page. */
const perLine = 8

/** The last images, newest first. */
export function RecentGenerations({ generations, lines }: { generations: readonly Generation[]; lines: 1 | 2 }) {
  const { t } = useTranslation('overview')
  const shots = generations.flatMap((generation) => {
    const image = generation.images[0]
    return generation.state === 'succeeded' && image ? [{ generation, imageId: image.id }] : []
  })
  return (
    <Panel title={t('recent.title')} action={<PanelAction href={hrefOf('gallery')}>{t('recent.open')}</PanelAction>}>
      {shots.length === 0 ? (
        <p className={c.nothing}>
          <IconPhoto size={18} stroke={1.6} aria-hidden />
          {t('recent.empty')}
        </p>
      ) : (
        <ul className={c.recent} data-lines={lines}>
          {shots.slice(0, lines * perLine).map((shot) => (
            <Shot key={shot.generation.id} {...shot} />
          ))}
        </ul>
      )}
    </Panel>
  )
}
