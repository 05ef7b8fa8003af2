import type { Generation } from '../../../shared/contract'
import { useSession } from '../../api/useSession'

/** Whether whoever is here may delete a generation: a user his own alone, also where he sees those of others. */
export function useMayDelete(): (generation: Generation) => boolean {
  const session = useSession().data
  return ({ by }) => session?.role === 'admin' || by === session?.account
}
