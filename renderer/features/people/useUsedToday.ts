import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/query'
import { useNow } from '../../ui/useNow'

/** A local day, as the panel names one. */
function dayOf(at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** What each person used today, in seconds of GPU time: null where that is not known, undefined until it was asked. */
export function useUsedToday(): ((account: string) => number | null) | undefined {
  const today = dayOf(new Date(useNow(60_000)))
  const answer = useQuery({
    ...api.usage.read.queryOptions({ input: { by: 'user', from: today, to: today } }),
    ...{ staleTime: 10_000, refetchInterval: 15_000 },
  }).data
  if (!answer) return undefined
  const used = new Map(answer.rows.map(({ id, figures }) => [id, figures.gpuSeconds]))
  return (account) => (used.has(account) ? (used.get(account) ?? null) : 0)
}
