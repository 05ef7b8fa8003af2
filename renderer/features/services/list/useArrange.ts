import { useMutation, useQueryClient } from '@tanstack/react-query'
import { applyEvent } from '../../../api/cache'
import type { client } from '../../../api/client'
import { api } from '../../../api/query'

type Changes = Parameters<typeof client.services.arrange>[0]['changes']

/** Changes how services are kept: tags, order, muting. What fails is told. */
export function useArrange() {
  const cache = useQueryClient()
  const arrange = useMutation(
    api.services.arrange.mutationOptions({
      onSuccess: (changed) => {
        for (const service of changed) applyEvent(cache, { type: 'service', service })
      },
    }),
  )
  return { arrange: (changes: Changes) => arrange.mutate({ changes }), isPending: arrange.isPending }
}
