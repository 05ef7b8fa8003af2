import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Generation, GenerationParams } from '../../../shared/contract'
import { client } from '../../api/client'
import { showDone } from '../../ui/toast'
import { drawSeed } from './seed'

/** So many seeds are drawn to vary an image. */
export const varied = 4

/** The parameters with another seed. Of an imported workflow all seeds are left out: each is drawn then. */
async function reseeded(params: GenerationParams, seed: number): Promise<GenerationParams> {
  const { workflow: id, workflowVersion: version, values = {} } = params
  if (id === undefined || version === undefined) return { ...params, seed, batch: 1 }
  const { form } = await client.workflows.get({ id, version })
  const seeds = new Set(form.filter(({ role }) => role === 'seed').map((input) => input.id))
  const rest = Object.entries(values).filter(([input]) => !seeds.has(input))
  return { ...params, seed: undefined, values: Object.fromEntries(rest) }
}

/** Runs what made an image once more: with the same parameters, or with other seeds. */
export function useRunAgain() {
  const { t } = useTranslation('gallery')
  const run = useMutation({
    mutationFn: ({ generation, seeds }: { generation: Generation; seeds: readonly (number | undefined)[] }) =>
      Promise.all(
        seeds.map(async (seed) =>
          client.generations.create({
            serviceId: generation.serviceId,
            params: seed === undefined ? generation.params : await reseeded(generation.params, seed),
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
