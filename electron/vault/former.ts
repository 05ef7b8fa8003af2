import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { Problem } from '../../shared/problems'
import { fileErrorCode } from '../storage/files'
import type { DataPaths } from '../storage/paths'
import type { Audit } from '../audit/audit'
import type { Backups } from './backups'
import { dateOf, type Rollback } from './rollback'

/**
 * The newest of the vault files that could not be read and were moved aside; null where none lies there. Throws
 * `vault.no-access` where that cannot be told.
 */
export async function newestAside(file: string): Promise<string | null> {
  const prefix = `${path.basename(file)}.unreadable-`
  const folder = path.dirname(file)
  const names = await readdir(folder).catch((error: unknown) => {
    const code = fileErrorCode(error)
    if (code === 'ENOENT') return []
    throw new Problem('vault.no-access', { path: folder, code: code ?? 'unknown' }, { cause: error })
  })
  const newest = names
    .filter((name) => name.startsWith(prefix))
    .sort()
    .at(-1)
  return newest === undefined ? null : path.join(folder, newest)
}

interface Traces {
  paths: Pick<DataPaths, 'vault' | 'audit'>
  backups: Pick<Backups, 'list'>
  rollback: Pick<Rollback, 'isNoted'>
  audit: Pick<Audit, 'list'>
  /** The configuration file, where it links services with credentials. */
  linkedIn?: (() => string | null) | undefined
}

/**
 * What tells, where no vault file lies, that there was one: backups (`vault.missing`), or a file that only a vault
 * leaves behind (`vault.gone`). Null where nothing does, as in a new folder.
 */
export async function findFormer({ paths, backups, rollback, audit, linkedIn }: Traces): Promise<Problem | null> {
  const [newest, ...others] = await backups.list()
  if (newest) return new Problem('vault.missing', { count: others.length + 1, newest: dateOf(newest.at) })
  const gone = (file: string) => new Problem('vault.gone', { file, vault: paths.vault })
  const aside = await newestAside(paths.vault)
  if (aside !== null) return gone(aside)
  if (await rollback.isNoted()) return gone(`${paths.vault}.newest`)
  const { items } = await audit.list({ topic: 'vault', limit: 1 })
  if (items.length > 0) return gone(paths.audit)
  const config = linkedIn?.() ?? null
  return config === null ? null : gone(config)
}
