import { app, BrowserWindow, shell } from 'electron'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { packagingOf, type ReadyRelease, type ReleaseInstaller } from '../releases'
import { handOver } from './hand-over'

/** What electron-builder leaves in a deb and an rpm; a clone has nothing of it. */
function readPackageType(): string | null {
  if (!app.isPackaged || process.platform !== 'linux') return null
  const file = path.join(process.resourcesPath, 'package-type')
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null
}

/** What installs new versions, and what is to be done with one once everything has stopped. */
export interface DesktopInstaller {
  installer: ReleaseInstaller
  /** The version for which the program ends; null where it ends for another reason. */
  taken(): ReadyRelease | null
  /** Has it installed; call when everything has stopped. Where it fails and Regie was to start again, the old one does. */
  finish(ready: ReadyRelease): Promise<void>
}

/** Null where Regie was not installed as something that can be replaced from here. */
export function createDesktopInstaller(): DesktopInstaller | null {
  const { isPackaged } = app
  const packaging = packagingOf(process.platform, { env: process.env, isPackaged, packageType: readPackageType() })
  if (packaging === null) return null
  let taken: ReadyRelease | null = null
  // A deb and an rpm belong to the system's own tools and need its administrator; a dmg is dragged by a person.
  const how = packaging === 'AppImage' || packaging === 'exe' ? 'restart' : 'open'
  return {
    taken: () => taken,
    installer: {
      ...{ packaging, how },
      isShown: () => BrowserWindow.getAllWindows().some((window) => window.isVisible() && !window.isMinimized()),
      async take(ready) {
        if (how === 'open') {
          const failure = await shell.openPath(ready.file)
          if (failure !== '') throw new Error(failure)
          return
        }
        taken = ready
        app.quit()
      },
    },
    async finish(ready) {
      const restart = taken !== null
      // The new one would take itself for a second start.
      app.releaseSingleInstanceLock()
      try {
        await handOver(ready, packaging, { restart, env: process.env })
      } catch (error) {
        console.error('The new version of Regie could not be installed:', error)
        if (restart) app.relaunch()
      }
    },
  }
}
