import c from './Person.module.css'

interface PersonProps {
  name: string
  /** Small ones stand in tables. */
  isSmall?: boolean
  /** Whoever has not come yet: a dashed edge. */
  isAwaited?: boolean
}

/** A person's mark: the initial in a circle, without a colour of its own. The name stands beside it. */
export function Person({ name, isSmall = false, isAwaited = false }: PersonProps) {
  const [initial = ''] = name
  return (
    <span className={c.person} data-small={isSmall || undefined} data-awaited={isAwaited || undefined} aria-hidden>
      {initial.toLocaleUpperCase()}
    </span>
  )
}
