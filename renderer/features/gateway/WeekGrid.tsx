import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { currentLanguage } from '../../i18n'
import { daysInWeek, hoursInDay, type Week } from './week'
import c from './WeekGrid.module.css'

/** A Monday, for its name. */
const monday = Date.UTC(2026, 10, 23, 12)

/** What a day of the week is called, 1 is Monday. */
export const dayName = (day: number, style: 'short' | 'long'): string =>
  new Intl.DateTimeFormat(currentLanguage(), { weekday: style, timeZone: 'UTC' }).format(
    monday + (day - 1) * 24 * 3_600_000,
  )

const steps: Partial<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -hoursInDay,
  ArrowDown: hoursInDay,
}

/** What is under a pointer that paints: also a finger's, which holds the hour it began at. */
function hourAt(event: PointerEvent): number | null {
  const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>('[data-hour]')
  const text = cell?.dataset['hour']
  return text === undefined ? null : Number(text)
}

/** Paints with the pointer: the first hour decides whether it paints or wipes. */
function usePainting(week: Week, onChange: (week: Week) => void) {
  const painting = useRef<{ isOn: boolean; week: boolean[] } | null>(null)
  const paint = (hour: number | null) => {
    const now = painting.current
    if (!now || hour === null || now.week[hour] === now.isOn) return
    now.week[hour] = now.isOn
    onChange([...now.week])
  }
  return {
    onPointerDown: (event: PointerEvent) => {
      const hour = hourAt(event)
      if (hour === null || event.button !== 0) return
      painting.current = { isOn: week[hour] !== true, week: [...week] }
      paint(hour)
    },
    onPointerMove: (event: PointerEvent) => {
      if (painting.current) paint(hourAt(event))
    },
    onPointerUp: () => (painting.current = null),
    onPointerCancel: () => (painting.current = null),
    onPointerLeave: () => (painting.current = null),
  }
}

interface WeekGridProps {
  week: Week
  onChange: (week: Week) => void
  label: string
  /** Which hour it is now. */
  now: number
}

/** Which hour is where, below the grid. */
const Ticks = () => (
  <div className={c.row} aria-hidden>
    <span />
    {[0, 6, 12, 18].map((hour) => (
      <span key={hour} className={c.tick}>
        {hour}
      </span>
    ))}
  </div>
)

/** 7 × 24 hours to paint with the pointer, or with the arrow keys and Space. */
export function WeekGrid({ week, onChange, label, now }: WeekGridProps) {
  const { t } = useTranslation('gateway')
  const [at, setAt] = useState(now)
  const grid = useRef<HTMLDivElement>(null)
  const painting = usePainting(week, onChange)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === ' ') {
      event.preventDefault()
      onChange(week.map((isOn, hour) => (hour === at ? !isOn : isOn)))
      return
    }
    const next = at + (steps[event.key] ?? 0)
    if (next === at || next < 0 || next >= week.length) return
    event.preventDefault()
    setAt(next)
    if (event.shiftKey) onChange(week.map((isOn, hour) => (hour === next ? week[at] === true : isOn)))
    grid.current?.querySelector<HTMLElement>(`[data-hour="${next}"]`)?.focus()
  }
  return (
    <div className={c.week}>
      <div className={c.grid} role="grid" aria-label={label} ref={grid} onKeyDown={onKeyDown} {...painting}>
        {Array.from({ length: daysInWeek }, (_, day) => (
          <div key={day} className={c.row} role="row">
            <span className={c.day} role="rowheader" data-today={Math.floor(now / hoursInDay) === day || undefined}>
              {dayName(day + 1, 'short')}
            </span>
            {Array.from({ length: hoursInDay }, (_, ofDay) => {
              const hour = day * hoursInDay + ofDay
              const values = { day: dayName(day + 1, 'long'), hour: `${ofDay}:00` }
              return (
                <span
                  key={hour}
                  role="gridcell"
                  className={c.hour}
                  data-hour={hour}
                  data-on={week[hour] || undefined}
                  data-now={hour === now || undefined}
                  data-tells
                  tabIndex={hour === at ? 0 : -1}
                  aria-selected={week[hour] === true}
                  aria-label={t('week.hour', values)}
                  title={t('week.hour', values)}
                  onFocus={() => setAt(hour)}
                />
              )
            })}
          </div>
        ))}
      </div>
      <Ticks />
    </div>
  )
}
