import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CardLane, CardTurns } from '../../../../shared/contract'
import { formatClock, formatDuration, formatInteger, formatSpan } from '../../../i18n/format'
import { useIsAdmin } from '../../../api/useSession'
import { Panel } from '../../../ui/Panel'
import { useNow } from '../../../ui/useNow'
import { EditNeed } from './EditNeed'
import { freedMarks, stretchesOf, timesOf, turnsWithin, type Span } from './lanes'
import { ServiceLink } from './ServiceLink'
import type { Names } from './useNames'
import c from './OneCard.module.css'

const minuteMs = 60_000
const spans = ['30', '60', '360', '1440'] as const

/** How a span is called: whole hours as such. */
const wordsOf = (minutes: number) =>
  minutes < 60 ? ({ unit: 'minutes', n: minutes } as const) : ({ unit: 'hours', n: minutes / 60 } as const)

/** In the order in which they are explained. */
const states = ['working', 'loaded', 'empty', 'changing', 'waiting', 'stopped', 'unknown'] as const

/** Where the axis carries a time, in parts of it. */
const ticks = [0, 0.25, 0.5, 0.75, 1]

function Need({ lane: { needMiB, needFrom } }: { lane: CardLane }) {
  const { t } = useTranslation('card')
  if (needMiB === null || needFrom === 'unknown') return <span className={c.small}>{t('need.unknown')}</span>
  return (
    <span className={c.small} title={t(`need.${needFrom}Why`)}>
      {t(`need.${needFrom}`, { mib: formatInteger(needMiB) })}
    </span>
  )
}

interface LaneProps {
  lane: CardLane
  totalMiB: number | null
  shown: Span
  names: Names
}

function Lane({ lane, totalMiB, shown, names }: LaneProps) {
  const { t } = useTranslation('card')
  const isAdmin = useIsAdmin()
  const stretches = stretchesOf(lane.pieces, shown)
  const words = timesOf(stretches).map(({ state, ms }) => `${t(`state.${state}`)} ${formatSpan(ms)}`)
  return (
    <div className={c.lane}>
      <span className={c.name}>
        <ServiceLink id={lane.serviceId} names={names} />
        <span className={c.need}>
          <Need lane={lane} />
          {isAdmin && <EditNeed lane={lane} name={names.service(lane.serviceId)} totalMiB={totalMiB} />}
        </span>
      </span>
      <span className={c.rail} role="img" aria-label={words.join(', ') || t('lanes.nothing')} data-tells>
        {ticks.map((part) => (
          <i key={part} className={c.tick} style={{ left: `${part * 100}%` }} />
        ))}
        {stretches.map(({ from, to, state, left, width }) => (
          <span
            key={from}
            className={c.stretch}
            data-as={state}
            style={{ left: `${left}%`, width: `${width}%` }}
            title={`${t(`state.${state}`)}, ${formatClock(from)}–${formatClock(to)}`}
          />
        ))}
      </span>
    </div>
  )
}

function Key() {
  const { t } = useTranslation('card')
  return (
    <ul className={c.key}>
      {states.map((state) => (
        <li key={state}>
          <i className={c.stretch} data-as={state} data-tells />
          {t(`state.${state}`)}
        </li>
      ))}
    </ul>
  )
}

/** How the services of a card stood in the last minutes, a lane each, and what each turn freed. */
export function CardLanes({ card, names }: { card: CardTurns; names: Names }) {
  const { t } = useTranslation('card')
  const [minutes, setMinutes] = useState<string>('30')
  const now = useNow(5000)
  const shown = { from: now - Number(minutes) * minuteMs, to: now }
  const { turns, roomMs } = turnsWithin(card.turns, shown)
  const spanWords = (value: string) => {
    const { unit, n } = wordsOf(Number(value))
    return t(`lanes.${unit}`, { n })
  }
  const note = [
    t('lanes.turns', { count: turns.length, span: spanWords(minutes) }),
    ...(roomMs > 0 ? [t('lanes.room', { time: formatDuration(roomMs) })] : []),
  ]
  return (
    <Panel
      title={t('lanes.title')}
      note={note.join(', ')}
      action={
        <SegmentedControl
          size="xs"
          aria-label={t('lanes.span')}
          data={spans.map((value) => ({ value, label: spanWords(value) }))}
          value={minutes}
          onChange={setMinutes}
        />
      }
    >
      <div className={c.lanes}>
        {card.lanes.map((lane) => (
          <Lane key={lane.serviceId} lane={lane} totalMiB={card.totalMiB} shown={shown} names={names} />
        ))}
        <div className={`${c.lane} ${c.marks}`} aria-hidden>
          <span />
          <span>
            {freedMarks(card.turns, shown).map(({ at, left, mib }) => (
              <span key={at} style={{ left: `${left}%` }}>
                {t('lanes.freed', { mib: formatInteger(mib) })}
              </span>
            ))}
          </span>
        </div>
        <div className={`${c.lane} ${c.axis}`} aria-hidden>
          <span />
          <span>
            {ticks.map((part) => (
              <span key={part} style={{ left: `${part * 100}%` }}>
                {part === 1 ? t('lanes.now') : formatClock(shown.from + part * (shown.to - shown.from))}
              </span>
            ))}
          </span>
        </div>
        <Key />
      </div>
    </Panel>
  )
}
