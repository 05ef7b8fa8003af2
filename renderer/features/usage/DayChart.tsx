import { useRef, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { formatInteger, formatTenths } from '../../i18n/format'
import { ticksOf, unitFor, type Measure, type Series } from './model'
import { dayMark, dayName, measured } from './words'
import c from './Usage.module.css'

interface DayChartProps {
  /** All days of the month, those to come included. */
  days: readonly string[]
  today: string
  series: readonly Series[]
  measure: Measure
  /** What a series is called. */
  nameOf: (key: string) => string
  /** The series that stands out; null: all are alike. */
  shown: string | null
  /** The day that the table is about; null: all of them. */
  chosen: string | null
  onChoose: (day: string | null) => void
}

/** What is written at a line of the axis. */
function useAxis(measure: Measure, largest: number) {
  const { t } = useTranslation('usage')
  const { unit, of } = measure === 'gpuSeconds' ? unitFor(largest) : { unit: null, of: 1 }
  const ticks = ticksOf(largest / of)
  const write = (tick: number) => {
    const number = Number.isInteger(tick) ? formatInteger(tick) : formatTenths(tick)
    return unit === null ? number : `${number} ${t(`unit.${unit}`)}`
  }
  return { top: (ticks.at(-1) ?? 1) * of, ticks: ticks.map((tick) => ({ at: tick * of, label: write(tick) })) }
}

/** One day: parts of those who lead from the bottom up, then the others. */
function Bar({ day, top, series, shown }: { day: string; top: number } & Pick<DayChartProps, 'series' | 'shown'>) {
  return (
    <span className={c.bar} aria-hidden>
      {series.map(({ key, shade, values }) => {
        const value = values.get(day) ?? 0
        if (value === 0) return null
        return (
          <span
            key={key}
            data-shade={shade}
            data-faded={(shown !== null && shown !== key) || undefined}
            style={{ height: `${(value / top) * 100}%` }}
          />
        )
      })}
    </span>
  )
}

function Axis({ ticks, top }: ReturnType<typeof useAxis>) {
  return (
    <div className={c.axis} aria-hidden>
      {ticks.map(({ at, label }) => (
        <span key={at} style={{ bottom: `${(at / top) * 100}%` }}>
          {label}
        </span>
      ))}
    </div>
  )
}

/** Which day is where, below the bars: the first, the last, and some between. */
function Marks({ days }: Pick<DayChartProps, 'days'>) {
  return (
    <div className={c.marks} aria-hidden>
      {days.map((day, n) => (
        <span
          key={day}
          data-tells={n === 0 || n === days.length - 1 || ((n + 1) % 5 === 0 && n < days.length - 3) || undefined}
        >
          {dayMark(day)}
        </span>
      ))}
    </div>
  )
}

/** Goes to another of some buttons with the arrow keys. */
function moveAmong(group: HTMLElement | null, event: KeyboardEvent) {
  const buttons = [...(group?.querySelectorAll('button') ?? [])]
  const at = buttons.findIndex((button) => button === document.activeElement)
  const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: buttons.length - 1 }[event.key]
  if (next === undefined || at < 0) return
  event.preventDefault()
  buttons[Math.min(Math.max(next, 0), buttons.length - 1)]?.focus()
}

/** One bar a day. A day can be chosen, by arrow keys too; one to come is a gap. */
export function DayChart({ days, today, series, measure, nameOf, shown, chosen, onChoose }: DayChartProps) {
  const { t } = useTranslation('usage')
  const bars = useRef<HTMLDivElement>(null)
  const sumOf = (day: string) => series.reduce((sum, { values }) => sum + (values.get(day) ?? 0), 0)
  const past = days.filter((day) => day <= today)
  const { top, ticks } = useAxis(measure, Math.max(0, ...past.map(sumOf)))
  const focused = chosen ?? past.at(-1)

  const said = (day: string) =>
    [
      `${dayName(day)}: ${measured(t, measure, sumOf(day))}`,
      ...series.flatMap(({ key, values }) => {
        const value = values.get(day) ?? 0
        return value === 0 ? [] : [`${nameOf(key)} ${measured(t, measure, value)}`]
      }),
    ].join('\n')

  return (
    <div className={c.chart}>
      <Axis ticks={ticks} top={top} />
      <div className={c.plot}>
        {ticks.map(({ at }) => (
          <span key={at} className={c.gridLine} style={{ bottom: `${(at / top) * 100}%` }} aria-hidden />
        ))}
        <div
          className={c.bars}
          ref={bars}
          role="group"
          tabIndex={-1}
          aria-label={t('chart', { measure: t(`measure.${measure}`) })}
          onKeyDown={(event) => moveAmong(bars.current, event)}
        >
          {days.map((day) =>
            day > today ? (
              <span key={day} />
            ) : (
              <button
                key={day}
                type="button"
                aria-pressed={day === chosen}
                aria-label={said(day)}
                title={said(day)}
                tabIndex={day === focused ? 0 : -1}
                onClick={() => onChoose(day === chosen ? null : day)}
              >
                <Bar {...{ day, top, series, shown }} />
              </button>
            ),
          )}
        </div>
      </div>
      <Marks days={days} />
    </div>
  )
}
