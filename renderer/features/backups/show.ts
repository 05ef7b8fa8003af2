import type { Backups } from '../../../shared/contract'
import { api, queryClient } from '../../api/query'

/** Writes what a procedure answers into the cache: it is what the page shows. */
export const show = (backups: Backups) => queryClient.setQueryData(api.backups.read.queryKey(), backups)

/** Reads them again. */
export const readAgain = () => void queryClient.invalidateQueries({ queryKey: api.backups.read.key() })
