import type { Generation } from '../../../../shared/contract'

interface Generations {
  create: (order: { serviceId: string; params: Generation['params'] }) => Promise<unknown>
  cancel: (which: { id: string }) => Promise<unknown>
}

/**
 * Asks for the same on another service, one after the other, and gives each up here only when it was taken there: nothing
 * is lost in between. Rejects with the first failure; what comes after it stays where it is.
 */
export async function moveTo(
  serviceId: string,
  waiting: readonly Pick<Generation, 'id' | 'params'>[],
  { create, cancel }: Generations,
): Promise<void> {
  for (const { id, params } of waiting) {
    await create({ serviceId, params })
    await cancel({ id })
  }
}
