import type { Service } from '../../../../shared/contract'

type Placed = Pick<Service, 'id' | 'order'>

/**
 * The places that change when a service is put before or after another. `sorted` are all services in the custom order, of
 * which some may have no place yet.
 */
export function moveTo(
  sorted: readonly Placed[],
  id: string,
  target: string,
  side: 'before' | 'after',
): { id: string; order: number }[] {
  if (id === target) return []
  const ids = sorted.map((service) => service.id).filter((one) => one !== id)
  const at = ids.indexOf(target)
  if (at === -1) return []
  const next = ids.toSpliced(side === 'before' ? at : at + 1, 0, id)
  const before = new Map(sorted.map((service) => [service.id, service.order]))
  return next.map((one, order) => ({ id: one, order })).filter(({ id: one, order }) => before.get(one) !== order)
}
