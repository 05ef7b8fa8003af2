import type { Service } from '../../../shared/contract'
import { hasEnded, isComing } from '../../services/load'
import type { Admitted } from '../stages'

/**
 * What a rotation of its secret asks of a service's requests: `draining`: new jobs wait, so that those that run can end;
 * `held`: everything waits, for the program has one secret and the vault is about to have another.
 */
export type Rotating = 'no' | 'draining' | 'held'

/** Whether a service can be asked now. */
export type Condition =
  | { is: 'ready' }
  /** It will be, by itself; `why` it is not. */
  | { is: 'coming'; why: 'start' | 'restart' | 'rotation' }
  /** It is being stopped. */
  | { is: 'going' }
  /** It stands still. */
  | { is: 'asleep'; isCrash: boolean }
  /** It runs, and refuses Regie's credential. */
  | { is: 'refused' }

const ready: Condition = { is: 'ready' }
const coming = (why: 'start' | 'restart' | 'rotation'): Condition => ({ is: 'coming', why })

/** What an operation means for requests; null where it says nothing. */
function duringOperation({ operation, health }: Service): Condition | null {
  switch (operation) {
    case 'start':
      return coming('start')
    case 'restart':
    case 'recreate':
    case 'unpause':
      return coming('restart')
    case 'rebuild':
      // Until its image is built, what runs goes on.
      return health.state === 'ready' ? null : coming('restart')
    case 'stop':
    case 'down':
      return { is: 'going' }
    case 'pull':
    case null:
      return null
  }
}

/** What is asked: whether it starts a job, and whether it was sent on before and nothing answered. */
export interface Asking {
  isJob: boolean
  isAgain?: boolean
}

/**
 * Whether a service can be asked now. What runs is asked, however well it is: whether it answers it knows best itself,
 * unless it has just shown that it does not. One that somebody else runs is always asked.
 */
export function conditionOf(service: Service, rotating: Rotating, { isJob, isAgain = false }: Asking): Condition {
  if (rotating === 'held' || (rotating === 'draining' && isJob)) return coming('rotation')
  const { runtime, health, container } = service
  if (runtime === 'external') return ready
  const doing = duringOperation(service)
  if (doing) return doing
  // Docker starts it again by itself.
  if (container?.state === 'restarting') return coming('restart')
  if (container?.state === 'paused') return { is: 'asleep', isCrash: false }
  if (hasEnded(service)) return { is: 'asleep', isCrash: health.state === 'unhealthy' }
  if (isComing(service) || health.state === 'listening' || health.state === 'authenticated') return coming('start')
  if (health.state === 'locked-out') return { is: 'refused' }
  return isAgain && health.state !== 'ready' ? coming('restart') : ready
}

/** Whether a browser sends it by itself, for a page that is open: a script, a picture, a stream, a socket. */
const isOfOpenPage = ({ asked }: Admitted): boolean => {
  const { headers, isUpgrade, wantsPage } = asked
  if (wantsPage) return false
  const { 'sec-fetch-mode': mode, 'sec-fetch-site': site, origin } = headers
  // Programs that ask with node's fetch name a mode as well, and no site.
  return (site !== undefined && mode !== 'navigate') || (isUpgrade && origin !== undefined)
}

/** Whether it starts a job. */
export const isJob = ({ route }: Admitted): boolean => route.rule === 'job'

/**
 * Whether a request wakes a service that stands still: a job does, a person who opens its page, and a program that asks
 * anything. A page that was left open asks by itself, and would never let it sleep.
 */
export const wakes = (admitted: Admitted): boolean => isJob(admitted) || !isOfOpenPage(admitted)

/** What is put onto a service for a job to come, on both kinds. */
const upload = /^\/(?:api\/)?upload(?:\/|$)/

/**
 * What a request is to a service that would sleep; the one place where that is decided.
 * - `work`: a job, or a file for one: nobody is idle who works.
 * - `visit`: a page is opened. It counts once for each person until somebody works.
 * - `none`: whatever else is asked, however often. It keeps nothing awake, but is not cut off in the middle either. Sockets
 *   are such too: what works behind one is a job.
 */
export const useOf = (admitted: Admitted): 'work' | 'visit' | 'none' => {
  const { method, path, wantsPage } = admitted.asked
  if (isJob(admitted) || (method === 'POST' && upload.test(path))) return 'work'
  return wantsPage ? 'visit' : 'none'
}
