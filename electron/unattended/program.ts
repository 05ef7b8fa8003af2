import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Launch } from './plan'

/** What is known of the program that runs. */
export interface Running {
  execPath: string
  /** Whether it is Electron's, which runs as node. */
  isElectron: boolean
  /** The folder of the build, `dist/main`. */
  built: string
  env: NodeJS.ProcessEnv
  exists?: (file: string) => boolean
}

/**
 * How a panel without a window is started again from where this program lies: an installed application, a clone, or a
 * package that npm has installed. Throws an Error for the person where that place is gone after this run.
 */
export function launchOf({ execPath, isElectron, built, env, exists = existsSync }: Running): Launch {
  if (env['APPIMAGE'])
    throw new Error(
      'An AppImage is unpacked anew at each start, so that no service can point into it. Install the .deb or .rpm.',
    )
  if (/[\\/]_npx[\\/]/.test(built))
    throw new Error('npx keeps packages only for a while. Install Regie first: npm install --global <package>.')
  const headless = path.join(built, 'headless.js')
  if (isElectron) return { file: execPath, args: [headless], env: { ELECTRON_RUN_AS_NODE: '1' } }
  // A clone builds itself when its sources are newer.
  const start = path.join(built, '..', '..', 'electron', 'start.mjs')
  return { file: execPath, args: exists(start) ? [start, '--headless'] : [headless], env: {} }
}
