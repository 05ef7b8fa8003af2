import { Button } from '@mantine/core'
import {
  IconAlertTriangleFilled,
  IconBan,
  IconCircleCheckFilled,
  IconCloudDownload,
  IconHistory,
  IconLockFilled,
  IconMoonFilled,
  IconPlayerPauseFilled,
  IconPlugConnectedX,
  IconPlayerPlayFilled,
  IconPlayerStopFilled,
  IconPlus,
  IconRefresh,
  IconTrash,
  type Icon,
} from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Service, TimelineEntry, TimelineKind } from '../../../../shared/contract'
import { api } from '../../../api/query'
import { usePersonName } from '../../../api/usePersonName'
import { Ago } from '../../../ui/Ago'
import { Panel } from '../../../ui/Panel'
import { Empty } from '../../../ui/States'
import { describeReason } from '../../../i18n'
import c from './Timeline.module.css'
import { Loaded } from '../../../api/Loaded'
import { Tooltip } from '../../../ui/Tooltip'

type Tone = 'quiet' | 'good' | 'bad'

const looks: Record<TimelineKind, { icon: Icon; tone: Tone }> = {
  created: { icon: IconPlus, tone: 'quiet' },
  recreated: { icon: IconRefresh, tone: 'quiet' },
  removed: { icon: IconTrash, tone: 'quiet' },
  started: { icon: IconPlayerPlayFilled, tone: 'quiet' },
  stopped: { icon: IconPlayerStopFilled, tone: 'quiet' },
  ended: { icon: IconPlayerStopFilled, tone: 'quiet' },
  crashed: { icon: IconAlertTriangleFilled, tone: 'bad' },
  oom: { icon: IconAlertTriangleFilled, tone: 'bad' },
  paused: { icon: IconPlayerPauseFilled, tone: 'quiet' },
  resumed: { icon: IconPlayerPlayFilled, tone: 'quiet' },
  'check-healthy': { icon: IconCircleCheckFilled, tone: 'good' },
  'check-unhealthy': { icon: IconAlertTriangleFilled, tone: 'bad' },
  ready: { icon: IconCircleCheckFilled, tone: 'good' },
  unhealthy: { icon: IconAlertTriangleFilled, tone: 'bad' },
  'locked-out': { icon: IconLockFilled, tone: 'bad' },
  unreachable: { icon: IconPlugConnectedX, tone: 'bad' },
  pulled: { icon: IconCloudDownload, tone: 'quiet' },
  failed: { icon: IconAlertTriangleFilled, tone: 'bad' },
  unloaded: { icon: IconMoonFilled, tone: 'quiet' },
  'not-unloaded': { icon: IconBan, tone: 'quiet' },
  'not-stopped': { icon: IconBan, tone: 'quiet' },
}

const named = ['owner', 'admin', 'user', 'rotation', 'idle', 'schedule', 'gateway', 'card'] as const
const isNamed = (name: string | null): name is (typeof named)[number] =>
  (named as readonly (string | null)[]).includes(name)

const explained = ['docker', 'system', 'outside', 'unknown'] as const
const isExplained = (actor: TimelineEntry['actor']): actor is (typeof explained)[number] =>
  (explained as readonly string[]).includes(actor)

/** Operations that a kind names already. */
const sameAs: Partial<Record<TimelineKind, TimelineEntry['operation']>> = {
  started: 'start',
  stopped: 'stop',
  resumed: 'unpause',
  recreated: 'recreate',
  pulled: 'pull',
}

/** Who did it, and as part of what; where the word does not speak for itself, what it means. */
function Who({ entry }: { entry: TimelineEntry }) {
  const { t } = useTranslation('timeline')
  const { actor, name, operation, kind } = entry
  const personName = usePersonName()
  const isPerson = actor === 'regie' && name !== null && !isNamed(name)
  const word = isPerson
    ? t('who.person', { name: personName(name) })
    : t(actor === 'regie' && isNamed(name) ? `who.${name}` : `who.${actor}`)
  // A health change needs no author: it is what the service says of itself.
  if (actor === 'program' && kind !== 'ended' && kind !== 'crashed') return null
  return (
    <Tooltip label={isExplained(actor) ? t(`whoTip.${actor}`) : ''} disabled={!isExplained(actor)} multiline maw={320}>
      <span className={c.who} tabIndex={isExplained(actor) ? 0 : undefined}>
        {word}
        {operation !== null &&
          kind !== 'failed' &&
          sameAs[kind] !== operation &&
          `, ${t('for', { operation: t(`operation.${operation}`) })}`}
      </span>
    </Tooltip>
  )
}

function Entry({ entry }: { entry: TimelineEntry }) {
  const { t } = useTranslation('timeline')
  const { icon: I, tone } = looks[entry.kind]
  const title =
    entry.kind === 'failed'
      ? t('kind.failed', { operation: entry.operation === null ? '' : t(`operation.${entry.operation}`) })
      : t(`kind.${entry.kind}`)
  const facts = [
    entry.exitCode === null ? null : t('exit', { code: entry.exitCode }),
    entry.signal === null ? null : t('signal', { signal: entry.signal }),
    entry.image,
  ].filter((fact) => fact !== null)
  return (
    <li className={c.entry}>
      <span className={`${c.icon} ${c[tone]}`}>
        <I size={15} aria-hidden />
      </span>
      <div className={c.what}>
        <span className={c.line}>
          <b>{title}</b>
          {facts.length > 0 && <span className={`mono ${c.facts}`}>{facts.join(' · ')}</span>}
        </span>
        {entry.reason && <span className={c.why}>{describeReason(entry.reason).message}</span>}
      </div>
      <Who entry={entry} />
      <span className={c.when}>
        <Ago at={entry.at} />
      </span>
    </li>
  )
}

/** What happened to the service and who did it, newest first. */
export default function TimelineTab({ service }: { service: Service }) {
  const { t } = useTranslation('timeline')
  const query = useInfiniteQuery(
    api.timeline.list.infiniteOptions({
      input: (cursor: string | undefined) => ({
        id: service.id,
        limit: 100,
        ...(cursor === undefined ? {} : { cursor }),
      }),
      initialPageParam: undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    }),
  )
  return (
    <Panel title={t('title')} note={t('note')} flush>
      <Loaded query={query}>
        {({ pages }) => {
          const entries = pages.flatMap(({ items }) => items)
          if (entries.length === 0)
            return (
              <Empty icon={IconHistory} title={t('emptyTitle')}>
                {t('emptyText')}
              </Empty>
            )
          return (
            <>
              <ol className={c.list}>
                {entries.map((entry) => (
                  <Entry key={entry.id} entry={entry} />
                ))}
              </ol>
              {query.hasNextPage && (
                <div className={c.more}>
                  <Button
                    variant="default"
                    onClick={() => void query.fetchNextPage()}
                    loading={query.isFetchingNextPage}
                  >
                    {t('more')}
                  </Button>
                </div>
              )}
            </>
          )
        }}
      </Loaded>
    </Panel>
  )
}
