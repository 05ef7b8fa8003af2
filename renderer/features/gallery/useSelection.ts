import { useCallback, useState } from 'react'
import type { Choose } from './Cell'
import { extended, nothingSelected, toggled, type Selection } from './selection'

/** What is chosen on a page; `order`: the ids as they stand there. */
export function useSelection(order: readonly string[]) {
  const [selection, setSelection] = useState<Selection>(nothingSelected)
  const clear = useCallback(() => setSelection(nothingSelected), [])
  const choose: Choose = useCallback(
    (id, how) => setSelection((now) => (how === 'range' ? extended(now, id, order) : toggled(now, id))),
    [order],
  )
  return { selection, setSelection, clear, choose }
}
