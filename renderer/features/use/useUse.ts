import { useQuery } from '@tanstack/react-query'
import type { AccountId, UsageDay } from '../../../shared/contract'
import { api } from '../../api/query'

/** Nothing tells that somebody used more: it is asked again while it is on screen. */
const asked = { staleTime: 10_000, refetchInterval: 15_000 }

/** How somebody stands to their limits today, and the last days; one's own is anybody's to ask. */
export function useUse(account: AccountId, isMe: boolean) {
  const mine = useQuery({ ...api.usage.mine.queryOptions(), ...asked, enabled: isMe })
  const theirs = useQuery({ ...api.usage.ofUser.queryOptions({ input: { id: account } }), ...asked, enabled: !isMe })
  return isMe ? mine : theirs
}

/** The sums over days; what is not known counts as nothing. */
export const totalOf = (days: readonly UsageDay[]) =>
  days.reduce(
    (sum, day) => ({
      gpuSeconds: sum.gpuSeconds + (day.gpuSeconds ?? 0),
      jobs: sum.jobs + day.jobs,
      images: sum.images + day.images,
    }),
    { gpuSeconds: 0, jobs: 0, images: 0 },
  )
