import { randomBytes } from 'node:crypto'
import { mkdir, realpath, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Problem } from '../../shared/problems'
import { codeOf, diskProblem } from '../storage/disk'

/** Whether a folder is another one, or lies in it. */
function isInside(folder: string, root: string, platform: NodeJS.Platform): boolean {
  const ways = platform === 'win32' ? path.win32 : path.posix
  const between = ways.relative(ways.resolve(root), ways.resolve(folder))
  // A name may begin with two dots and lie in it all the same.
  return between !== '..' && !between.startsWith(`..${ways.sep}`) && !ways.isAbsolute(between)
}

/**
 * Throws `backup.folder` for a path that is not absolute on this system, or that lies in the data folder, with which a
 * backup must not be lost.
 */
export function checkFolderPath(folder: string, root: string, platform: NodeJS.Platform = process.platform): void {
  const ways = platform === 'win32' ? path.win32 : path.posix
  const isWhole =
    platform === 'win32' ? /^(?:[a-z]:[\\/]|\\\\[^\\/]+[\\/][^\\/]+)/i.test(folder) : ways.isAbsolute(folder)
  if (!isWhole || /\p{Cc}/u.test(folder)) throw new Problem('backup.folder', { folder })
  if (isInside(folder, root, platform)) throw new Problem('backup.folder-inside', { folder, root })
}

/**
 * Makes the folder where only its last part is missing, and shows that files can be put there. Throws
 * `backup.folder-missing`, `backup.folder-inside` where it is only called otherwise, and `disk.full`.
 */
export async function prepareFolder(folder: string, root: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error
    })
    if (isInside(await realpath(folder), await realpath(root), process.platform))
      throw new Problem('backup.folder-inside', { folder, root })
    const trial = path.join(folder, `.regie-trial.${randomBytes(6).toString('hex')}.tmp`)
    await writeFile(trial, 'x', { flag: 'wx', mode: 0o600 })
    await rm(trial)
  } catch (error) {
    if (error instanceof Problem) throw error
    throw (
      diskProblem(error, folder) ??
      new Problem('backup.folder-missing', { folder, code: codeOf(error) }, { cause: error })
    )
  }
}
