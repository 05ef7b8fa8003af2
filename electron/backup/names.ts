/** Whose backup a file is and when it was made, as its name tells. */
export interface BackupName {
  /** The installation that made it. */
  installation: string
  /** In Unix ms, to the second. */
  at: number
}

/** Such ids that an installation makes for itself: short, for they stand in every name. */
export const installationPattern = /^[a-z0-9]{8}$/

const pattern = /^regie-([a-z0-9]{8})-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z\.tar\.age$/

/** What a backup is called: no character that Windows refuses, and in the order of time. */
export const fileNameOf = ({ installation, at }: BackupName): string =>
  `regie-${installation}-${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z.tar.age`

/** What a name tells; null for whatever is none of Regie's backups. */
export function readFileName(name: string): BackupName | null {
  const [, installation, year, month, day, hour, minute, second] = pattern.exec(name) ?? []
  if (installation === undefined) return null
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(at) || fileNameOf({ installation, at }) !== name ? null : { installation, at }
}

/** Whether a name is that of a backup of this installation that a killed panel left half written. */
export const isLeftover = (name: string, installation: string): boolean =>
  new RegExp(`^\\.regie-${installation}-\\d{8}T\\d{6}Z\\.tar\\.age\\.[0-9a-f]{12}\\.tmp$`).test(name)
