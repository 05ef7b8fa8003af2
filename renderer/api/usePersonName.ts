import { useQuery } from '@tanstack/react-query'
import { api } from './query'
import { useSeesAll } from './useSession'

/** What people are called, by the ids of their accounts; an id that nobody is known by stays. Users know nobody's. */
export function usePersonName(): (account: string) => string {
  const users = useQuery({ ...api.users.list.queryOptions(), enabled: useSeesAll() }).data
  return (account) => users?.find(({ id }) => id === account)?.name ?? account
}
