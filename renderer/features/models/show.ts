import { formatAge, formatSpan } from '../../i18n/format'
import { api, queryClient } from '../../api/query'

/** Asks for the list again, after something was done to a file. */
export const listAgain = (): void => void queryClient.invalidateQueries({ queryKey: api.modelLibrary.key() })

/** How long something still takes: what is less than a minute in seconds. */
export const formatLeft = (ms: number): string => (ms < 60_000 ? formatAge(ms) : formatSpan(ms))
