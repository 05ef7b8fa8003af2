import { SegmentedControl, TextInput, VisuallyHidden } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useEffectEvent, useRef, type KeyboardEvent, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { User } from '../../../shared/contract'
import { formatInteger, formatRelative, formatSpan } from '../../i18n/format'
import { Ago } from '../../ui/Ago'
import { clientName } from '../../ui/client-name'
import { Meter } from '../../ui/Meter'
import { useNarrow } from '../../ui/narrow'
import { Person } from '../../ui/Person'
import { hrefOf } from '../../ui/route'
import { StatusIcon } from '../../ui/Status'
import { useNow } from '../../ui/useNow'
import { Figure } from '../use/UsePanels'
import { isAwaited, passes, peopleFilters, type PeopleFilter, type PersonLine } from './lines'
import c from './People.module.css'

/** In px. */
const rowHeight = { wide: 57, narrow: 88 } as const

/** What somebody used today, in seconds of GPU time: null where it is not known, undefined until it was asked. */
type UsedToday = number | null | undefined

function Tags({ user }: { user: User }) {
  const { t } = useTranslation('people')
  return (
    <>
      {user.role === 'admin' && <span className={c.tag}>{t('role.admin')}</span>}
      {user.suspended && (
        <span className={c.tag} data-dashed>
          {t('tag.suspended')}
        </span>
      )}
    </>
  )
}

/** When and how somebody was here last. */
function LastUsed({ line: { user, lastUsed, isRotating } }: { line: PersonLine }) {
  const { t } = useTranslation('people')
  const byKey = lastUsed !== null && lastUsed.at >= (user.lastSeenAt ?? 0) - 1000
  const at = byKey ? lastUsed.at : user.lastSeenAt
  if (at === null) return <span className={c.quiet}>{isAwaited(user) ? t('list.invited') : t('list.notSeen')}</span>
  return (
    <>
      <span className={c.when}>
        <Ago at={at} />
        {isRotating && (
          <span className={c.warn} title={t('list.rotating')}>
            <StatusIcon of="warning" size={14} />
            <VisuallyHidden>{t('list.rotating')}</VisuallyHidden>
          </span>
        )}
      </span>
      <span>
        {byKey
          ? [clientName(lastUsed.client ?? ''), lastUsed.from].filter((word) => word !== '').join(', ')
          : t('list.panel')}
      </span>
    </>
  )
}

function Today({ user, used }: { user: User; used: UsedToday }) {
  const { t } = useTranslation(['people', 'keys'])
  const limit = user.limits.gpuSecondsPerDay
  if (used === undefined) return null
  if (used === null) return <span className={c.quiet}>{t('keys:use.unknown')}</span>
  return (
    <Meter label={t('column.gpu')} isBare used={used} limit={limit}>
      <Figure used={formatSpan(used * 1000)} limit={limit === null ? null : formatSpan(limit * 1000)} />
    </Meter>
  )
}

function Row({ line, isCurrent, used }: { line: PersonLine; isCurrent: boolean; used: UsedToday }) {
  const { t } = useTranslation('people')
  const now = useNow(60_000)
  const { user, keys } = line
  const awaited = isAwaited(user)
  const ends = user.invitation?.expiresAt ?? 0
  return (
    <a href={hrefOf('people', user.id)} className={c.row} aria-current={isCurrent ? 'true' : undefined}>
      <span className={c.who}>
        <Person name={user.name} isAwaited={awaited} />
        <span className={c.two}>
          <span className={c.nameLine}>
            <b title={user.name}>{user.name}</b>
            <Tags user={user} />
          </span>
          <span>
            {awaited
              ? ends > now
                ? t('list.linkEnds', { ends: formatRelative(ends, now) })
                : t('list.linkEnded')
              : t('list.keys', { count: keys })}
          </span>
        </span>
      </span>
      <span className={c.two}>
        <LastUsed line={line} />
      </span>
      <span className={c.today}>{!awaited && <Today user={user} used={used} />}</span>
    </a>
  )
}

interface PeopleListProps {
  /** All of them. */
  lines: readonly PersonLine[]
  /** Those that are found, in their order. */
  shown: readonly PersonLine[]
  selected: string | undefined
  filter: PeopleFilter
  onFilter: (filter: PeopleFilter) => void
  query: string
  onQuery: (query: string) => void
  today: ((account: string) => number | null) | undefined
  finder: RefObject<HTMLInputElement | null>
  /** Enter: to the one who is chosen. */
  onOpen: () => void
}

/** Goes to another line with the arrow keys, without a step back for each. */
function useArrows({ shown, selected, onOpen }: PeopleListProps, reveal: (index: number) => void) {
  const isNarrow = useNarrow()
  return (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Enter' && !isNarrow) {
      event.preventDefault()
      onOpen()
    }
    if (step === undefined || isNarrow || shown.length === 0) return
    event.preventDefault()
    const at = shown.findIndex(({ user }) => user.id === selected)
    const next = Math.max(0, Math.min(shown.length - 1, at + step))
    const line = shown[next]
    if (!line) return
    location.replace(hrefOf('people', line.user.id))
    reveal(next)
  }
}

function useRows({ shown, selected }: Pick<PeopleListProps, 'shown' | 'selected'>) {
  const scroller = useRef<HTMLDivElement>(null)
  const height = useNarrow() ? rowHeight.narrow : rowHeight.wide
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => shown[index]?.user.id ?? index,
    overscan: 6,
  })
  // Whoever is chosen by an address is in sight when the list comes.
  const toSelected = useEffectEvent(() => {
    const at = shown.findIndex(({ user }) => user.id === selected)
    if (at > 0) rows.scrollToIndex(at, { align: 'auto' })
  })
  useEffect(() => toSelected(), [])
  return { scroller, rows, height }
}

type FindingProps = Pick<PeopleListProps, 'lines' | 'filter' | 'onFilter' | 'query' | 'onQuery' | 'finder'>

/** By name, and by how they stand. */
function Finding({ lines, filter, onFilter, query, onQuery, finder }: FindingProps) {
  const { t } = useTranslation('people')
  return (
    <div className={c.filter}>
      <TextInput
        ref={finder}
        className={c.find}
        placeholder={t('find')}
        aria-label={t('find')}
        leftSection={<IconSearch size={15} stroke={1.6} />}
        value={query}
        onChange={(event) => onQuery(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && onQuery('')}
      />
      <div className={c.filters}>
        <SegmentedControl
          aria-label={t('filter.label')}
          data={peopleFilters.map((value) => ({
            value,
            label: t(`filter.${value}`, {
              n: formatInteger(lines.filter(({ user }) => passes(user, value)).length),
            }),
          }))}
          value={filter}
          onChange={(value) => onFilter(peopleFilters.find((one) => one === value) ?? 'all')}
        />
      </div>
    </div>
  )
}

/** Everybody who is found: role, keys, last use, and today's use against the limit. */
export function PeopleList(props: PeopleListProps) {
  const { t } = useTranslation('people')
  const { shown, selected, today } = props
  const { scroller, rows, height } = useRows(props)
  const onKeyDown = useArrows(props, (index) => rows.scrollToIndex(index, { align: 'auto' }))
  return (
    <section className={c.list} aria-label={t('list.label')} onKeyDown={onKeyDown}>
      <Finding {...props} />
      <div className={c.head} aria-hidden>
        <span>{t('column.person')}</span>
        <span>{t('column.used')}</span>
        <span>{t('column.gpu')}</span>
      </div>
      <div className={c.rows} ref={scroller} tabIndex={-1}>
        {shown.length === 0 && (
          <p className={c.none}>
            {t('filter.none')} <span>{t('filter.noneHint')}</span>
          </p>
        )}
        <ul style={{ height: rows.getTotalSize() }} aria-label={t('list.label')}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const line = shown[index]
            return (
              line && (
                <li
                  key={line.user.id}
                  style={{ transform: `translateY(${start}px)`, height }}
                  aria-setsize={shown.length}
                  aria-posinset={index + 1}
                >
                  <Row line={line} isCurrent={line.user.id === selected} used={today?.(line.user.id)} />
                </li>
              )
            )
          })}
        </ul>
      </div>
      <p className={c.foot}>{t('foot')}</p>
    </section>
  )
}
