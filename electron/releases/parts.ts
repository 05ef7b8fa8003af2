import type { KeyObject } from 'node:crypto'
import type { Releases as Status, ReleaseWait } from '../../shared/contract'
import type { Clock } from '../async/clock'
import type { SettingsOptions } from './settings'
import type { Packaging, Target } from './target'

/** A version that lies here and is what was signed. */
export interface ReadyRelease {
  version: string
  file: string
}

/** What a desktop can do with one; the shell provides it. */
export interface ReleaseInstaller {
  packaging: Packaging
  /** `restart`: it replaces the program that runs. `open`: the system opens it, and a person does the rest. */
  how: 'restart' | 'open'
  /** Whether a person sees Regie just now. */
  isShown(): boolean
  /** Opens it, or ends the program in order and has it installed then. */
  take(ready: ReadyRelease): Promise<void>
}

export interface ReleaseOptions extends SettingsOptions {
  current: string
  /** What this installation is told from others by, for staged releases; leaves this machine as nothing. */
  installation: string
  system: Omit<Target, 'packaging'>
  /** Whose signatures are believed; null: every version is told and none installed. */
  key: KeyObject | null
  /** Null where nothing can be installed. */
  installer: ReleaseInstaller | null
  memoryFile: string
  /** Where what is fetched lies. */
  folder: string
  /** What is under way, that an installation would cut off. */
  underWay: () => ReleaseWait[]
  /** Told of every change. */
  changed: (status: Status) => void
  noticesChanged: () => void
  reportBug: (error: unknown) => void
  clock?: Clock
}
