import { useQuery } from '@tanstack/react-query'
import type { Generation } from '../../../shared/contract'
import { api } from '../../api/query'

/** As many as show the running jobs of all services and the last pictures. */
const limit = 24

const none: Generation[] = []

/** The last generations of all services, newest first; one list for all who look. */
export const useRecentGenerations = (): Generation[] =>
  useQuery(api.generations.list.queryOptions({ input: { limit } })).data?.items ?? none
