import { useQuery } from '@tanstack/react-query'
import { api } from '../api/query'

/** Who is here and through which door. */
export const useSession = () => useQuery(api.session.current.queryOptions())

/** Whether administrator's actions are allowed here; the panel checks again. */
export const useIsAdmin = (): boolean => useSession().data?.role === 'admin'
