import type { Hasher } from '../credentials/hasher'
import { pairCandidates, type Group } from './group'

/** A comparison takes some 300 ms; more are not worth the wait. */
const mostComparisons = 32

/** Which password belongs to which hash, as bcrypt says. */
export interface Pairs {
  /** Whether a password was found to belong to a hash. */
  belong(password: string, hash: string): boolean
  /** Whether a password was compared with every hash of its group, and belongs to none. */
  isApart(password: string): boolean
  /** True when there were too many to try. */
  isCut: boolean
  tried: number
}

/** Asks bcrypt, in its own thread. Throws the signal's reason when aborted. */
export async function pair(group: Group, hasher: Pick<Hasher, 'compare'>, signal: AbortSignal): Promise<Pairs> {
  const { passwords, hashes } = pairCandidates(group)
  const hashOf = new Map<string, Set<string>>()
  const apart = new Set<string>()
  let tried = 0
  for (const password of passwords) {
    const own = new Set<string>()
    for (const hash of hashes) {
      if (tried >= mostComparisons) break
      signal.throwIfAborted()
      tried += 1
      if (await hasher.compare(password, hash)) own.add(hash)
    }
    hashOf.set(password, own)
    if (own.size === 0 && hashes.length > 0 && tried < mostComparisons) apart.add(password)
  }
  return {
    belong: (password, hash) => hashOf.get(password)?.has(hash) === true,
    isApart: (password) => apart.has(password),
    isCut: tried >= mostComparisons && tried < passwords.length * hashes.length,
    tried,
  }
}
