import type { ReactNode } from 'react'
import c from './Studio.module.css'

interface SubmitFormProps {
  label: string
  onSend: () => void
  children: ReactNode
}

/** A form that is sent by its button, and by Ctrl+Enter (⌘+Enter) from any field of it. */
export function SubmitForm({ label, onSend, children }: SubmitFormProps) {
  return (
    <form
      className={c.form}
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault()
        onSend()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
        event.preventDefault()
        onSend()
      }}
    >
      {children}
    </form>
  )
}
