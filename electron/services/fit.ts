import type { Fit, Gpu } from '../../shared/contract'
import { reason, type Reason } from '../../shared/problems'

/** What is known before a service loads its model. In MiB; null: not known. */
export interface FitFacts {
  id: string
  /** What it will take with its model loaded, and where that comes from. */
  expectedMiB: number | null
  from: Fit['from']
  /** The card as it is now. */
  gpu: Pick<Gpu, 'name' | 'memoryFreeMiB' | 'memoryTotalMiB' | 'holders'> | null
}

const gib = (mib: number) => Math.round((mib / 1024) * 10) / 10

function wordsOf(
  { state, expectedMiB, freeMiB, freeable, shortMiB }: Omit<Fit, 'words'>,
  { id, gpu }: FitFacts,
): Reason {
  const params = { id, needs: gib(expectedMiB ?? 0), free: gib(freeMiB ?? 0), gpu: gpu?.name ?? '' }
  switch (state) {
    case 'fits':
      return reason('memory.fits', params)
    case 'after-freeing':
      return reason('memory.fits-after', { ...params, services: freeable.map(({ serviceId }) => serviceId).join(', ') })
    case 'too-large':
      return reason('memory.too-large', { ...params, short: gib(shortMiB ?? 0) })
    case 'unknown':
      return reason('memory.fit-unknown', { id })
  }
}

/**
 * Whether a service will find room for its model: at once, once others are unloaded, or not at all. What it holds already
 * it need not find. A warning, and never a reason not to begin: whose turn it is, the cards decide.
 */
export function fitOf(facts: FitFacts): Fit {
  const { id, expectedMiB, from, gpu } = facts
  const holders = (gpu?.holders ?? []).filter(({ kind }) => kind === 'service')
  const own = holders.filter((holder) => holder.id === id).reduce((sum, { mib }) => sum + mib, 0)
  const freeMiB = gpu?.memoryFreeMiB ?? null
  // What a program keeps for itself, unloading does not give back.
  const freeable = holders
    .filter((holder) => holder.id !== id)
    .map((holder) => ({ serviceId: holder.id, mib: Math.max(0, holder.mib - (holder.contextMiB ?? 0)) }))
    .filter(({ mib }) => mib > 0)
  const known = { from, expectedMiB, freeMiB, freeable }
  if (expectedMiB === null || freeMiB === null) {
    const unknown: Omit<Fit, 'words'> = { ...known, state: 'unknown', shortMiB: null }
    return { ...unknown, words: wordsOf(unknown, facts) }
  }
  const missing = expectedMiB - own - freeMiB
  const all = freeable.reduce((sum, { mib }) => sum + mib, 0)
  const state = missing <= 0 ? 'fits' : missing <= all ? 'after-freeing' : 'too-large'
  const told: Omit<Fit, 'words'> = { ...known, state, shortMiB: Math.max(0, Math.round(missing)) }
  return { ...told, words: wordsOf(told, facts) }
}
