import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Generation } from '../../../shared/contract'
import { client } from '../../api/client'
import { api, queryClient } from '../../api/query'
import { useStream } from '../../api/useStream'

export interface Preview {
  src: string
  step: number | null
}

export const isOver = ({ state }: Pick<Generation, 'state'>): boolean =>
  state === 'succeeded' || state === 'failed' || state === 'cancelled'

/** A generation and, while it runs, the last picture that the service sent of it. */
export function useGeneration(id: string | undefined) {
  const query = useQuery(api.generations.get.queryOptions({ input: { id: id ?? '' }, enabled: id !== undefined }))
  const generation = id === undefined ? undefined : query.data
  const [preview, setPreview] = useState<(Preview & { of: string }) | null>(null)
  const followed = generation && !isOver(generation) ? generation.id : null
  useStream(followed, {
    open: (signal) => client.generations.watch({ id: followed ?? '' }, { signal }),
    ends: true,
    onEvent: (event) => {
      if (event.type === 'update') {
        const { generation: next } = event
        queryClient.setQueryData(api.generations.get.queryKey({ input: { id: next.id } }), next)
      } else if (followed !== null) {
        setPreview({ of: followed, src: `data:${event.mime};base64,${event.base64}`, step: event.step })
      }
    },
  })
  return {
    generation,
    error: id === undefined ? null : query.error,
    preview: preview && generation && preview.of === generation.id && !isOver(generation) ? preview : null,
  }
}
