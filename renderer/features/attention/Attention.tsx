import { Button } from '@mantine/core'
import { Age } from '../../ui/Ago'
import { StatusIcon, type StatusKey } from '../../ui/Status'
import c from './Attention.module.css'

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
  since: number | null
  /** Blocks work: its button is tinted. */
  urgent: boolean
}

/** What needs a person, worst first: what is wrong, why, and the one thing to do. */
export function Attention({ items }: { items: readonly AttentionLine[] }) {
  return (
    <ul className={c.list}>
      {items.map((item) => (
        <li key={item.id} className={c.item}>
          <StatusIcon of={item.of} size={18} />
          <div className={c.text}>
            <h3>{item.title}</h3>
            <p>{item.why}</p>
            <div className={c.foot}>
              <Button
                size="compact-xs"
                variant={item.urgent ? 'light' : 'default'}
                className={c.do}
                component="a"
                href={item.href}
                aria-label={`${item.action}: ${item.title}`}
              >
                {item.action}
              </Button>
              <span className={`num ${c.ago}`}>{item.since !== null && <Age since={item.since} />}</span>
            </div>
          </div>
        </li>
      ))}
    </ul>
  )
}
