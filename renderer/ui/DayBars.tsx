import type { CSSProperties } from 'react'
import c from './DayBars.module.css'

export interface DayBar {
  /** What tells it from the others: its day. */
  key: string
  /** Null: not known. */
  value: number | null
  /** Below the bar, where there is room for a word. */
  label?: string
  /** The day and its figure in words. */
  tip: string
}

/** Small bars, one a day, the last one today. `label` says all of it to who cannot see it. */
export function DayBars({ bars, height, label }: { bars: readonly DayBar[]; height: number; label: string }) {
  const top = Math.max(0, ...bars.map(({ value }) => value ?? 0))
  return (
    <div className={c.days} style={{ '--n': bars.length } as CSSProperties} role="img" aria-label={label}>
      {bars.map(({ key, value, tip }) => (
        <span key={key} className={c.day} style={{ height }} title={tip} data-unknown={value === null || undefined}>
          {value !== null && value > 0 && <span style={{ height: Math.max(2, (value / top) * height) }} data-tells />}
        </span>
      ))}
      {bars.map(({ key, label: word }) => (
        <span key={key} className={c.label}>
          {word}
        </span>
      ))}
    </div>
  )
}
