import { Checkbox } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RoomItem, RoomRemoval, RoomReport } from '../../../../shared/contract'
import { ErrorState } from '../../../api/Loaded'
import { useIsAdmin } from '../../../api/useSession'
import { formatSize } from '../../../i18n/format'
import { Ago } from '../../../ui/Ago'
import { Panel, PanelAction } from '../../../ui/Panel'
import { Empty, Loading } from '../../../ui/States'
import { Kept } from './Kept'
import { Removal } from './Removal'
import { RemoveFoot } from './RemoveFoot'
import c from './Room.module.css'
import { useRemoval, useRoom } from './useRoom'

/** Images, build cache and stopped containers that nothing needs any more, and their removal. */
export function RoomPanel() {
  const { t } = useTranslation(['room', 'common'])
  const isAdmin = useIsAdmin()
  const room = useRoom(isAdmin)
  const removal = useRemoval(isAdmin)
  if (!isAdmin) return null
  const isRunning = removal?.state === 'running'
  const free = room.data?.freeBytes ?? null
  return (
    <Panel
      title={t('title')}
      note={room.data && (free === null ? t('freeUnknown') : t('free', { size: formatSize(free) }))}
      action={
        <PanelAction onClick={() => void room.refetch()} loading={room.isFetching} disabled={isRunning}>
          {t('again')}
        </PanelAction>
      }
      flush
    >
      {removal && <Removal removal={removal} />}
      {room.data ? (
        <Found report={withoutRemoved(room.data, removal)} isRunning={isRunning} />
      ) : room.error ? (
        <ErrorState error={room.error} onRetry={() => void room.refetch()} />
      ) : (
        <div className={c.wait}>
          <p className={c.text}>{t('counting')}</p>
          <Loading rows={3} height={32} />
        </div>
      )}
    </Panel>
  )
}

/** While what is left is being counted again, what is gone is not offered once more. */
function withoutRemoved(report: RoomReport, removal: RoomRemoval | null): RoomReport {
  if (removal === null || removal.startedAt < report.at) return report
  const gone = new Set(removal.items.flatMap(({ id, state }) => (state === 'removed' ? [id] : [])))
  return { ...report, items: report.items.filter(({ id }) => !gone.has(id)) }
}

function Found({ report, isRunning }: { report: RoomReport; isRunning: boolean }) {
  const { t } = useTranslation('room')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const { items, kept, needed, unread } = report
  const selected = items.filter(({ id }) => chosen.has(id))
  const toggle = (id: string) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    setChosen(next)
  }
  return (
    <>
      {items.length === 0 ? (
        <Empty icon={IconCircleCheck} title={t('none.title')}>
          {t('none.text', { count: needed.images, size: formatSize(needed.sizeBytes) })}
        </Empty>
      ) : (
        <>
          <p className={c.lead}>{t('lead', { count: needed.images, size: formatSize(needed.sizeBytes) })}</p>
          <Items
            items={items}
            chosen={chosen}
            isRunning={isRunning}
            onToggle={toggle}
            onAll={(all) => setChosen(new Set(all ? items.map(({ id }) => id) : []))}
          />
          <RemoveFoot selected={selected} isRunning={isRunning} onBegun={() => setChosen(new Set())} />
        </>
      )}
      <Kept kept={kept} unread={unread} />
    </>
  )
}

interface ItemsProps {
  items: RoomItem[]
  chosen: ReadonlySet<string>
  isRunning: boolean
  onToggle: (id: string) => void
  onAll: (all: boolean) => void
}

function Items({ items, chosen, isRunning, onToggle, onAll }: ItemsProps) {
  const { t } = useTranslation('room')
  const count = items.filter(({ id }) => chosen.has(id)).length
  return (
    <table className={c.table}>
      <thead>
        <tr>
          <th scope="col">
            <Checkbox
              aria-label={t('all')}
              checked={count === items.length}
              indeterminate={count > 0 && count < items.length}
              disabled={isRunning}
              onChange={(event) => onAll(event.currentTarget.checked)}
            />
          </th>
          <th scope="col">{t('name')}</th>
          <th scope="col">{t('why')}</th>
          <th scope="col">{t('age')}</th>
          <th scope="col" className={c.figure}>
            {t('frees')}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <Row
            key={item.id}
            item={item}
            isChosen={chosen.has(item.id)}
            isRunning={isRunning}
            onToggle={() => onToggle(item.id)}
          />
        ))}
      </tbody>
    </table>
  )
}

interface RowProps {
  item: RoomItem
  isChosen: boolean
  isRunning: boolean
  onToggle: () => void
}

function Row({ item, isChosen, isRunning, onToggle }: RowProps) {
  const { t } = useTranslation('room')
  const { kind, why, name, names, createdAt, image } = item
  const shown = kind === 'build-cache' ? t('kind.build-cache') : name
  return (
    <tr>
      <td>
        <Checkbox
          aria-label={t('choose', { name: shown })}
          checked={isChosen}
          disabled={isRunning}
          onChange={() => onToggle()}
        />
      </td>
      <td className={c.name}>
        <span className={kind === 'build-cache' ? undefined : 'mono'} title={names.join('\n') || shown}>
          {shown}
        </span>
        {kind !== 'build-cache' && <span className={c.kind}>{t(`kind.${kind}`)}</span>}
      </td>
      <td className={c.why}>{t(`because.${why}`, { image: image ?? '' })}</td>
      <td className={c.age}>{createdAt === null ? t('unknown') : <Ago at={createdAt} />}</td>
      <td className={c.figure}>
        <Size item={item} />
      </td>
    </tr>
  )
}

/** What its removal gives back; of an image also how much of it stays with others. */
function Size({ item: { freesBytes, sizeBytes, sharedBytes, kind } }: { item: RoomItem }) {
  const { t } = useTranslation('room')
  if (freesBytes !== null)
    return (
      <>
        <b className="num">{formatSize(freesBytes)}</b>
        {kind === 'image' && sizeBytes !== null && sharedBytes !== null && sharedBytes > 0 && (
          <span className={c.part}>
            {t('shared', { size: formatSize(sizeBytes), shared: formatSize(sharedBytes) })}
          </span>
        )}
      </>
    )
  if (sizeBytes === null) return <span className={c.part}>{t('unknown')}</span>
  return <span className={c.part}>{t('atMost', { size: formatSize(sizeBytes) })}</span>
}
