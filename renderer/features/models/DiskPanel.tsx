import { useTranslation } from 'react-i18next'
import type { LibraryOverview, ModelRole } from '../../../shared/contract'
import { formatSize } from '../../i18n/format'
import { Panel } from '../../ui/Panel'
import c from './Models.module.css'
import { Reclaim } from './Reclaim'
import type { Show } from './useLibrary'

type Disk = LibraryOverview['disks'][number]

/** Colour and texture of a part of the bar: of kinds beyond these, all are one part. */
const series: Partial<Record<ModelRole, string>> = {
  'diffusion-model': '1',
  checkpoint: '2',
  'text-encoder': '3',
  lora: '4',
}

/** The bar's parts: kinds of models, those without a look of their own together, and what else lies there. */
function partsOf({ roles, totalBytes, freeBytes }: Disk) {
  const own = roles.filter(({ role }) => series[role] !== undefined)
  const rest = roles.filter(({ role }) => series[role] === undefined).reduce((sum, { bytes }) => sum + bytes, 0)
  const models = roles.reduce((sum, { bytes }) => sum + bytes, 0)
  return {
    own: own.map(({ role, bytes }) => ({ role, bytes, look: series[role] ?? '' })),
    rest,
    other: Math.max(0, totalBytes - freeBytes - models),
  }
}

function Bar({ disk }: { disk: Disk }) {
  const { t } = useTranslation('library')
  const { own, rest, other } = partsOf(disk)
  const free = formatSize(disk.freeBytes)
  const total = formatSize(disk.totalBytes)
  const parts = [
    ...own.map(({ role, bytes, look }) => ({ key: role, name: t(`role.${role}`), bytes, look })),
    ...(rest > 0 ? [{ key: 'rest', name: t('role.other'), bytes: rest, look: '5' }] : []),
    { key: 'other', name: t('disk.other'), bytes: other, look: 'other' },
  ]
  return (
    <div className={c.space}>
      <div className={c.spaceHead}>
        <span>{t('disk.free', { free, total })}</span>
        <span className="mono" title={disk.path}>
          {disk.path}
        </span>
      </div>
      <div className={c.bar} role="img" aria-label={t('disk.bar', { path: disk.path, free, total })}>
        {parts.map(({ key, bytes, look }) => (
          <span key={key} data-look={look} style={{ flexGrow: bytes }} />
        ))}
        <span style={{ flexGrow: disk.freeBytes }} />
      </div>
      <ul className={c.legend}>
        {parts.map(({ key, name, bytes, look }) => (
          <li key={key}>
            <i data-look={look} aria-hidden />
            {name} <b className="num">{formatSize(bytes)}</b>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** What takes the space, and what can be won back. */
export function DiskPanel({ overview, onShow }: { overview: LibraryOverview; onShow: (show: Show) => void }) {
  return (
    <Panel flush>
      <div className={c.disk}>
        <div className={c.spaces}>
          {overview.disks.map((disk) => (
            <Bar key={disk.path} disk={disk} />
          ))}
        </div>
        <Reclaim overview={overview} onShow={onShow} />
      </div>
    </Panel>
  )
}
