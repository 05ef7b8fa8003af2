import type { ReactNode } from 'react'
import { StatusIcon, type StatusKey, type Tone } from '../../ui/Status'
import c from './Updates.module.css'

const icons: Record<Tone, StatusKey> = {
  active: 'ready',
  good: 'ready',
  warn: 'warning',
  bad: 'failed',
  quiet: 'notice',
}

interface SafetyLineProps {
  tone: Tone
  /** What holds right now. */
  says: ReactNode
  /** What follows from it, and the way back. */
  children?: ReactNode
  actions?: ReactNode
}

/** The page's first line: what is safe at this moment, and the way back. */
export function SafetyLine({ tone, says, children, actions }: SafetyLineProps) {
  return (
    <section className={c.safety} data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <StatusIcon of={icons[tone]} size={18} />
      <div className={c.safetyText}>
        <b>{says}</b> {children}
      </div>
      {actions !== undefined && <div className={c.safetyDo}>{actions}</div>}
    </section>
  )
}
