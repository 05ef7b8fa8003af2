import { useEffect, useRef } from 'react'

/** Puts the focus where a step of the dialog begins: on what is marked for it, else on the step itself. */
export function useFirstFocus<T extends HTMLElement>() {
  const step = useRef<T>(null)
  useEffect(() => {
    const first = step.current?.querySelector<HTMLElement>('[data-autofocus]') ?? step.current
    first?.focus()
  }, [])
  return step
}
