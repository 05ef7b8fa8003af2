import { randomUUID } from 'node:crypto'
import type { Problem } from '../../shared/problems'
import type { WorkEnd } from '../kinds/gateway'
import type { JobEnd, Place, Usage } from '../usage'
import type { Admitted, Asked, Ending, Stages } from './stages'

/** What pages and scripts ask again and again to know how things stand: it is no use of a service. */
const asksHowItIs =
  /^\/(?:api\/)?(?:queue|history|jobs|prompt|system_stats|internal\/(?:progress|pending-tasks|ping)|sdapi\/v1\/progress|heartbeat)(?:\/|$)/

const isUse = ({ method, path }: Pick<Asked, 'method' | 'path'>): boolean =>
  !asksHowItIs.test(path) || (method === 'POST' && !path.includes('/internal/'))

/** How a job ended that lasts as long as its request, as it does on Forge. */
function endOf({ status, isCut }: Ending, ran: { from: number; to: number }, images: number | null): JobEnd {
  // Who goes away does not stop it: it works on, and nobody hears when it ends.
  if (isCut || status === null) return { outcome: 'unknown', ran: null, cached: false, images: null }
  if (status < 400) return { outcome: 'succeeded', ran, cached: false, images }
  // What it refuses it did not begin.
  if (status < 500) return { outcome: 'withdrawn', ran: null, cached: false, images: null }
  return { outcome: 'failed', ran, cached: false, images: null }
}

/** Work that the service did not take. */
const neverBegun: WorkEnd = { outcome: 'withdrawn', ran: null, images: null }

const machine = 'local'

const nothingTaken = { end: () => undefined }

/** What is known of a request that starts work, from the limits stage until it has ended. */
interface Work {
  cameAt: number
  place: Place
}

/** The jobs that requests start, from their turn to their end. */
function createJobs(usage: Pick<Usage, 'begun' | 'ended' | 'remembers' | 'now'>) {
  function begin({ asked, guest, route }: Admitted, { cameAt, place }: Work) {
    const { serviceId: service } = asked
    const job = { service, account: guest.account, key: guest.keyId, machine }
    place.handedOver()
    if (usage.remembers(service)) return { job, id: null, cameAt, from: usage.now() }
    const id = randomUUID()
    usage.begun({ ...job, id, begunAt: cameAt, nameThere: () => route.handling?.jobId?.() ?? null })
    // From here on it is the job that counts.
    place.end()
    return { job, id, cameAt, from: usage.now() }
  }

  function end({ job, id, cameAt, from }: ReturnType<typeof begin>, { route }: Admitted, ending: Ending) {
    if (id !== null) {
      const { outlives, images } = route.handling ?? {}
      if (!outlives) {
        usage.ended(job.service, id, endOf(ending, { from, to: usage.now() }, images?.() ?? null))
        return
      }
      const work = outlives() ?? Promise.resolve(neverBegun)
      void work.then((ended) => usage.ended(job.service, id, { ...ended, cached: false }))
      return
    }
    const started = route.handling?.jobId?.() ?? null
    // It may have taken the job although nobody heard its answer: then it remembers it, or knows nothing of it.
    const isTaken = ending.status === null ? ending.isCut : ending.status < 300
    if (started !== null && isTaken) usage.begun({ ...job, id: started, begunAt: cameAt })
  }

  return { begin, end }
}

/** The stages, with limits before the service is asked and all that goes through counted. `jobs`: what jobs are called until their service has them. */
export function withCounting(
  stages: Stages,
  usage: Pick<Usage, 'take' | 'begun' | 'ended' | 'count' | 'remembers' | 'now'>,
  jobs: Pick<WeakMap<Asked, string>, 'set'> = new WeakMap<Asked, string>(),
): Stages {
  const working = new WeakMap<Asked, Work>()
  const { begin, end } = createJobs(usage)

  return {
    ...stages,
    limits({ asked, guest, route }) {
      if (route.rule !== 'job') return nothingTaken
      const { account, keyId: key, limits } = guest
      const giveUp = (why: Problem) => asked.giveUp?.(why)
      const place = usage.take({ account, key, service: asked.serviceId, machine, limits, giveUp })
      if ('refused' in place) return { refused: place.refused, status: 429, retryAfterS: place.retryAfterS }
      working.set(asked, { cameAt: usage.now(), place })
      jobs.set(asked, place.id)
      return place
    },
    observer: {
      ...stages.observer,
      begun(admitted) {
        const { asked, guest } = admitted
        const further = stages.observer.begun(admitted)
        const work = working.get(asked)
        const begun = work === undefined ? null : begin(admitted, work)
        return {
          ended(ending) {
            if (begun) end(begun, admitted, ending)
            const { bytesIn, bytesOut } = ending
            const to = { account: guest.account, key: guest.keyId, service: asked.serviceId, machine }
            usage.count(to, { requests: isUse(asked) ? 1 : 0, bytesIn, bytesOut })
            further.ended(ending)
          },
        }
      },
    },
  }
}
