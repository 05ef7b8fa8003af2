import type { Problem } from '../../shared/problems'

/** Something taken until the request or the job that it was taken for has ended. */
export interface Lease {
  end(): void
}

/** A place for a job. */
export interface Place extends Lease {
  /** Regie's own name of the job, until its service gives it one. */
  id: string
  /** It is given to its service now: what waits is no longer this place. */
  handedOver(): void
}

/** A job that is asked for, and that no service has yet. */
export interface HeldJob {
  id: string
  service: string
  account: string
  key: string | null
  /** When it was asked for (Unix ms). */
  since: number
  /** Refuses whoever waits for it, with these words. */
  giveUp: (why: Problem) => void
}

/** Who is counted: a person with all keys and without, or what was done with some keys alone. */
export type Counted = { account: string } | { keys: readonly string[] }

/** Whether something that was done belongs to who is counted. */
export const isOf = (counted: Counted, { account, key }: { account: string; key: string | null }): boolean =>
  'account' in counted ? counted.account === account : key !== null && counted.keys.includes(key)

/** Places for jobs that are asked for and not begun yet, counted by person and by key. */
export function createLeases() {
  const taken = new Set<{ account: string; key: string | null }>()
  const held = new Map<string, HeldJob>()
  return {
    of: (counted: Counted): number => [...taken].filter((one) => isOf(counted, one)).length,
    /** Those who wait, in the order in which they came. */
    held: (): HeldJob[] => [...held.values()],
    /** Ending it twice ends it once. `giveUp` is left out where nobody can be told: such a job is not among those who wait. */
    take({ giveUp, ...job }: Omit<HeldJob, 'giveUp'> & Partial<Pick<HeldJob, 'giveUp'>>): Place {
      const one = { account: job.account, key: job.key }
      taken.add(one)
      if (giveUp) held.set(job.id, { ...job, giveUp })
      return {
        id: job.id,
        handedOver: () => void held.delete(job.id),
        end() {
          taken.delete(one)
          held.delete(job.id)
        },
      }
    },
  }
}

export type Leases = ReturnType<typeof createLeases>
