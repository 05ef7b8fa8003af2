import { useQuery } from '@tanstack/react-query'
import type { Key, KeyUse } from '../../../shared/contract'
import { api, queryClient } from '../../api/query'
import type { KeyOwner } from './owner'

/** The keys of one person, ended ones among them. */
export const useKeys = ({ account }: Pick<KeyOwner, 'account'>) =>
  useQuery(api.keys.list.queryOptions({ input: { userId: account } }))

/** Asks for the keys again, and for what is told of people by them. */
export const listKeysAgain = () => queryClient.invalidateQueries({ queryKey: api.keys.key() })

const askMs = 2000

/** The first request with a key; asked for until it came. */
export function useFirstUse({ id, userId }: Pick<Key, 'id' | 'userId'>): KeyUse | null {
  const used = (keys: Key[] | undefined) => keys?.find((key) => key.id === id)?.lastUsed ?? null
  const keys = useQuery({
    ...api.keys.list.queryOptions({ input: { userId } }),
    refetchInterval: (query) => (used(query.state.data) ? false : askMs),
    staleTime: 0,
  })
  return used(keys.data)
}
