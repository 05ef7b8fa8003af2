import { IconDots } from '@tabler/icons-react'
import type { Pressed } from './MenuButton'
import c from './DotsButton.module.css'

/** The "…" of a row. Lists have one in each of many rows: it is a plain button, which is made at once. */
export function DotsButton({ label, ...pressed }: { label: string } & Pressed) {
  return (
    <button type="button" className={c.dots} aria-label={label} aria-haspopup="menu" {...pressed}>
      <IconDots size={16} stroke={1.6} aria-hidden />
    </button>
  )
}
