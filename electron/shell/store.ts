import Store from 'electron-store'
import { configOptions, type ConfigStore } from '../storage/config'

/** The panel's configuration: the same `config.json`, in the same format, as in headless mode. */
export function openDesktopConfig(dataFolder: string): ConfigStore {
  const { configName, ...options } = configOptions
  // The generic signature wants a known shape; entries are validated one by one when they are read.
  return new Store<Record<string, unknown>>({ ...options, name: configName, cwd: dataFolder })
}

/** `window.json`: what only this desktop needs to know. Nothing is lost with it, so a broken one is replaced. */
export function openWindowMemory(dataFolder: string) {
  const store = new Store<Record<string, unknown>>({ name: 'window', cwd: dataFolder, clearInvalidConfig: true })
  return {
    read: (): unknown => store.get('main'),
    write: (state: object) => store.set('main', state),
  }
}
