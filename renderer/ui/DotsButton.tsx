import type { Pressed } from './MenuButton'
import { Stroke } from './Stroke'
import c from './DotsButton.module.css'

/** IconDots. */
const dots = 'M4 12a1 1 0 1 0 2 0a1 1 0 1 0 -2 0M11 12a1 1 0 1 0 2 0a1 1 0 1 0 -2 0M18 12a1 1 0 1 0 2 0a1 1 0 1 0 -2 0'

/** The "…" of a row. Lists have one in each of many rows: it is a plain button, which is made at once. */
export function DotsButton({ label, ...pressed }: { label: string } & Pressed) {
  return (
    <button type="button" className={c.dots} aria-label={label} aria-haspopup="menu" {...pressed}>
      <Stroke d={dots} size={16} />
    </button>
  )
}
