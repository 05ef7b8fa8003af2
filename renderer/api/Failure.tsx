import { useTranslation } from 'react-i18next'
import c from './Failure.module.css'
import { StatusIcon } from '../ui/Status'
import { describeError } from './errors'

/** What failed and what to do next, in place: for a dialog or a panel that stays. Nothing for null. */
export function Failure({ error }: { error: unknown }) {
  useTranslation() // Shown anew when the language changes.
  if (error === null || error === undefined) return null
  const { message, hint } = describeError(error)
  return (
    <div className={c.failure} role="alert">
      <StatusIcon of="failed" size={16} />
      <p>
        <b>{message}</b> {hint}
      </p>
    </div>
  )
}
