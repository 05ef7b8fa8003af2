import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { Age } from '../../ui/Ago'
import { StatusIcon, type StatusKey } from '../../ui/Status'
import c from './Attention.module.css'

export interface AttentionItem {
  id: string
  of: StatusKey
  title: string
  /** Why, and what it costs. */
  why: ReactNode
  action: string
  /** Where the action leads, or what it does. */
  href?: string
  onAction?: () => void
  since: number | null
  /** Blocks work: its button is tinted. */
  urgent?: boolean
}

function Action({ item }: { item: AttentionItem }) {
  const look = { size: 'compact-xs', variant: item.urgent ? 'light' : 'default', className: c.do } as const
  const name = `${item.action}: ${item.title}`
  return item.href === undefined ? (
    <Button {...look} aria-label={name} {...(item.onAction && { onClick: item.onAction })}>
      {item.action}
    </Button>
  ) : (
    <Button {...look} component="a" href={item.href} aria-label={name}>
      {item.action}
    </Button>
  )
}

/** What needs a person, worst first: what is wrong, why, and the one thing to do. */
export function Attention({ items }: { items: AttentionItem[] }) {
  return (
    <ul className={c.list}>
      {items.map((item) => (
        <li key={item.id} className={c.item}>
          <StatusIcon of={item.of} size={18} />
          <div className={c.text}>
            <h3>{item.title}</h3>
            <p>{item.why}</p>
            <div className={c.foot}>
              <Action item={item} />
              <span className={`num ${c.ago}`}>{item.since !== null && <Age since={item.since} />}</span>
            </div>
          </div>
        </li>
      ))}
    </ul>
  )
}
