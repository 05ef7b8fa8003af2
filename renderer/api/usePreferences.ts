import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from './query'

/** What whoever is here has chosen for their own use: language, theme, whether the welcome was seen. */
export const usePreferences = () => useQuery(api.me.preferences.queryOptions())

/** Changes some of these. */
export function useChangePreferences() {
  const cache = useQueryClient()
  return useMutation(
    api.me.changePreferences.mutationOptions({
      onSuccess: (preferences) => cache.setQueryData(api.me.preferences.queryKey(), preferences),
    }),
  )
}
