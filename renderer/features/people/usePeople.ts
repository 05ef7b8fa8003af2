import { api, queryClient } from '../../api/query'

/** Asks for the accounts again, and for what is told of them elsewhere. */
export function listPeopleAgain(): void {
  void queryClient.invalidateQueries({ queryKey: api.users.key() })
  void queryClient.invalidateQueries({ queryKey: api.me.account.key() })
  void queryClient.invalidateQueries({ queryKey: api.keys.key() })
  void queryClient.invalidateQueries({ queryKey: api.access.sessions.key() })
}
