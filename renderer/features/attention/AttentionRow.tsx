import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { OpenAttention, ResolvedAttention, SnoozedAttention } from '../../../shared/contract'
import { formatClock, formatSpan } from '../../i18n/format'
import { Age, Ago } from '../../ui/Ago'
import { attentionHref } from '../../ui/route'
import { StatusIcon } from '../../ui/Status'
import type { AttentionLine } from './Attention'
import c from './AttentionPage.module.css'

export type Shown = OpenAttention | SnoozedAttention | ResolvedAttention

/** Since when something is the matter, as far as that is known. */
export const beginOf = ({ since, seenAt }: OpenAttention): number => since ?? seenAt

function When({ item }: { item: Shown }) {
  const { t } = useTranslation('attention')
  if ('overAt' in item) return <Ago at={item.overAt} />
  if (!('snooze' in item)) return <Age since={beginOf(item)} />
  const { until } = item.snooze
  return until === null ? t('untilChange') : t('until', { time: formatClock(until) })
}

/** How long what is over lasted; under a minute in seconds. */
export const lastedOf = (item: ResolvedAttention): number => Math.max(0, item.overAt - beginOf(item))

interface RowProps {
  item: Shown
  line: AttentionLine
  isCurrent: boolean
  /** Ends a snooze; left out for what has none. */
  onEnd?: (() => void) | undefined
}

/** One thing of the list: what, why, since when, and what to do. */
export function AttentionRow({ item, line, isCurrent, onEnd }: RowProps) {
  const { t } = useTranslation('attention')
  const isOver = 'overAt' in item
  return (
    <li className={c.row} aria-current={isCurrent || undefined} data-current={isCurrent || undefined}>
      <StatusIcon of={isOver ? 'ready' : line.of} size={18} />
      <h3>
        <a href={attentionHref(item.id)}>{line.title}</a>
      </h3>
      <span className={`num ${c.when}`}>
        <When item={item} />
      </span>
      <p>{isOver ? t('wasOver', { span: formatSpan(lastedOf(item)) }) : line.why}</p>
      {!isOver && (
        <span className={c.act}>
          {onEnd ? (
            <Button variant="default" size="compact-sm" onClick={onEnd} aria-label={`${t('unsnooze')}: ${line.title}`}>
              {t('unsnooze')}
            </Button>
          ) : (
            <Button
              variant={line.urgent ? 'light' : 'default'}
              size="compact-sm"
              component="a"
              href={line.href}
              aria-label={`${line.action}: ${line.title}`}
            >
              {line.action}
            </Button>
          )}
        </span>
      )}
    </li>
  )
}
