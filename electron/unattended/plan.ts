/** Who starts Regie at a sign-in and again after a crash: each system has one of its own. */
export const managers = ['systemd', 'launchd', 'task-scheduler'] as const
export type Manager = (typeof managers)[number]

/** How the vault opens with nobody there; `none`: it stays locked until a person types the passphrase. */
export const unlocks = ['systemd-credential', 'keychain', 'dpapi', 'none'] as const
export type Unlock = (typeof unlocks)[number]

/** A program with what it is given. Nothing in it is secret: others see it in the list of processes. */
export interface Launch {
  file: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
}

/** A call of one of the system's own programs. */
export interface Call {
  file: string
  args: readonly string[]
  /** What it is given on its standard input, made of the passphrase in base64; nothing where left out. */
  input?: (passphrase: string) => string
  /** Whether it may fail: it undoes what may not be there. */
  mayFail?: boolean
}

export interface PlannedFile {
  path: string
  content: string
  encoding: 'utf8' | 'utf16le'
}

/** All that installing does, and all that undoes it: shown before any of it happens. */
export interface Plan {
  manager: Manager
  /** What the manager calls it. */
  name: string
  /** The file by which the manager knows it. */
  file: PlannedFile
  /** The file into which the passphrase is sealed; null where there is none, or the system keeps it elsewhere. */
  sealedFile: string | null
  /** Seals the passphrase; null where it is not kept. */
  seal: Call | null
  install: readonly Call[]
  uninstall: readonly Call[]
  /** A program that tells how it goes. */
  status: Call
  /** Prints what the manager itself keeps under this name, and fails where it keeps nothing; null: that is the file. */
  kept: Call | null
}

/** What the plan is made from. */
export interface Wish {
  launch: Launch
  /** Absolute. */
  dataFolder: string
  unlock: Unlock
  /** The home folder of the person for whom it is installed, and what the system calls them. */
  home: string
  user: string
  uid: number
  env: NodeJS.ProcessEnv
}

/** In every file that Regie writes for a manager: what does not hold it is somebody else's, and left alone. */
export const mark = 'Written by "regie service install"; "regie service uninstall" removes it.'

/** Which manager a system has; null for one that Regie knows none of. */
export function managerOf(platform: NodeJS.Platform): Manager | null {
  switch (platform) {
    case 'linux':
      return 'systemd'
    case 'darwin':
      return 'launchd'
    case 'win32':
      return 'task-scheduler'
    default:
      return null
  }
}

/** Which ways of opening the vault a manager has beside `none`. */
export const unlockOf: Readonly<Record<Manager, Exclude<Unlock, 'none'>>> = {
  systemd: 'systemd-credential',
  launchd: 'keychain',
  'task-scheduler': 'dpapi',
}

/** Where the passphrase is sealed first, so that what was sealed before stays until the new one is there. */
export const besideSealed = (sealedFile: string): string => `${sealedFile}.new`

/** How long Regie may take to end, in seconds: more than it gives itself. */
export const stopSeconds = 30
