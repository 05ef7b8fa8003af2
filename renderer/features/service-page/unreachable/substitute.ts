import type { Service } from '../../../../shared/contract'

/** A ready service with the same model, of those with the fewest jobs; undefined where there is none. */
export function substituteFor(
  { id, kind, lastReach }: Service,
  services: readonly Service[],
  waitingOn: (id: string) => number,
): Service | undefined {
  const model = lastReach?.model ?? null
  if (model === null) return undefined
  return services
    .filter((one) => one.id !== id && one.kind === kind && one.health.state === 'ready' && one.model === model)
    .toSorted((a, b) => waitingOn(a.id) - waitingOn(b.id))[0]
}
