import {
  IconBan,
  IconClock,
  IconMoonFilled,
  IconPlayerPlayFilled,
  IconPlayerStopFilled,
  type Icon,
} from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Service, TimelineEntry } from '../../../shared/contract'
import { api } from '../../api/query'
import { describeReason } from '../../i18n'
import { formatClock, formatExact } from '../../i18n/format'
import { Panel, PanelAction } from '../../ui/Panel'
import { hrefOf } from '../../ui/route'
import c from './Gateway.module.css'

/** What Regie does by itself carries one of these names in place of a person's. */
const byItself: readonly (string | null)[] = ['idle', 'schedule', 'gateway']

const mostShown = 12

function iconOf({ kind, name }: TimelineEntry): Icon {
  if (kind === 'not-stopped' || kind === 'not-unloaded') return IconBan
  if (kind === 'unloaded') return IconMoonFilled
  if (kind === 'stopped') return IconPlayerStopFilled
  return name === 'schedule' ? IconClock : IconPlayerPlayFilled
}

/** When a service slept and woke of itself, and why; what was due and was not done included. */
export function EventsPanel({ service }: { service: Service }) {
  const { t } = useTranslation(['gateway', 'timeline'])
  const { id } = service
  const entries = useInfiniteQuery(
    api.timeline.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ id, limit: 100, ...(cursor !== undefined && { cursor }) }),
      initialPageParam: undefined,
      getNextPageParam: () => undefined,
    }),
  )
  const shown = (entries.data?.pages.flatMap(({ items }) => items) ?? [])
    .filter(({ name, kind }) => byItself.includes(name) && kind !== 'ready' && kind !== 'failed')
    .slice(0, mostShown)
  return (
    <Panel
      title={t('events.title')}
      action={<PanelAction href={hrefOf('services', id, 'timeline')}>{t('events.all')}</PanelAction>}
      flush
    >
      {shown.length === 0 ? (
        <p className={c.none}>{t('events.none')}</p>
      ) : (
        <ul className={c.events} aria-label={t('events.title')}>
          {shown.map((entry) => {
            const I = iconOf(entry)
            return (
              <li key={entry.id}>
                <time dateTime={new Date(entry.at).toISOString()} title={formatExact(entry.at)}>
                  {formatClock(entry.at)}
                </time>
                <I size={14} aria-hidden />
                <b>{entry.kind === 'failed' ? '' : t(`timeline:kind.${entry.kind}`)}</b>
                <span>{entry.reason ? describeReason(entry.reason).message : ''}</span>
              </li>
            )
          })}
        </ul>
      )}
    </Panel>
  )
}
