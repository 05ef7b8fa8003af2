import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/query'
import { useSeesAll } from '../api/useSession'
import type { PageId } from '../ui/route'
import type { StatusKey } from '../ui/Status'

/** How many of a page need a person, under the worst one's sign. */
export interface LinkMark {
  of: StatusKey
  text: string
  count: number
}

export type LinkMarks = Partial<Record<PageId, LinkMark>>

/** The marks beside the pages, in the rail and in the bar at the bottom. */
export function useMarks(): LinkMarks {
  const { t } = useTranslation()
  const attention = useQuery({ ...api.attention.read.queryOptions(), enabled: useSeesAll() }).data
  const marks: LinkMarks = {}
  const count = attention?.items.length ?? 0
  if (count > 0) {
    const of = attention?.items.some(({ urgent }) => urgent) ? 'unhealthy' : 'warning'
    marks.overview = { of, count, text: t('nav.attention', { count }) }
  }
  if (attention?.services) {
    const { count, worst } = attention.services
    marks.services = { of: worst, count, text: t('nav.blockedServices', { count }) }
  }
  if (attention?.credentials) {
    const { count, worst } = attention.credentials
    marks.credentials = { of: worst, count, text: t('nav.badCredentials', { count }) }
  }
  if (attention?.gpus) {
    const { count, worst } = attention.gpus
    marks.gpus = { of: worst, count, text: t('nav.badGpus', { count }) }
  }
  return marks
}

/** The sign of each state of the connection. */
export const connectionStatus = { connecting: 'starting', online: 'ready', reconnecting: 'stale' } as const
