import { ActionIcon, Button, SegmentedControl } from '@mantine/core'
import { IconBellOff, IconCircleCheck, IconClock, IconHistory } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attention, AttentionGroup, ResolvedAttention } from '../../../shared/contract'
import { Loaded } from '../../api/Loaded'
import { api } from '../../api/query'
import { useNarrow } from '../../ui/narrow'
import { Page } from '../../ui/Page'
import { usePageKeys } from '../../ui/page-keys'
import { attentionHref, hrefOf } from '../../ui/route'
import { Empty, Loading } from '../../ui/States'
import { AttentionDetail } from './AttentionDetail'
import c from './AttentionPage.module.css'
import { AttentionRow, type Shown } from './AttentionRow'
import { Unknown } from './Unknown'
import { useAttentionLine } from './useAttention'
import { useSnooze } from './useSnooze'

const tabs = ['open', 'snoozed', 'resolved'] as const
type Tab = (typeof tabs)[number]

const groups: readonly AttentionGroup[] = ['blocks', 'soon', 'decide']

function Lead({ items }: { items: Attention['items'] }) {
  const { t } = useTranslation('attention')
  const blocking = items.filter(({ urgent }) => urgent).length
  const blocks = blocking > 0 ? [t('blocks', { count: blocking })] : []
  return [t('lead', { count: items.length }), ...blocks].join(', ')
}

const emptyIcons = { open: IconCircleCheck, snoozed: IconClock, resolved: IconHistory } as const

function Nothing({ tab }: { tab: Tab }) {
  const { t } = useTranslation('attention')
  return (
    <Empty icon={emptyIcons[tab]} title={t(`none.${tab}`)}>
      {t(`none.${tab}Text`)}
    </Empty>
  )
}

interface ListProps {
  shown: readonly Shown[]
  tab: Tab
  chosenId: string | undefined
}

function List({ shown, tab, chosenId }: ListProps) {
  const { t } = useTranslation('attention')
  const lineOf = useAttentionLine()
  const { unsnooze } = useSnooze()
  const rowOf = (item: Shown) => {
    const line = lineOf(item)
    const onEnd = 'snooze' in item ? () => unsnooze(item.snooze.id, line.title) : undefined
    const key = 'overAt' in item ? `${item.id} ${item.overAt}` : item.id
    return <AttentionRow key={key} {...{ item, line, onEnd }} isCurrent={item.id === chosenId} />
  }
  if (tab !== 'open')
    return (
      <>
        <h2 className="visually-hidden">{t(`tabs.${tab}`)}</h2>
        <ul className={c.rows}>{shown.map(rowOf)}</ul>
      </>
    )
  return groups.map((group) => {
    const own = shown.filter((item) => item.group === group)
    return (
      own.length > 0 && (
        <section key={group} aria-label={t(`group.${group}`)}>
          <h2 className={c.group}>
            {t(`group.${group}`)} <span className="num">{own.length}</span>
          </h2>
          <ul className={c.rows}>{own.map(rowOf)}</ul>
        </section>
      )
    )
  })
}

interface Lists {
  attention: Attention
  resolved: readonly ResolvedAttention[]
}

const listOf = ({ attention, resolved }: Lists, tab: Tab): readonly Shown[] => {
  switch (tab) {
    case 'open':
      return groups.flatMap((group) => attention.items.filter((item) => item.group === group))
    case 'snoozed':
      return attention.snoozed
    case 'resolved':
      return resolved
  }
}

/** The keys of the page: through the list, and what is done with the one that is chosen. */
function useKeys(shown: readonly Shown[], chosen: Shown | undefined): void {
  const lineOf = useAttentionLine()
  const { snooze } = useSnooze()
  const go = (by: number) => {
    const at = shown.findIndex(({ id }) => id === chosen?.id)
    const next = shown[Math.min(Math.max(at + by, 0), shown.length - 1)]
    if (next) location.replace(attentionHref(next.id))
  }
  usePageKeys('attention', {
    next: () => go(1),
    previous: () => go(-1),
    snooze() {
      if (chosen && !('overAt' in chosen) && !('snooze' in chosen)) snooze(lineOf(chosen), 'hour')
    },
    open() {
      if (chosen) location.hash = lineOf(chosen).href
    },
  })
}

function Gone() {
  const { t } = useTranslation('attention')
  return (
    <Empty
      icon={IconCircleCheck}
      title={t('gone.title')}
      action={
        <Button component="a" href={attentionHref()} variant="default">
          {t('gone.back')}
        </Button>
      }
    >
      {t('gone.text')}
    </Empty>
  )
}

/** The list in its three parts, and beside it one thing. */
function Opened({ lists, item }: { lists: Lists; item: string | null }) {
  const { t } = useTranslation('attention')
  const isNarrow = useNarrow()
  const lineOf = useAttentionLine()
  const begin = tabs.find((tab) => listOf(lists, tab).some(({ id }) => id === item)) ?? 'open'
  const [tab, setTab] = useState<Tab>(begin)
  const shown = listOf(lists, tab)
  const all = tabs.flatMap((one) => listOf(lists, one))
  const asked = item === null ? undefined : (shown.find(({ id }) => id === item) ?? all.find(({ id }) => id === item))
  const chosen = item === null && !isNarrow ? shown[0] : asked
  useKeys(shown, chosen)
  const counts = { open: lists.attention.items.length, snoozed: lists.attention.snoozed.length, resolved: 0 }
  const choose = (value: string) => {
    const next = tabs.find((one) => one === value)
    if (!next) return
    if (item !== null) location.replace(attentionHref())
    setTab(next)
  }
  const list = (
    <div className={c.list}>
      <SegmentedControl
        aria-label={t('tabs.label')}
        fullWidth
        value={tab}
        onChange={choose}
        data={tabs.map((value) => ({
          value,
          label: counts[value] > 0 ? `${t(`tabs.${value}`)} ${counts[value]}` : t(`tabs.${value}`),
        }))}
      />
      {shown.length === 0 ? (
        <div className={c.nothing}>
          <Nothing tab={tab} />
        </div>
      ) : (
        <List {...{ shown, tab }} chosenId={chosen?.id} />
      )}
      {tab === 'open' && <Unknown unknown={lists.attention.unknown} />}
    </div>
  )
  return (
    <div className={c.split} data-alone={shown.length === 0 || undefined}>
      {(!isNarrow || item === null) && list}
      {(isNarrow ? item !== null : shown.length > 0) && (
        <div className={c.detail}>
          {chosen ? <AttentionDetail key={chosen.id} item={chosen} line={lineOf(chosen)} /> : <Gone />}
        </div>
      )}
    </div>
  )
}

/** All that needs a person: open, put aside, and over. */
export default function AttentionPage({ item }: { item: string | null }) {
  const { t } = useTranslation(['attention', 'common'])
  const attention = useQuery(api.attention.read.queryOptions())
  const resolved = useQuery(api.attention.resolved.queryOptions())
  const isNarrow = useNarrow()
  const parent =
    isNarrow && item !== null
      ? { label: t('title'), href: attentionHref() }
      : { label: t('common:nav.overview'), href: hrefOf('overview') }
  return (
    <Page
      title={t('title')}
      parent={parent}
      lead={attention.data && attention.data.items.length > 0 && <Lead items={attention.data.items} />}
      actions={
        <Button
          component="a"
          href={hrefOf('settings', 'alerts')}
          variant="default"
          leftSection={<IconBellOff size={16} stroke={1.6} />}
        >
          {t('rules')}
        </Button>
      }
      narrow={{
        header: (
          <ActionIcon
            component="a"
            href={hrefOf('settings', 'alerts')}
            variant="subtle"
            color="gray"
            size={40}
            aria-label={t('rules')}
          >
            <IconBellOff size={20} stroke={1.6} />
          </ActionIcon>
        ),
      }}
    >
      <Loaded query={attention} loading={<Loading rows={8} height={40} />}>
        {(data) => <Opened lists={{ attention: data, resolved: resolved.data ?? [] }} item={item} />}
      </Loaded>
    </Page>
  )
}
