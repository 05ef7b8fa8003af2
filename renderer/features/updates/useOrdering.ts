import { useState } from 'react'
import type { UpdateOffer } from '../../../shared/contract'
import type { FileChoice } from './FilesPanel'
import { useUpdateActs } from './useUpdates'
import { missingIn } from './view'

const nothing = { files: [], card: false }

/** What a person says about an update before it begins, and its beginning. */
export function useOrdering(offer: UpdateOffer | undefined) {
  const { begin } = useUpdateActs()
  const [choices, setChoices] = useState<Readonly<Record<string, FileChoice>>>({})
  const [mayStopOld, setMayStopOld] = useState(false)
  const [wasAsked, setAsked] = useState(false)
  const lacks = offer ? missingIn(offer, choices, mayStopOld) : nothing
  return {
    choices,
    mayStopOld,
    setMayStopOld,
    choose: (path: string, choice: FileChoice) => setChoices((now) => ({ ...now, [path]: choice })),
    /** What was asked for and is still to be said. */
    missing: wasAsked ? lacks : nothing,
    isPending: begin.isPending,
    error: begin.error,
    start: () => {
      if (!offer || offer.to === null) return
      setAsked(true)
      if (lacks.files.length > 0 || lacks.card) return
      const changed = new Set(offer.files.filter((file) => file.isChanged).map(({ path }) => path))
      const files = Object.fromEntries(Object.entries(choices).filter(([path]) => changed.has(path)))
      begin.mutate({ id: offer.serviceId, to: offer.to, files, mayStopOld })
    },
  }
}

export type Ordering = ReturnType<typeof useOrdering>
