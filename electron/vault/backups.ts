import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { VaultBackup } from '../../shared/contract'
import { Problem, type Reason } from '../../shared/problems'
import { createSerial } from '../async/serial'
import { codeOf, diskProblem } from '../storage/disk'
import { fileErrorCode, writeFileAtomic } from '../storage/files'

/** So many of the states that the vault came to rest in are kept. */
const kept = 10

/** A change that is followed by another within this time is not kept by itself: a rotation writes several. In ms. */
const restMs = 2_000

const pattern = /^vault-(\d{13,})\.json$/

/** Whether a file of this name is such a copy. */
export const isBackup = (name: string): boolean => pattern.test(name)

export interface Backups {
  /** Takes note of what the vault file now holds; it is copied when it has rested. */
  note(text: string): void
  /** Copies at once what still waits, and resolves when it is on disk and proved to open. */
  flush(): Promise<void>
  /** What is kept, newest first. */
  list(): Promise<VaultBackup[]>
  /** The content of one. Throws `vault.no-backup`. */
  read(id: string): Promise<string>
  /** Does something to the copies, named here, while none is made. */
  holding(work: (ids: readonly string[]) => Promise<void>): Promise<void>
  /** Why the last copy could not be made; it is tried again with the next change. */
  failure(): Reason | null
}

/** The copies in a folder, newest first. */
async function namesIn(folder: string): Promise<string[]> {
  const all = await readdir(folder).catch((error: unknown) => {
    if (fileErrorCode(error) === 'ENOENT') return []
    throw error
  })
  return all.filter(isBackup).sort((a, b) => timeOf(b) - timeOf(a))
}

/** Makes a copy, unless the newest is the same, and proves it before an older one goes. */
async function copyInto(
  folder: string,
  text: string,
  { prove, now }: { prove: (text: string) => void; now: () => number },
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const before = await namesIn(folder)
  const newest = before[0]
  if (newest !== undefined && (await readFile(path.join(folder, newest), 'utf8')) === text) return
  // Later than the newest, whatever the clock says: the name gives the order.
  const time = Math.max(now(), newest === undefined ? 0 : timeOf(newest) + 1)
  const file = path.join(folder, `vault-${time}.json`)
  await writeFileAtomic(file, text)
  try {
    prove(await readFile(file, 'utf8'))
  } catch (error) {
    await rm(file, { force: true })
    throw error
  }
  for (const name of before.slice(kept - 1)) await rm(path.join(folder, name), { force: true })
}

/**
 * Keeps copies of the vault file in a folder of their own. Each is read back and opened before an older one may go;
 * one that does not open is removed and reported. `prove` throws when a text is no vault that opens.
 */
export function createBackups(options: {
  folder: string
  prove: (text: string) => void
  reportError: (error: unknown) => void
  now?: () => number
}): Backups {
  const { folder, prove, reportError, now = Date.now } = options
  let waiting: string | null = null
  let timer: NodeJS.Timeout | undefined
  const inTurn = createSerial()
  let failure: Reason | null = null

  const names = () => namesIn(folder)

  const flush = async () => {
    clearTimeout(timer)
    await inTurn(async () => {
      // Not before its turn: meanwhile the vault may have been given another key.
      const text = waiting
      waiting = null
      if (text === null) return
      try {
        await copyInto(folder, text, { prove, now })
        failure = null
      } catch (error) {
        waiting ??= text
        const problem =
          diskProblem(error, folder) ?? new Problem('vault.backup-failed', { folder, code: codeOf(error) })
        failure = problem.reason
        reportError(error)
      }
    })
  }

  return {
    note(text) {
      waiting = text
      clearTimeout(timer)
      timer = setTimeout(() => void flush(), restMs)
      timer.unref()
    },
    flush,
    holding: (work) => inTurn(async () => work(await names())),
    failure: () => failure,
    async list() {
      await inTurn.settled()
      return Promise.all(
        (await names()).map(async (id) => ({
          id,
          at: timeOf(id),
          sizeBytes: (await stat(path.join(folder, id))).size,
        })),
      )
    },
    async read(id) {
      if (!(await names()).includes(id)) throw new Problem('vault.no-backup', { id })
      return readFile(path.join(folder, id), 'utf8')
    },
  }
}

const timeOf = (name: string) => Number(pattern.exec(name)?.[1] ?? 0)
