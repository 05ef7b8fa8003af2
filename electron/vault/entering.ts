import type { Problem } from '../../shared/problems'
import type { Audit } from '../audit/audit'
import type { DataPaths } from '../storage/paths'
import type { Backups } from './backups'
import { newBook, type Book, type BookOptions } from './book'
import type { KeyKeeper } from './keepers'
import type { Redactor } from './redactor'
import type { Renewal } from './renewal'
import { rolledBack, type Rollback } from './rollback'
import type { BookState, RecordKind, Sealed } from './vault-file'

/** What keeps the vault closed, or the open book. */
export type State<R extends Sealed> = { name: 'open'; book: Book<R> } | Closed<R>

interface Closed<R extends Sealed> {
  name: 'empty' | 'locked' | 'unreadable'
  problem: Problem
  /** What a person may decide: to take the vault as it lies. */
  accept?: (who: string) => Promise<State<R>>
}

export interface OpeningOptions<R extends Sealed> {
  records: RecordKind<R>
  audit: Audit
  redactor: Pick<Redactor, 'learn'>
  paths: Pick<DataPaths, 'vault' | 'audit'>
  keeper?: KeyKeeper | undefined
  passphrase?: ((passphrase: string) => KeyKeeper) | undefined
  now?: (() => number) | undefined
  /** Told of every content that the vault file is found with or given. */
  saved: (text: string, state: BookState) => Promise<void>
  backups: Pick<Backups, 'list'>
  rollback: Rollback
  renewal: Renewal
  /** The configuration file, where it links services with credentials. */
  linkedIn?: (() => string | null) | undefined
  reportError: (error: unknown) => void
}

/** What becomes of a book whose key is at hand. */
export function createEntering<R extends Sealed>(options: OpeningOptions<R>, bookOptions: BookOptions<R>) {
  const { records, audit, redactor, saved, rollback, renewal, reportError } = options

  /** Holds the audit log against what the vault has sealed of it, and seals how it goes on from there. */
  const compareAudit = async (book: Book<R>) => {
    const { audit: sealed } = book.state()
    if (!sealed) return
    await audit.compare(sealed)
    if (audit.head()?.chain !== sealed.chain) await book.write()
  }
  /** Makes the vault's key its own where earlier Regies handed it on, and where its keeper's own key was replaced. */
  const ownKey = async (book: Book<R>, by: KeyKeeper) => {
    if (book.state().ownKey && !by.isOutdated?.()) return
    await renewal.renew({ book, from: by, to: by, who: 'regie', action: 'vault.key-renewed' })
  }
  const opened = async (book: Book<R>, by: KeyKeeper): Promise<State<R>> => {
    await saved(book.text(), book.state())
    for (const record of book.all()) for (const secret of records.secretsOf(record)) redactor.learn(secret)
    await compareAudit(book).catch(reportError)
    await ownKey(book, by).catch(reportError)
    return { name: 'open', book }
  }
  const begin = async (by: KeyKeeper): Promise<State<R>> => {
    const book = await newBook(options.paths.vault, (dataKey) => by.wrap(dataKey), bookOptions)
    await audit.append({ who: 'regie', action: 'vault.created', target: '', details: { keeper: by.kind } })
    return opened(book, by)
  }
  /** An older state is not gone on with unless somebody says so: what was rotated since would be lost without a word. */
  const openedUnlessOlder = async (book: Book<R>, dataKey: Buffer, by: KeyKeeper): Promise<State<R>> => {
    const newest = await rollback.newerThan(book.state(), dataKey)
    if (!newest) return opened(book, by)
    const details = { generation: book.state().generation, newest: newest.generation }
    await audit.append({ who: 'regie', action: 'vault.rolled-back', target: '', details })
    return {
      name: 'unreadable',
      problem: rolledBack(book.state(), newest),
      async accept(who) {
        await audit.appendFirst({ who, action: 'vault.older-accepted', target: '', details })
        await book.write(newest.generation)
        return opened(book, by)
      },
    }
  }

  return { begin, opened, openedUnlessOlder }
}
