import type { ReactNode } from 'react'
import c from './Figures.module.css'

interface Figure {
  label: string
  value: ReactNode
  /** Quieter, behind it: of how much, when, which. */
  rest?: ReactNode
}

/** Figures in one line, each with what it counts above it. */
export function FigureRow({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl className={c.figures}>
      {figures.map(({ label, value, rest }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="num">
            <b>{value}</b> {rest}
          </dd>
        </div>
      ))}
    </dl>
  )
}
