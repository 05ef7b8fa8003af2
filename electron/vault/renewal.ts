import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import { Problem } from '../../shared/problems'
import { diskProblem } from '../storage/disk'
import { fileErrorCode, moveAside, readIfPresent, writeFileAtomic } from '../storage/files'
import type { DataPaths } from '../storage/paths'
import { newestAside } from './former'
import type { Audit } from '../audit/audit'
import { isBackup, type Backups } from './backups'
import type { Book, KeyRenewal } from './book'
import { keepOnlyKeyOf, WrappedKeySchema, type KeyKeeper, type WrappedKey } from './keepers'
import { parseVaultFile, type Sealed } from './vault-file'

/** What is left to do once the vault file has its new key. */
const ChangeSchema = z.object({
  id: z.string(),
  key: WrappedKeySchema,
  who: z.string(),
  action: z.enum(['vault.keeper-changed', 'vault.key-renewed']),
  /** Copies that no key at hand opens. */
  unopened: z.array(z.string().refine(isBackup)),
})
type Change = z.infer<typeof ChangeSchema>

interface RenewalOptions {
  paths: Pick<DataPaths, 'vault' | 'vaultKey' | 'backups'>
  backups: Pick<Backups, 'holding' | 'read'>
  audit: Pick<Audit, 'append' | 'list'>
  reportError: (error: unknown) => void
  now: () => number
}

interface Order {
  book: Pick<Book<Sealed>, 'key' | 'renewKey'>
  from: KeyKeeper | null
  to: KeyKeeper
  who: string
  action: Change['action']
}

/** Gives the vault a new data key: with the one before, and a copy of the vault from then, nothing later opens. */
export interface Renewal {
  /**
   * Makes a new data key, kept by `to`, and seals records and copies with it. `from` keeps the present one, where it is
   * at hand. Throws `vault.aside-needs-key` and what stands in the way of writing; then nothing has changed.
   */
  renew(order: Order): Promise<void>
  /** Finishes, or takes back, what a crash interrupted: the vault file's own key says which. Needs no key. */
  recover(): Promise<void>
}

/** The folder in which the copies under the new key are made ready, with the note of what is left to do. */
function createStage(backups: string) {
  const folder = path.join(backups, 'renewed')
  const noteFile = path.join(folder, 'change.json')
  return {
    /** Whether a change was begun. */
    isThere: () =>
      stat(folder).then(
        (found) => found.isDirectory(),
        () => false,
      ),
    make: () => mkdir(folder, { recursive: true, mode: 0o700 }),
    clear: () => rm(folder, { recursive: true, force: true }),
    put: (name: string, text: string) => writeFileAtomic(path.join(folder, name), text),
    note: (change: Change) => writeFileAtomic(noteFile, JSON.stringify(change)),
    /** Puts the copies in the place of those under the former key; resolves with how many there are. */
    async replaceCopies(): Promise<number> {
      const made = (await readdir(folder)).filter(isBackup)
      for (const name of made) await writeFileAtomic(path.join(backups, name), await readFile(path.join(folder, name)))
      return made.length
    },
    async noted(): Promise<Change | null> {
      try {
        const bytes = await readIfPresent(noteFile)
        return bytes && (ChangeSchema.safeParse(JSON.parse(bytes.toString('utf8'))).data ?? null)
      } catch (error) {
        if (error instanceof SyntaxError) return null
        throw error
      }
    },
  }
}

/** Tells that the key was changed, once. */
async function tell(
  audit: RenewalOptions['audit'],
  { id, who, action, key, unopened }: Change,
  count: number,
): Promise<void> {
  const { items } = await audit.list({ topic: 'vault', limit: 100 })
  if (items.some(({ details }) => details['change'] === id)) return
  const details = { keeper: key.keeper, backups: count, aside: unopened.length, change: id }
  await audit.append({ who, action, target: '', details })
}
/** A copy under the new key; null where no key at hand opens it. */
async function remade(
  read: () => Promise<string>,
  renewal: KeyRenewal,
  { book, from }: Pick<Order, 'book' | 'from'>,
): Promise<string | null> {
  try {
    const file = parseVaultFile(await read())
    try {
      return renewal.reseal(file)
    } catch (error) {
      // It may be of a vault that was begun anew since: the keeper that is about to go may open it yet.
      if (!(error instanceof Problem) || from?.kind !== file.key.keeper || isDeepStrictEqual(file.key, book.key()))
        throw error
      return renewal.reseal(file, await from.unwrap(file.key))
    }
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}

/** An earlier vault that was set aside may need the present key, which would be lost. Throws `vault.aside-needs-key`. */
async function assertNothingAside({ vault, vaultKey }: RenewalOptions['paths']): Promise<void> {
  const kept = await newestAside(vault)
  if (kept !== null && (await readIfPresent(vaultKey)) !== null) throw new Problem('vault.aside-needs-key', { kept })
}

/** What is told of a renewal that came to nothing. */
function failureOf(error: unknown, file: string): unknown {
  if (error instanceof Problem) return error
  const code = fileErrorCode(error)
  return diskProblem(error, file) ?? (code ? new Problem('vault.write-failed', { code }, { cause: error }) : error)
}

/** Puts the copies with the new key in their place, and what could not be opened aside. */
async function finishChange(
  stage: ReturnType<typeof createStage>,
  { paths, audit, now }: Pick<RenewalOptions, 'paths' | 'audit' | 'now'>,
  change: Change,
): Promise<void> {
  const count = await stage.replaceCopies()
  for (const name of change.unopened) {
    const file = path.join(paths.backups, name)
    if ((await readIfPresent(file)) !== null) await moveAside(file, now())
  }
  await keepOnlyKeyOf(paths.vaultKey, change.key)
  await tell(audit, change, count)
  await stage.clear()
}

/**
 * Everything is made ready in a folder beside the copies, the note of it last; then the vault file is replaced, which
 * decides; then the copies are replaced and the former key is removed, as often as it takes.
 */
export function createRenewal({ paths, backups, audit, reportError, now }: RenewalOptions): Renewal {
  const stage = createStage(paths.backups)
  const finish = (change: Change) => finishChange(stage, { paths, audit, now }, change)
  const takeBack = async (key: WrappedKey) => {
    if (!(await stage.isThere())) return
    await keepOnlyKeyOf(paths.vaultKey, key)
    await stage.clear()
  }
  const recover = async () => {
    if (!(await stage.isThere())) return
    const text = await readIfPresent(paths.vault)
    if (text === null) return
    const { key } = parseVaultFile(text.toString('utf8'))
    const change = await stage.noted()
    if (change && isDeepStrictEqual(change.key, key)) await finish(change)
    else await takeBack(key)
  }

  /** Makes the copies and the note ready, writes the vault file, and finishes. */
  const carryOut = (order: Order, renewal: KeyRenewal) =>
    backups.holding(async (ids) => {
      const unopened: string[] = []
      for (const id of ids) {
        const text = await remade(() => backups.read(id), renewal, order)
        if (text === null) unopened.push(id)
        else await stage.put(id, text)
      }
      const { who, action } = order
      const change: Change = { id: randomUUID(), key: renewal.key, who, action, unopened }
      await stage.note(change)
      await renewal.commit()
      // The vault has its new key: what fails from here on is done at the next start.
      await finish(change).catch(reportError)
    })
  return {
    recover,
    async renew(order) {
      const { book, to } = order
      const former = book.key()
      try {
        await recover()
        await assertNothingAside(paths)
        await stage.make()
        await book.renewKey(
          (dataKey) => to.wrap(dataKey, 'anew'),
          (renewal) => carryOut(order, renewal),
        )
      } catch (error) {
        if (book.key() === former) await takeBack(former).catch(reportError)
        throw failureOf(error, paths.vault)
      }
    },
  }
}
