import { useNow } from './useNow'
import { formatAge, formatExact, formatRelative } from '../i18n/format'

/** When something happened: relative, exact on hover. */
export function Ago({ at }: { at: number }) {
  const now = useNow()
  return (
    <time dateTime={new Date(at).toISOString()} title={formatExact(at)}>
      {formatRelative(at, now)}
    </time>
  )
}

/** How long a state has lasted, in one unit; exact start on hover. */
export function Age({ since }: { since: number }) {
  const now = useNow()
  return (
    <time dateTime={new Date(since).toISOString()} title={formatExact(since)}>
      {formatAge(now - since)}
    </time>
  )
}
