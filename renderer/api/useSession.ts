import { useQuery } from '@tanstack/react-query'
import { api } from './query'

/** Who is here and through which door. */
export const useSession = () => useQuery(api.session.current.queryOptions())

/** My account: what I am called, my role and my limits. Asked for once somebody is here. */
export const useMe = () => useQuery({ ...api.me.account.queryOptions(), enabled: Boolean(useSession().data?.role) })

/** Whether administrator's actions are offered here; the panel checks again, and may ask the owner for the password. */
export const useIsAdmin = (): boolean => {
  const session = useSession().data
  return session?.role === 'admin' || session?.adminOnDemand === true
}

/** Whether what is only for administrators can be asked for now: not before the desktop's owner gave the password. */
export const useSeesAll = (): boolean => useSession().data?.role === 'admin'

/** Whether this session can be locked: there is a password that unlocks it. */
export const useCanLock = (): boolean => {
  const session = useSession().data
  const me = useMe().data
  if (!session?.role) return false
  return session.door === 'desktop' ? session.passwords.admin : me?.hasPassword === true
}
