import type { Update, UpdateCheck, UpdateOffer, UpdateStep } from '../../../shared/contract'

/** The newest update of a service. `all`: the newest first. */
export const latestOf = (all: readonly Update[] | undefined, serviceId: string): Update | undefined =>
  all?.find((update) => update.serviceId === serviceId)

export const isGoing = ({ state }: Pick<Update, 'state'>): boolean => state === 'running' || state === 'rolling-back'

/** Whether the former version can be brought back by a person's word. */
export const canUndo = ({ state }: Pick<Update, 'state'>): boolean => state === 'switched' || state === 'failed'

/**
 * What the page shows: an update as it goes on or as it ended, or what an update would do. What was rolled back stays
 * until somebody asks for the offer again; what is kept for good, until there is something newer.
 */
export function viewOf(
  latest: Update | undefined,
  offer: Pick<UpdateOffer, 'state'> | undefined,
  isOfferWanted: boolean,
): 'update' | 'offer' {
  if (!latest) return 'offer'
  switch (latest.state) {
    case 'running':
    case 'rolling-back':
    case 'switched':
    case 'failed':
      return 'update'
    case 'rolled-back':
      return isOfferWanted ? 'offer' : 'update'
    case 'kept':
      return isOfferWanted || offer?.state !== 'up-to-date' ? 'offer' : 'update'
  }
}

/** The step that goes on, from 1, of how many on the way forward; the last one that was reached where none goes on. */
export function standing(steps: readonly UpdateStep[]): { step: number; count: number; id: UpdateStep['id'] } {
  const forward = steps.filter(({ id }) => id !== 'roll-back')
  const back = steps.find(({ id, state }) => id === 'roll-back' && state === 'running')
  const running = forward.findIndex(({ state }) => state === 'running')
  const done = forward.filter(({ state }) => state === 'done').length
  const at = running >= 0 ? running : Math.min(done, forward.length - 1)
  return { step: at + 1, count: forward.length, id: back?.id ?? forward[at]?.id ?? 'snapshot' }
}

/** How long the last way back took, in ms; null where it was not gone. */
export const wayBackMs = (steps: readonly UpdateStep[]): number | null =>
  steps.find(({ id, state }) => id === 'roll-back' && state === 'done')?.tookMs ?? null

/** Whether a person asked for the way back: nothing went wrong then. */
export const isWanted = ({ reason }: Pick<Update, 'reason'>): boolean =>
  reason === undefined || reason.problem === 'updates.cancelled'

export const checkOf = (checks: readonly UpdateCheck[], id: UpdateCheck['id']): UpdateCheck | undefined =>
  checks.find((check) => check.id === id)

/** The safety line of an update: its words (`updates:safe.*`) and its tone. */
export function safetyOf(update: Pick<Update, 'state' | 'answering' | 'steps' | 'checks' | 'reason'>): {
  said:
    | 'old'
    | 'stopped'
    | 'switching'
    | 'new'
    | 'rollingBack'
    | 'switched'
    | 'switchedUnseen'
    | 'switchedDiffers'
    | 'kept'
    | 'rolledBack'
    | 'undone'
    | 'stoppedOld'
    | 'failed'
  tone: 'active' | 'good' | 'warn' | 'bad' | 'quiet'
} {
  const { state, answering, steps, checks, reason } = update
  switch (state) {
    case 'running': {
      if (answering === 'new') return { said: 'new', tone: 'active' }
      if (answering === 'old') return { said: 'old', tone: 'active' }
      const isSwitching = steps.some(({ id, state: of }) => id === 'switch' && of !== 'waiting')
      return { said: isSwitching ? 'switching' : 'stopped', tone: 'active' }
    }
    case 'rolling-back':
      return { said: 'rollingBack', tone: 'active' }
    case 'switched':
      if (checks.some((check) => check.state === 'warning')) return { said: 'switchedDiffers', tone: 'warn' }
      return { said: checkOf(checks, 'picture')?.state === 'passed' ? 'switched' : 'switchedUnseen', tone: 'good' }
    case 'kept':
      return { said: 'kept', tone: 'good' }
    case 'rolled-back':
      // Somebody had stopped it, and it was left so.
      if (answering !== 'old') return { said: 'stoppedOld', tone: isWanted(update) ? 'quiet' : 'bad' }
      return reason
        ? { said: 'rolledBack', tone: isWanted(update) ? 'quiet' : 'bad' }
        : { said: 'undone', tone: 'quiet' }
    case 'failed':
      return { said: 'failed', tone: 'bad' }
  }
}

/** What still has to be said before an update can begin. */
export function missingIn(
  offer: Pick<UpdateOffer, 'files' | 'gpu'>,
  choices: Readonly<Record<string, 'keep' | 'replace'>>,
  mayStopOld: boolean,
): { files: string[]; card: boolean } {
  return {
    files: offer.files
      .filter(({ path, isChanged }) => isChanged && choices[path] === undefined)
      .map(({ path }) => path),
    card: offer.gpu.holdsBoth === false && !mayStopOld,
  }
}
