import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { WorkflowDetail } from '../../../../../shared/contract'
import { useIsAdmin } from '../../../../api/useSession'
import { api } from '../../../../api/query'
import { moved } from '../model/form'
import { useTakeIn } from '../useTakeIn'

export interface Pins {
  /** As they stand now: a change is shown at once. */
  pinned: readonly string[]
  mayPin: boolean
  toggle: (id: string) => void
  /** Shows another order, without keeping it. */
  show: (pinned: readonly string[] | null) => void
  /** Keeps an order. */
  keep: (pinned: readonly string[]) => void
  /** Moves one of them, by so many places. */
  move: (id: string, by: number) => void
}

/** Which inputs are pinned, in which order; administrators change that for everybody. */
export function usePins(detail: WorkflowDetail): Pins {
  const mayPin = useIsAdmin()
  const takeIn = useTakeIn()
  const [shown, show] = useState<readonly string[] | null>(null)
  const change = useMutation(
    api.workflows.change.mutationOptions({
      onSuccess: takeIn,
      onSettled: () => show(null),
    }),
  )
  const pinned = shown ?? detail.pinned
  const keep = (next: readonly string[]) => {
    const isSame = next.join('\n') === detail.pinned.join('\n')
    show(isSame ? null : next)
    if (!isSame) change.mutate({ id: detail.id, pinned: [...next] })
  }
  return {
    pinned,
    mayPin,
    show,
    keep,
    toggle: (id) => keep(pinned.includes(id) ? pinned.filter((one) => one !== id) : [...pinned, id]),
    move: (id, by) => {
      const from = pinned.indexOf(id)
      if (from >= 0 && from + by >= 0 && from + by < pinned.length) keep(moved(pinned, from, from + by))
    },
  }
}
