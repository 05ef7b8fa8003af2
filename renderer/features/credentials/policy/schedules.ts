import { useQuery } from '@tanstack/react-query'
import type { RotationSchedule } from '../../../../shared/contract'
import { api } from '../../../api/query'

/** Where a credential stands by its policy; undefined until that is known. */
export const useSchedule = (id: string): RotationSchedule | undefined =>
  useQuery(api.credentials.schedules.queryOptions()).data?.find(({ credentialId }) => credentialId === id)

/** Whether its time has come by its policy, whoever is to act. */
export const isDue = ({ state, wanted }: Pick<RotationSchedule, 'state' | 'wanted'>): boolean =>
  state === 'due' || state === 'waiting' || (state === 'postponed' && wanted === null)

/** 5 January 2026 was a Monday. */
const monday = new Date(2026, 0, 5)

/** The name of a weekday, 1 for Monday, in the language of the page. */
export function dayName(day: number, language: string, length: 'long' | 'short' = 'long'): string {
  const date = new Date(monday.getFullYear(), monday.getMonth(), monday.getDate() + day - 1)
  return new Intl.DateTimeFormat(language, { weekday: length }).format(date)
}
