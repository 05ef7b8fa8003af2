import { createContext, use } from 'react'
import { useTranslation } from 'react-i18next'

/** The words of a list, fetched once for all its rows: each cell that asked for itself would cost as much as it shows. */
export const useListWords = () => useTranslation(['list', 'services', 'common']).t

/** What a list gives its cells. */
export const Words = createContext<ReturnType<typeof useListWords> | null>(null)

/** The words of the list that the cell stands in. Throws an error outside of one. */
export function useWords(): ReturnType<typeof useListWords> {
  const t = use(Words)
  if (t === null) throw new Error('a cell stands in no list')
  return t
}
