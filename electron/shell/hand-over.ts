import { spawn } from 'node:child_process'
import { chmod, copyFile, mkdtemp, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Packaging, ReadyRelease } from '../releases'

export interface HandingOver {
  /** Whether Regie is to start again. */
  restart: boolean
  env: NodeJS.ProcessEnv
}

/**
 * Puts a new AppImage in the place of the one that runs, under its name: links, menus and units that lead there go on
 * leading there. What is there stays until the new one is whole on the same disk; a crash at any instant leaves one of them.
 */
async function replaceAppImage(fresh: string, running: string): Promise<void> {
  const folder = await mkdtemp(path.join(path.dirname(running), '.regie-update-'))
  try {
    const beside = path.join(folder, path.basename(running))
    await copyFile(fresh, beside)
    await chmod(beside, 0o755)
    const handle = await open(beside, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(beside, running)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Starts a program that outlives this one. Rejects where it cannot be started. */
const begin = (program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { detached: true, stdio: 'ignore', env })
    child.once('error', reject)
    child.once('spawn', () => {
      child.unref()
      resolve()
    })
  })

/**
 * Has a version installed that was verified, as the last thing that this program does. Windows' installer of
 * electron-builder waits until it has ended: `--updated /S` asks nothing, `--force-run` starts Regie when it is done.
 * Throws where it could not be begun; the version that runs is then unchanged.
 */
export async function handOver(
  { file }: ReadyRelease,
  packaging: Packaging,
  { restart, env }: HandingOver,
): Promise<void> {
  if (packaging === 'exe') {
    await begin(file, ['--updated', '/S', ...(restart ? ['--force-run'] : [])], env)
    return
  }
  const running = env['APPIMAGE']
  if (packaging !== 'AppImage' || running === undefined) throw new Error(`a ${packaging} is installed by a person`)
  await replaceAppImage(file, running)
  // It is here no longer needed, and a second time it would be in the way.
  await rm(file, { force: true })
  if (restart) await begin(running, [], env)
}
