import * as z from 'zod'
import { Problem } from '../../shared/problems'
import { readIfPresent } from '../storage/files'
import { openMark } from '../storage/mark'
import type { Backups } from './backups'
import { stateIn, type BookState, type Sealed } from './vault-file'

/** The newest state of the vault that this folder is known to have had. */
const Newest = z.object({ generation: z.number().int().positive(), at: z.number() })
type Newest = z.infer<typeof Newest>

export interface RollbackOptions {
  /** Reads what was sealed. */
  schema: z.ZodType<Sealed>
  /** Where the newest state is noted, beside the vault file. */
  file: string
  backups: Pick<Backups, 'list' | 'read'>
  reportError: (error: unknown) => void
}

/** Tells an older copy of the vault, put in the place of the newest, which its seals cannot. */
export interface Rollback {
  /** Notes the state that the vault has been given. Never rejects: a note that lags behind accuses nobody. */
  note(state: BookState): Promise<void>
  /** Whether any state is noted. */
  isNoted(): Promise<boolean>
  /** The newest known state, where it is newer than this one. */
  newerThan(state: BookState, dataKey: Buffer): Promise<Newest | null>
}

/** To the second, for a person. */
export const dateOf = (at: number | null): string =>
  at === null ? '?' : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`

export const rolledBack = (state: BookState, newest: Newest): Problem =>
  new Problem('vault.rolled-back', {
    of: dateOf(state.at),
    generation: state.generation,
    known: dateOf(newest.at),
    newest: newest.generation,
  })

/** A note beside the vault and the copies of the vault testify against it: each alone is enough. */
export function createRollback({ schema, file, backups, reportError }: RollbackOptions): Rollback {
  const mark = openMark(file, Newest)

  const newestBackup = async (dataKey: Buffer): Promise<Newest | null> => {
    const [newest] = await backups.list()
    if (!newest) return null
    try {
      const { generation, at } = stateIn(schema, await backups.read(newest.id), dataKey)
      return { generation, at: at ?? newest.at }
    } catch (error) {
      // A copy of another vault, or a damaged one, says nothing of this vault.
      if (error instanceof Problem) return null
      throw error
    }
  }

  return {
    note: ({ generation, at }) => mark.write({ generation, at: at ?? 0 }).catch(reportError),
    // A note that is damaged, or that cannot be read, is one.
    isNoted: () =>
      readIfPresent(file).then(
        (bytes) => bytes !== null,
        () => true,
      ),
    async newerThan(state, dataKey) {
      // A note that cannot be read testifies to nothing; the copies still do.
      const known = [await mark.read().catch(() => null), await newestBackup(dataKey)]
      const newest = known.filter((one) => one !== null).sort((a, b) => b.generation - a.generation)[0]
      return newest && newest.generation > state.generation ? newest : null
    },
  }
}
