import type { ReactNode } from 'react'
import c from './Studio.module.css'

interface ChipProps {
  isOn: boolean
  onClick: () => void
  title?: string
  children: ReactNode
}

/** One of several choices in a line. */
export const Chip = ({ isOn, onClick, title, children }: ChipProps) => (
  <button type="button" className={c.chip} aria-pressed={isOn} title={title} onClick={onClick}>
    {children}
  </button>
)
