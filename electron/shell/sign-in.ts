import { app } from 'electron'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { autostartEntry, autostartFile, autostartMark } from './autostart'

/** Given to a start at the sign-in: no window opens, the tray's icon says that Regie is there. */
const hidden = '--hidden'

/** Whether a clone's Electron, or an AppImage that moves, would be started: neither is there for good. */
export const canStartAtSignIn = (): boolean => app.isPackaged && process.env['APPIMAGE'] === undefined

/** Has the system start Regie at the sign-in, without a window, or no longer. */
export function setAtSignIn(at: boolean): void {
  if (process.platform !== 'linux') {
    app.setLoginItemSettings({ openAtLogin: at, args: [hidden] })
    return
  }
  const file = autostartFile(os.homedir(), process.env)
  if (at) {
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, autostartEntry(process.execPath, hidden))
  } else if (readIfThere(file).includes(autostartMark)) rmSync(file)
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
