import Store from 'electron-store'
import { configOptions, type ConfigStore } from '../storage/config'
import { readPreferences } from '../storage/preferences'
import { firstAccount, type Preferences } from '../../shared/contract'
import { readChoices, type Choices } from './choices'
import type { WindowState } from './window-state'

/**
 * The panel's configuration: the same `config.json`, in the same format, as in headless mode. `onPreferences` is
 * called whenever the owner's change.
 */
export function openDesktopConfig(dataFolder: string, onPreferences: (preferences: Preferences) => void): ConfigStore {
  const { configName, ...options } = configOptions
  // The generic signature wants a known shape; entries are validated one by one when they are read.
  const config = new Store<Record<string, unknown>>({ ...options, name: configName, cwd: dataFolder })
  config.onDidChange('preferences', () => onPreferences(readPreferences(config, firstAccount)))
  return config
}

/** `window.json`: what only the desktop needs to know. Nothing is lost with it, so a broken one is replaced. */
export function openWindowMemory(dataFolder: string) {
  const store = new Store<Record<string, unknown>>({
    name: 'window',
    cwd: dataFolder,
    clearInvalidConfig: true,
    configFileMode: 0o600,
  })
  return {
    read: (): unknown => store.get('main'),
    write: (state: WindowState) => store.set('main', state),
    choices: {
      read: () => readChoices(store.get('choices')),
      change: (some: Partial<Choices>) => store.set('choices', { ...readChoices(store.get('choices')), ...some }),
      /** Calls back whenever one was changed, wherever that was. */
      onChange: (changed: () => void) => store.onDidChange('choices', changed),
    },
  }
}
