import Conf from 'conf'
import { existsSync, readFileSync, renameSync } from 'node:fs'
import path from 'node:path'
import { reason, type Reason } from '../../shared/problems'

/** What a configuration store must do: `conf` in headless mode, `electron-store` (built on conf) on the desktop. */
export interface ConfigStore {
  get(key: string): unknown
  set(key: string, value: unknown): void
  has(key: string): boolean
  readonly path: string
}

/** The options that both stores share, so that both use the same file in the same format. */
export const configOptions = {
  configName: 'config',
  fileExtension: 'json',
  configFileMode: 0o600,
  accessPropertiesByDotNotation: false,
  clearInvalidConfig: false,
} as const

/**
 * Moves a configuration file that is not JSON aside, so that the store starts empty and nothing is lost.
 * Returns what to tell the user, or null when the file is absent or readable.
 */
export function setAsideUnreadableConfig(dataFolder: string): Reason | null {
  const file = path.join(dataFolder, `${configOptions.configName}.${configOptions.fileExtension}`)
  if (!existsSync(file)) return null
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return null
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  const kept = `${file}.unreadable-${Date.now()}`
  renameSync(file, kept)
  return reason('config.unreadable', { kept })
}

/** The store of headless mode: `<dataFolder>/config.json`. */
export function openConfig(dataFolder: string): ConfigStore {
  // conf's generic signature wants a known shape; entries are validated one by one when they are read.
  return new Conf<Record<string, unknown>>({ ...configOptions, cwd: dataFolder })
}

/** The configured services as they stand in the file; each is validated by itself by whoever reads it. */
export const serviceEntries = (config: ConfigStore) => ({
  read(): unknown[] {
    const entries = config.get('services')
    return Array.isArray(entries) ? entries : []
  },
  write(entries: unknown[]) {
    config.set('services', entries)
  },
})

/** The address of the Docker engine that was set in Regie; null: Docker's own rules. */
export const dockerAddress = (config: ConfigStore) => ({
  read(): string | null {
    const entry = config.get('docker')
    const address = typeof entry === 'object' && entry !== null && 'address' in entry ? entry.address : null
    return typeof address === 'string' && address !== '' ? address : null
  },
  write(address: string | null) {
    config.set('docker', { address })
  },
})

/** The machines beside Regie's own, as they stand in the file; each is validated by itself by whoever reads it. */
export const machineEntries = (config: ConfigStore) => ({
  read: (): unknown => config.get('machines'),
  write(entries: readonly unknown[]) {
    config.set('machines', entries)
  },
})

/** The program that was named in Regie in place of nvidia-smi; null: the one that is found. */
export const gpuProgram = (config: ConfigStore) => ({
  read(): string | null {
    const entry = config.get('gpus')
    const program = typeof entry === 'object' && entry !== null && 'program' in entry ? entry.program : null
    return typeof program === 'string' && program !== '' ? program : null
  },
  write(program: string | null) {
    config.set('gpus', { program })
  },
})

/** Where new versions of Regie are looked for, and what becomes of them, as it stands in the file. */
export const releaseSettings = (config: ConfigStore) => ({
  read: (): unknown => config.get('releases'),
  write(settings: object) {
    config.set('releases', settings)
  },
})

/** Origins under which others reach the panel, as they stand in the file. */
export const publicAddresses = (config: ConfigStore) => ({
  read: (): unknown => config.get('publicAddresses'),
  write(addresses: readonly string[]) {
    config.set('publicAddresses', addresses)
  },
})

/** Reverse proxies that are believed where a request comes from, as they stand in the file. */
export const trustedProxies = (config: ConfigStore) => ({
  read: (): unknown => config.get('trustedProxies'),
  write(addresses: readonly string[]) {
    config.set('trustedProxies', addresses)
  },
})

/** The hash of the token with which a monitor reads the metrics, as it stands in the file. */
export const metricsToken = (config: ConfigStore) => ({
  read: (): unknown => config.get('metricsToken'),
  write(kept: object | null) {
    config.set('metricsToken', kept)
  },
})

/** Where the HTTP door remembers who has signed in: `<dataFolder>/sessions.json`, hashes only. */
export function openSessionStore(dataFolder: string): ConfigStore {
  // Nothing of a person's is lost with this file: an unreadable one only asks everybody to sign in again.
  return new Conf<Record<string, unknown>>({
    ...configOptions,
    configName: 'sessions',
    clearInvalidConfig: true,
    cwd: dataFolder,
  })
}
