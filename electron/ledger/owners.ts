import * as z from 'zod'
import type { Database } from '../storage/database'

/** Who something belongs to: the account, and the key it was done with; null without one. */
export interface Owner {
  account: string
  key: string | null
}

/** A prompt of ComfyUI's, a task of Forge's, a file that a service wrote. */
export type OwnedWhat = 'prompt' | 'task' | 'file'

const OwnerRow = z.object({ account: z.string(), key: z.string().nullable() })
const IdRow = z.object({ id: z.string() })

/** Whose what is. What was never noted is nobody's. Written at once: what was noted outlives a panel that is killed. */
export interface Owners {
  /**
   * Notes whose something is, and answers whether it is his now. Prompts and tasks have names that clients may choose:
   * there the first one stays, or somebody could take another's by naming it. A file that is written anew is its last
   * writer's.
   */
  note(service: string, what: OwnedWhat, id: string, owner: Owner): boolean
  of(service: string, what: OwnedWhat, id: string): Owner | null
  /** Whether something whose id begins so, with a slash at the end, is another account's. */
  othersBelow(service: string, what: OwnedWhat, begin: string, account: string): boolean
  /** The ids that are an account's, newest first. */
  idsOf(service: string, what: OwnedWhat, account: string, limit?: number): string[]
  /**
   * Nobody has what a removed account had, not even one of the same id. It stays known, as that of an account without a name:
   * a file would be taken for one that is for all else, and a prompt could be had by naming it.
   */
  forgetAccount(account: string): void
  /** What a service had, once it is removed. */
  forgetService(service: string): void
}

export function createOwners(database: Database, now: () => number): Owners {
  const first = database.prepare(
    'INSERT OR IGNORE INTO owned (service, what, id, account, key, at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const last = database.prepare(
    'INSERT OR REPLACE INTO owned (service, what, id, account, key, at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const find = database.prepare('SELECT account, key FROM owned WHERE service = ? AND what = ? AND id = ?')
  const ids = database.prepare(
    'SELECT id FROM owned WHERE service = ? AND what = ? AND account = ? ORDER BY at DESC LIMIT ?',
  )
  // Behind the slash stands the zero.
  const below = database.prepare(
    'SELECT 1 FROM owned WHERE service = ? AND what = ? AND id >= ? AND id < ? AND account <> ? LIMIT 1',
  )
  const ofAccount = database.prepare("UPDATE owned SET account = '', key = NULL WHERE account = ?")
  const ofService = database.prepare('DELETE FROM owned WHERE service = ?')
  const of = (service: string, what: OwnedWhat, id: string) => {
    const row = find.get(service, what, id)
    return row === undefined ? null : OwnerRow.parse(row)
  }
  return {
    note(service, what, id, owner) {
      const insert = what === 'file' ? last : first
      const { changes } = insert.run(service, what, id, owner.account, owner.key, now())
      return changes > 0 || of(service, what, id)?.account === owner.account
    },
    of,
    othersBelow: (service, what, begin, account) =>
      below.get(service, what, begin, `${begin.slice(0, -1)}0`, account) !== undefined,
    idsOf: (service, what, account, limit = -1) =>
      ids.all(service, what, account, limit).map((row) => IdRow.parse(row).id),
    forgetAccount: (account) => void ofAccount.run(account),
    forgetService: (service) => void ofService.run(service),
  }
}
