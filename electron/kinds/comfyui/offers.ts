import type { ComfyApi } from './api'
import { offerOf, type Offer } from './offer'

/** What a ComfyUI offers, as it was some seconds ago or as it is now. `failed`: marks of files that could not be loaded. */
export function createOffers(api: ComfyApi, failed: ReadonlySet<string>) {
  let last: { of: readonly unknown[]; offer: Offer } | null = null
  /** The same offer while nothing of it was told anew: what follows from it is worked out once. */
  function kept(told: Parameters<typeof offerOf>[0]): Offer {
    const of = [told.choices, told.nodes, told.facts, ...failed]
    if (last?.of.length !== of.length || !of.every((one, at) => one === last?.of[at]))
      last = { of, offer: offerOf(told, failed) }
    return last.offer
  }

  async function offer(signal: AbortSignal): Promise<Offer> {
    const [choices, nodes, facts] = await Promise.all([api.choices(signal), api.nodes(signal), api.facts(signal)])
    return kept({ choices, nodes, facts })
  }

  async function offerNow(signal: AbortSignal): Promise<Offer> {
    const [choices, nodes, facts] = await Promise.all([
      api.choices.anew(signal),
      api.nodes.anew(signal),
      api.facts.anew(signal),
    ])
    return kept({ choices, nodes, facts })
  }

  /** What is offered may be some seconds old: nothing is refused before it was asked anew. */
  async function ofOffer<T>(signal: AbortSignal, use: (offer: Offer) => T): Promise<T> {
    const isShared = api.choices.isKept() || api.nodes.isKept() || api.facts.isKept()
    try {
      return use(await offer(signal))
    } catch (error) {
      if (!isShared || signal.aborted) throw error
      return use(await offerNow(signal))
    }
  }

  return { offer, offerNow, ofOffer }
}
