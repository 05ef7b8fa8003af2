import { mkdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { Problem } from '../../shared/problems'
import { verifyAudit } from '../audit/chain'
import { credentialRecords } from '../credentials/record'
import type { DatabaseWork } from '../storage/database-work'
import { diskProblem } from '../storage/disk'
import { fileErrorCode } from '../storage/files'
import { newerVersionOf } from '../storage/folder-format'
import { dataPaths } from '../storage/paths'
import { countCarried } from '../vault/vault-file'
import { contentsOf } from './contents'
import { asDamage, opened, type BackupKey } from './seal'
import type { OnBytes } from './pack'
import { unpack, type Unpacked, type UnpackOptions } from './unpack'

/** Throws `backup.unsound` where a file that was put back is none that Regie could go on with, `backup.newer`. */
async function checkFiles(folder: string, { tops, vault, manifest }: Unpacked, opening: Opening): Promise<void> {
  const { paths } = opening
  const names = contentsOf(paths).databases
  for (const name of tops) {
    const file = path.join(folder, name)
    const unsound = () => new Problem('backup.unsound', { name })
    if (names.includes(name) && !(await opening.databases.isSound(file))) throw unsound()
    if (!name.endsWith('.json')) continue
    try {
      JSON.parse(await readFile(file, 'utf8'))
    } catch (error) {
      if (fileErrorCode(error) !== null) throw error
      throw unsound()
    }
  }
  // Restored, it would be refused by the next start, and by every one after it.
  const newer = tops.includes(path.basename(paths.format)) ? await newerVersionOf(dataPaths(folder)) : null
  if (newer !== null) throw new Problem('backup.newer', { version: newer })
  // A log that broke long ago is no damage of the backup: it must only be one.
  const audit = path.basename(paths.audit)
  if (tops.includes(audit)) verifyAudit(await readFile(path.join(folder, audit), 'utf8'))
  const count = vault === null ? 0 : await countCarried(credentialRecords.schema, vault)
  if (count !== manifest.counts.credentials) throw new Problem('backup.unsound', { name: path.basename(paths.vault) })
}

interface Opening extends Pick<UnpackOptions, 'paths' | 'isWhole' | 'to' | 'signal'> {
  onBytes: OnBytes
  databases: DatabaseWork
}

/** Opens a backup, puts it into a folder, and opens what it put there. Throws where anything is not as it was made. */
export async function openInto(file: string, key: BackupKey, options: Opening): Promise<Unpacked> {
  const unpacked = await asDamage(async () => unpack(await opened(file, key), options))
  await checkFiles(path.join(options.to, 'data'), unpacked, options)
  return unpacked
}

interface Trying extends Pick<Opening, 'paths' | 'signal' | 'onBytes' | 'databases'> {
  work: string
  /** Looks at the folder before it is thrown away. */
  look?: (restored: string) => Promise<void>
}

/**
 * Restores a backup into a temporary folder, and throws that away: pictures and the files outside are held against the
 * manifest without being written.
 */
export async function tryOut(file: string, key: BackupKey, { work, look, ...options }: Trying): Promise<Unpacked> {
  try {
    await rm(work, { recursive: true, force: true })
    await mkdir(work, { recursive: true, mode: 0o700 })
    const unpacked = await openInto(file, key, { ...options, to: work, isWhole: false })
    await look?.(path.join(work, 'data'))
    return unpacked
  } catch (error) {
    throw diskProblem(error, work) ?? error
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
