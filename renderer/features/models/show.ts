import { api, queryClient } from '../../api/query'

/** Asks for the list again, after something was done to a file. */
export const listAgain = (): void => void queryClient.invalidateQueries({ queryKey: api.modelLibrary.key() })
