import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Generation, Service } from '../../../../shared/contract'
import { api } from '../../../api/query'
import { useSeesAll } from '../../../api/useSession'
import { useRecentGenerations } from '../../gallery/useRecentGenerations'
import { useWaits } from '../sleep'
import { currentJob, runsOthersJob } from '../state'
import { useShortWaitWords } from '../wait-words'
import { servicesOf, type ListFacts } from './view'

/** What a list of services shows beside them. */
export interface RowFacts extends ListFacts {
  /** The last image of each service. */
  shots: ReadonlyMap<string, Generation>
  /** Credentials of which a file differs from the vault. */
  drifted: ReadonlySet<string>
  /** What each does now. */
  doing: (service: Service) => Doing
}

/** What a service does now: its job, or why it does nothing. */
export interface Doing {
  /** The job that it works on, where one is shown as alive. */
  job: Generation | undefined
  /** How many of Regie's jobs wait for it. */
  waiting: number
  /** It works for another client. */
  isOthers: boolean
  isAsleep: boolean
  /** That a request wakes it, and what waits for it, in words. */
  waits: string
}

/** What is known beside the services themselves, each part anew only when it changes. */
export function useListFacts(services: readonly Service[]): RowFacts {
  const seesAll = useSeesAll()
  const items = useQuery({ ...api.attention.read.queryOptions(), enabled: seesAll }).data?.items
  const latest = useQuery(api.generations.latest.queryOptions()).data
  const credentials = useQuery({ ...api.credentials.list.queryOptions(), enabled: seesAll }).data
  const generations = useRecentGenerations()
  const attention = useMemo(
    () => new Set((items ?? []).flatMap((item) => servicesOf(item, services))),
    [items, services],
  )
  const shots = useMemo(() => new Map((latest ?? []).map((one) => [one.serviceId, one])), [latest])
  const times = useMemo(() => new Map((latest ?? []).map((one) => [one.serviceId, one.createdAt])), [latest])
  const drifted = useMemo(
    () => new Set((credentials ?? []).flatMap(({ id, drifted: files }) => (files > 0 ? [id] : []))),
    [credentials],
  )
  const waits = useWaits()
  // As text, so that it is another only when another sleeps.
  const sleeping = services.flatMap((service) => (waits(service).sleeps ? [service.id] : [])).join(' ')
  const asleep = useMemo(() => new Set(sleeping.split(' ')), [sleeping])
  const facts = useMemo(
    () => ({ attention, generations, latest: times, shots, drifted, asleep }),
    [attention, generations, times, shots, drifted, asleep],
  )
  const waitWords = useShortWaitWords()
  return {
    ...facts,
    doing(service) {
      const { running: job, waiting } = currentJob(generations, service)
      const isOthers = runsOthersJob(service, generations)
      return { job, waiting, isOthers, isAsleep: asleep.has(service.id), waits: waitWords(waits(service)) }
    },
  }
}
