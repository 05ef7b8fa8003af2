import { createHash } from 'node:crypto'
import { mkdir, readFile, stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import type { RestorePlan } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { credentialRecords } from '../credentials/record'
import { diskProblem } from '../storage/disk'
import { fileErrorCode, readIfPresent, writeFileAtomic } from '../storage/files'
import type { DatabaseWork } from '../storage/database-work'
import type { DataPaths } from '../storage/paths'
import { carriedTo } from '../vault/vault-file'
import type { KeyKeeper } from '../vault/keepers'
import { openInto, tryOut } from './check'
import { revivedBy, type Revived } from './ended'
import { checkRoom } from './collect'
import { companionsOf, contentsOf } from './contents'
import { firstSettings, KeptSettings } from './kept'
import type { Manifest } from './manifest'
import type { OnBytes } from './pack'
import type { BackupKey } from './seal'
import { checkNotBegun, commitRestore, discardRestore, stagedIn, type Journal } from './switch'
import type { Unpacked } from './unpack'

interface Reading {
  paths: DataPaths
  file: string
  key: BackupKey
  signal: AbortSignal
  onBytes: OnBytes
  databases: DatabaseWork
}

type OutsideState = RestorePlan['outside'][number]['state']

/** How a file outside is now beside what the backup holds of it. */
async function stateOf(
  { path: place, sha256 }: Manifest['outside'][number],
  platform: NodeJS.Platform,
): Promise<OutsideState> {
  const ways = platform === 'win32' ? path.win32 : path.posix
  // A path of another system names nothing here. `C:\x` is a name on Unix, and `/x` is of no drive on Windows.
  if (!ways.isAbsolute(place) || (platform === 'win32' && !/^(?:[a-z]:[\\/]|\\\\)/i.test(place))) return 'elsewhere'
  try {
    return createHash('sha256')
      .update(await readFile(place))
      .digest('hex') === sha256
      ? 'same'
      : 'different'
  } catch (error) {
    return fileErrorCode(error) === 'ENOENT' ? 'missing' : 'different'
  }
}

const outsideStates = (outside: Manifest['outside'], platform: NodeJS.Platform = process.platform) =>
  Promise.all(outside.map(async (file) => ({ ...file, state: await stateOf(file, platform) })))

/** What there is now of what a backup counts; null where that cannot be told. */
export type CountsNow = Record<keyof Manifest['counts'], number | null>

/** Restores a backup into a temporary folder as `tryOut` does; tells too what it would bring back that was ended since. */
export async function lookInto({ paths, file, key, ...reading }: Reading) {
  const seen: { revived: Revived | null } = { revived: null }
  const unpacked = await tryOut(file, key, {
    ...{ ...reading, paths, work: paths.backupWork },
    async look(restored) {
      seen.revived = await revivedBy(restored, paths, Date.now())
    },
  })
  return { unpacked, ended: seen.revived?.ended ?? null }
}

/** What restoring would change. Opens the whole backup for it, into a temporary folder. */
export async function planRestore(
  reading: Reading,
  { now, needsVaultPassphrase }: { now: CountsNow; needsVaultPassphrase: boolean },
): Promise<RestorePlan> {
  const { unpacked, ended } = await lookInto(reading)
  const { about, manifest, vault } = unpacked
  const whats = ['services', 'credentials', 'people', 'pictures'] as const
  const { at, version, platform, dataFolder, withPictures } = about
  return {
    ...{ name: path.basename(reading.file), at, version, platform, dataFolder, withPictures },
    counts: whats.map((what) => ({ what, backup: manifest.counts[what], now: now[what] })),
    outside: (await outsideStates(manifest.outside)).map(({ path: place, state }) => ({ path: place, state })),
    ...{ leftOut: manifest.leftOut, ended },
    needsVaultPassphrase: needsVaultPassphrase && vault !== null,
  }
}

async function readSettings(file: string): Promise<KeptSettings | null> {
  const text = (await readIfPresent(file))?.toString('utf8')
  try {
    return KeptSettings.safeParse(JSON.parse(text ?? '')).data ?? null
  } catch {
    return null
  }
}

/**
 * The folder goes on under the id that it had, or a new one, never the backup's: of two machines that one backup was
 * restored on, each would take the other's backups in a shared folder for its own, the half written ones too.
 */
async function keepInstallation(staged: string, paths: DataPaths): Promise<void> {
  const file = path.join(staged, path.basename(paths.backup))
  const restored = await readSettings(file)
  if (restored === null) return
  const { installation } = (await readSettings(paths.backup)) ?? firstSettings()
  await writeFileAtomic(file, `${JSON.stringify({ ...restored, installation })}\n`)
}

/** Which names come and which go. Pictures stay where the backup has none. */
function namesFor(
  paths: DataPaths,
  { tops, about, vault }: Unpacked,
  keepsKeyFile: boolean,
): Pick<Journal, 'put' | 'away'> {
  const names = contentsOf(paths)
  const put = [...tops, ...(vault === null ? [] : [names.vault])]
  const all = [
    ...names.files,
    ...names.folders,
    ...names.databases,
    ...names.databases.flatMap(companionsOf),
    ...(about.withPictures ? names.pictures : []),
    ...names.apart,
    names.vault,
    // A key that opens nothing any more would be taken for the vault's.
    ...(keepsKeyFile ? [] : [names.vaultKey]),
  ]
  return { put, away: all.filter((name) => !put.includes(name)) }
}

/** What a person decides. */
export interface RestoreChoices {
  /** Whether files outside the data folder that are missing are written too. */
  missingFiles: boolean
  /** Whether what was ended since the backup stays ended. */
  keepEnded: boolean
}

export interface RestoreOrder extends Reading, RestoreChoices {
  /** Keeps the vault's key from then on. Throws `backup.needs-passphrase` where there is none and a vault. */
  keeper: KeyKeeper | null
  who: string
  now: () => number
}

/**
 * Makes a restoring ready beside what there is, which stays as it is until `finishRestore`. The vault is sealed for its
 * new keeper in memory. Throws as `openInto` does, and `backup.no-room`; nothing is ready then. Throws
 * `backup.restore-begun` where an earlier one stands half done.
 */
export async function stageRestore(order: RestoreOrder): Promise<Journal> {
  const { paths, file, key, keeper, signal, onBytes, databases } = order
  await checkNotBegun(paths)
  try {
    await discardRestore(paths)
    const to = stagedIn(paths)
    await mkdir(to, { recursive: true, mode: 0o700 })
    await checkRoomFor(file, paths)
    const unpacked = await openInto(file, key, { paths, to, isWhole: true, signal, onBytes, databases })
    await mkdir(path.join(to, 'data'), { recursive: true, mode: 0o700 })
    if (unpacked.vault !== null) {
      if (keeper === null) throw new Problem('backup.needs-passphrase')
      const text = await carriedTo(credentialRecords.schema, unpacked.vault, keeper)
      await writeFileAtomic(path.join(to, 'data', path.basename(paths.vault)), text)
    }
    await keepInstallation(path.join(to, 'data'), paths)
    const missing = (await outsideStates(unpacked.manifest.outside)).filter(({ state }) => state === 'missing')
    const journal: Journal = {
      ...{ format: 1, name: path.basename(file), backupAt: unpacked.about.at, at: order.now(), who: order.who },
      ...{ keepEnded: order.keepEnded, ended: null },
      ...namesFor(paths, unpacked, keeper?.kind === 'key-file'),
      outside: order.missingFiles ? missing.map(({ entry, path: place }) => ({ entry, path: place })) : [],
    }
    signal.throwIfAborted()
    await commitRestore(paths, journal)
    return journal
  } catch (error) {
    await discardRestore(paths)
    throw diskProblem(error, paths.root) ?? error
  }
}

/** What is restored is no longer than the backup. */
async function checkRoomFor(file: string, { root }: DataPaths): Promise<void> {
  const { bavail, bsize } = await statfs(root)
  const { size } = await stat(file)
  checkRoom(bavail * bsize, root, { bytes: size, entries: 0 })
}
