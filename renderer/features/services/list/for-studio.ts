import type { Service } from '../../../../shared/contract'

/** Services as the Studio offers them. */
export interface StudioServices {
  /** Those that can generate now. */
  ready: Service[]
  /** All others, to be folded away. */
  others: Service[]
}

/** Services for the Studio: those that are ready first, the rest apart; both in the custom order. */
export function sortForStudio(services: readonly Service[]): StudioServices {
  const place = ({ order = Infinity }: Service) => order
  const sorted = services.toSorted((a, b) => (place(a) === place(b) ? 0 : place(a) < place(b) ? -1 : 1))
  const isReady = ({ health, operation }: Service) => health.state === 'ready' && operation === null
  return { ready: sorted.filter(isReady), others: sorted.filter((service) => !isReady(service)) }
}
