import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../shared/contract'
import { client } from '../../api/client'
import { showDone } from '../../ui/toast'
import { drawSeed } from './seed'

/** So many seeds are drawn to vary an image. */
export const varied = 4

/** Runs what made an image once more: with the same parameters, or with other seeds. */
export function useRunAgain() {
  const { t } = useTranslation('gallery')
  const run = useMutation({
    mutationFn: ({ generation, seeds }: { generation: Generation; seeds: readonly (number | undefined)[] }) =>
      Promise.all(
        seeds.map((seed) =>
          client.generations.create({
            serviceId: generation.serviceId,
            params: { ...generation.params, ...(seed !== undefined && { seed, batch: 1 }) },
          }),
        ),
      ),
    onSuccess: (made, { generation }) =>
      showDone(t('view.queued', { count: made.length, service: generation.serviceId })),
  })
  return {
    isPending: run.isPending,
    again: (generation: Generation) => run.mutate({ generation, seeds: [undefined] }),
    vary: (generation: Generation) =>
      run.mutate({ generation, seeds: Array.from({ length: varied }, () => drawSeed()) }),
  }
}
