import type { ReactNode } from 'react'
import c from './Meter.module.css'

interface MeterProps {
  /** What is used; above the figure, or only for a screen reader where `isBare`. */
  label: string
  isBare?: boolean
  used: number
  /** Null: there is no limit. */
  limit: number | null
  /** The figure in words: "6.2 of 10 h". */
  children: ReactNode
  note?: ReactNode
}

/** From this part of a limit on the bar warns. */
const near = 0.9

/** Use against a limit. Amber from 90 %; without a limit the track is a dashed line. */
export function Meter({ label, isBare = false, used, limit, children, note }: MeterProps) {
  const part = limit === null ? 0 : limit === 0 ? 1 : Math.min(1, used / limit)
  const values = limit === null ? {} : { role: 'meter', 'aria-label': label, 'aria-valuemin': 0 }
  return (
    <div className={c.meter}>
      {!isBare && <span className={c.label}>{label}</span>}
      <span className={`num ${c.figure}`}>{children}</span>
      <span
        className={c.track}
        data-none={limit === null || undefined}
        data-tells
        {...values}
        {...(limit !== null && { 'aria-valuenow': Math.min(used, limit), 'aria-valuemax': limit })}
      >
        <span style={{ width: `${part * 100}%` }} data-near={part >= near || undefined} />
      </span>
      {note !== undefined && <span className={c.note}>{note}</span>}
    </div>
  )
}
