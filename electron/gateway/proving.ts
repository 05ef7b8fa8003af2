import { createHash, randomBytes } from 'node:crypto'
import { Problem } from '../../shared/problems'
import type { ThroughGateway } from '../credentials/proof'
import { isRefusal } from '../kinds/refusal'
import { plainRefusal } from './closed'
import { askListener, type ListenerPlace } from './self-asking'
import type { Admitted, Asked, Guest, Stages } from './stages'

/** A key that was not used for so long opens nothing, in ms: a question of a proof takes no longer. */
const lifetimeMs = 10_000

/** Regie itself, while it proves a rotation. */
const prover: Guest = {
  ...{ account: 'regie', name: 'Regie', role: 'admin', keyId: null, services: null },
  limits: { concurrentJobs: null, jobsPerDay: null, gpuSecondsPerDay: null },
}

/** What a key opens: one GET of one path of one service. */
interface Opens {
  serviceId: string
  path: string
}

const markOf = (key: string) => createHash('sha256').update(key).digest('base64')
const nothing = { end: () => undefined }
const uncounted = { ended: () => undefined }

/** Keys that exist in this process alone: each opens one question, once, for some seconds. */
function createOnceKeys(now: () => number) {
  const live = new Map<string, Opens & { until: number }>()
  return {
    issue(opens: Opens): { key: string; end: () => void } {
      const key = randomBytes(32).toString('base64url')
      const mark = markOf(key)
      live.set(mark, { ...opens, until: now() + lifetimeMs })
      return { key, end: () => void live.delete(mark) }
    },
    /** Whether a request shows one that opens it; it opens nothing any more then. */
    take({ headers, isUpgrade, method, path, serviceId }: Asked): boolean {
      if (live.size === 0 || isUpgrade || method !== 'GET') return false
      const shown = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1]
      if (shown === undefined) return false
      const mark = markOf(shown)
      const found = live.get(mark)
      live.delete(mark)
      return found !== undefined && found.until > now() && found.serviceId === serviceId && found.path === path
    },
  }
}

interface ProvingOptions {
  /** Where a service is. Throws a Problem for an unknown one. */
  urlOf: (serviceId: string) => string
  /** In ms, never set back. */
  now?: () => number
}

/**
 * How a rotation proves itself through the gateway. Its question is sent on with what opens the service now, like
 * everybody's, and passes by what would keep it or count it: it comes while all others are held for this very rotation,
 * takes no turn and is nobody's use.
 */
export function createProving({ urlOf, now = () => performance.now() }: ProvingOptions) {
  const keys = createOnceKeys(now)
  const own = new WeakSet<Asked>()
  const isOwn = ({ asked }: Admitted) => own.has(asked)

  return {
    /** Stages that let the questions of proofs pass, and are for all others as they were. */
    around: (stages: Stages): Stages => ({
      ...stages,
      admit(asked) {
        if (!keys.take(asked)) return stages.admit(asked)
        own.add(asked)
        return prover
      },
      rule: (asked, guest) => (own.has(asked) ? { rule: 'everybody' } : stages.rule(asked, guest)),
      limits: (admitted) => (isOwn(admitted) ? nothing : stages.limits(admitted)),
      ready(admitted, again = 0) {
        if (!isOwn(admitted)) return stages.ready(admitted, again)
        const { serviceId: id } = admitted.asked
        // Whoever proves asks again himself.
        if (again > 0) return { refused: new Problem('gateway.away', { id }), status: 502 }
        return { url: urlOf(id) }
      },
      turn: (admitted) => (isOwn(admitted) ? nothing : stages.turn(admitted)),
      refuse(asked, refused) {
        if (!own.has(asked)) return stages.refuse(asked, refused)
        // The service turned the gateway away: no answer is more definite.
        return plainRefusal(refused.refused.id === 'gateway.refused' ? { ...refused, status: 401 } : refused)
      },
      observer: {
        begun: (admitted) => (isOwn(admitted) ? uncounted : stages.observer.begun(admitted)),
        refused(asked, guest, refused) {
          if (!own.has(asked)) stages.observer.refused(asked, guest, refused)
        },
      },
    }),

    /** Asks services through their listeners. `at`: where one listens now, null while it does not. */
    through:
      (at: (serviceId: string) => ListenerPlace | null): ThroughGateway =>
      (serviceId) => {
        if (at(serviceId) === null) return null
        return async (path, signal) => {
          const place = at(serviceId)
          if (place === null) throw new Problem('gateway.closed')
          const { key, end } = keys.issue({ serviceId, path })
          try {
            const status = await askListener(place, { path, key }, signal)
            return { status, refused: isRefusal({ status, location: null }, path) }
          } finally {
            end()
          }
        }
      },
  }
}
