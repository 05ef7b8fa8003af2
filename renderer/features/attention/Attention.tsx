import { Button } from '@mantine/core'
import { IconArrowRight, IconBellOff, IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { useId, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useIsAdmin } from '../../api/useSession'
import { Age } from '../../ui/Ago'
import { DotsButton } from '../../ui/DotsButton'
import type { MenuEntry } from '../../ui/menu-entry'
import { MenuButton } from '../../ui/MenuButton'
import { StatusIcon, type StatusKey } from '../../ui/Status'
import { attentionHref } from '../../ui/route'
import c from './Attention.module.css'
import { useSnooze } from './useSnooze'
import { useArrange } from '../services/list/useArrange'

/** One thing that needs a person, in words. */
export interface AttentionLine {
  id: string
  of: StatusKey
  title: string
  /** Why, and what it costs. */
  why: string
  action: string
  /** Where the action leads. */
  href: string
  /** What is said beside its title; empty where that says all. */
  said: string
  /** What to do, where more is known than its kind. */
  hint: string
  /** What it affects; empty where nothing is known of that. */
  costs: string
  /** The services that it is about. */
  subjects: readonly { id: string; name: string }[]
  /** Where more is said of it. */
  details: string
  since: number | null
  /** Blocks work: its button is tinted. */
  urgent: boolean
  /** The service that can be muted, by its id and as it is shown; null where it is about none. */
  service: { id: string; name: string } | null
}

/** So many are shown; the rest is folded. */
const shownAtFirst = 5

function More({ item }: { item: AttentionLine }) {
  const { t } = useTranslation('overview')
  const isAdmin = useIsAdmin()
  const { arrange } = useArrange()
  const { service } = item
  const snooze = useSnooze()
  const entries = (): MenuEntry[] => [
    { type: 'link', key: 'details', label: t('attention.details'), icon: IconArrowRight, href: item.details },
    ...(isAdmin ? snooze.entries(item) : []),
    ...(service && isAdmin
      ? ([
          {
            type: 'act',
            key: 'mute',
            label: t('attention.mute', { id: service.name }),
            icon: IconBellOff,
            onClick: () => arrange([{ id: service.id, muted: true }]),
          },
        ] satisfies MenuEntry[])
      : []),
  ]
  return (
    <MenuButton entries={entries}>
      <DotsButton label={t('attention.moreFor', { title: item.title })} />
    </MenuButton>
  )
}

function Item({ item }: { item: AttentionLine }) {
  return (
    <li className={c.item}>
      <StatusIcon of={item.of} size={18} />
      <h3 title={item.title}>{item.title}</h3>
      <p>{item.why}</p>
      <span className={`num ${c.age}`}>{item.since !== null && <Age since={item.since} />}</span>
      <span className={c.do}>
        <Button
          variant={item.urgent ? 'light' : 'default'}
          className={c.button}
          component="a"
          href={item.href}
          aria-label={`${item.action}: ${item.title}`}
        >
          {item.action}
        </Button>
        <More item={item} />
      </span>
    </li>
  )
}

/** What needs a person, worst first, always on top: what, why and its cost, how long, the one thing to do. */
export function Attention({ items }: { items: readonly AttentionLine[] }) {
  const { t } = useTranslation('overview')
  const [isOpen, setOpen] = useState(false)
  const titleId = useId()
  const more = items.length - shownAtFirst
  const I = isOpen ? IconChevronUp : IconChevronDown
  return (
    <section className={c.panel} aria-labelledby={titleId}>
      <h2 className={c.head} id={titleId}>
        {t('attention.title')} <span className="num">{items.length}</span>
        <a className={c.all} href={attentionHref()}>
          {t('attention.all')}
        </a>
      </h2>
      <ul className={c.list}>
        {(isOpen ? items : items.slice(0, shownAtFirst)).map((item) => (
          <Item key={item.id} item={item} />
        ))}
      </ul>
      {more > 0 && (
        <Button
          variant="subtle"
          color="gray"
          className={c.unfold}
          leftSection={<I size={15} stroke={1.6} />}
          onClick={() => setOpen(!isOpen)}
          aria-expanded={isOpen}
        >
          {isOpen ? t('attention.fewer') : t('attention.more', { count: more })}
        </Button>
      )}
    </section>
  )
}

/** Nothing needs a person: a line, not a box, with what was looked at. */
export function NoAttention({ children }: { children: ReactNode }) {
  const { t } = useTranslation('overview')
  return (
    <p className={c.none}>
      <StatusIcon of="ready" size={16} />
      <b>{t('attention.none')}</b>
      <span className={c.looked}>{children}</span>
    </p>
  )
}
