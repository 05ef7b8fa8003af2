import type { ReactNode } from 'react'
import c from './Studio.module.css'

interface ChipProps {
  isOn: boolean
  onClick: () => void
  title?: string
  /** A size of which its outline is drawn before the words. */
  shape?: { width: number; height: number }
  children: ReactNode
}

/** One of several choices in a line. */
export const Chip = ({ isOn, onClick, title, shape, children }: ChipProps) => (
  <button type="button" className={c.chip} aria-pressed={isOn} title={title} onClick={onClick}>
    {shape && <i className={c.shape} style={outlineOf(shape)} aria-hidden />}
    {children}
  </button>
)

/** The longer side of an outline, in px. */
const outline = 11

function outlineOf({ width, height }: { width: number; height: number }) {
  const longer = Math.max(width, height)
  return { width: (outline * width) / longer, height: (outline * height) / longer }
}
