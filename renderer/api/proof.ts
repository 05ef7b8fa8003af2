import { useSyncExternalStore } from 'react'
import { isProblem } from './problem'

/** Why a call was refused that a proof would let through. */
export type ProofNeed = 'session.admin-locked' | 'session.reauth-required'

/** What a refused call needs; null when a proof would not help it. */
export function proofNeeded(error: unknown): ProofNeed | null {
  if (!isProblem(error)) return null
  const { problem } = error.data
  return problem === 'session.admin-locked' || problem === 'session.reauth-required' ? problem : null
}

export interface AskedProof {
  need: ProofNeed
  /** True once it was given, false when it will not be. */
  answer: (isGiven: boolean) => void
}

let asked: AskedProof | null = null
let given: Promise<boolean> | null = null
const listeners = new Set<() => void>()

const show = (next: AskedProof | null) => {
  asked = next
  for (const listener of listeners) listener()
}

/** Opens the dialog that asks who is there; calls that are refused meanwhile wait for the same answer. */
export function askForProof(need: ProofNeed): Promise<boolean> {
  given ??= new Promise<boolean>((resolve) => show({ need, answer: resolve })).finally(() => {
    given = null
    show(null)
  })
  return given
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** What the dialog has to ask; null while nothing needs it. */
export const useAskedProof = (): AskedProof | null => useSyncExternalStore(subscribe, () => asked)
