import { accounts, Preferences, type AccountId } from '../../shared/contract'
import type { ConfigStore } from './config'

const defaults: Preferences = { language: 'system', theme: 'dark', welcomed: false }

const entryOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

/** Preferences as somebody wrote them; a value that is not valid falls back to its default, alone. */
function parsed(stored: unknown): Preferences {
  const source = entryOf(stored)
  const { shape } = Preferences
  return {
    language: shape.language.catch(defaults.language).parse(source['language']),
    theme: shape.theme.catch(defaults.theme).parse(source['theme']),
    welcomed: shape.welcomed.catch(defaults.welcomed).parse(source['welcomed']),
  }
}

/** What an account has chosen, from the configuration. */
export const readPreferences = (config: ConfigStore, account: AccountId): Preferences =>
  parsed(entryOf(config.get('preferences'))[account])

/** Writes what an account changed and returns all that it has chosen. */
export function writePreferences(config: ConfigStore, account: AccountId, change: Partial<Preferences>): Preferences {
  const preferences = { ...readPreferences(config, account), ...change }
  config.set('preferences', { ...entryOf(config.get('preferences')), [account]: preferences })
  return preferences
}

/** Gives each account what was the panel's own before there were accounts. Does nothing where that was done. */
export function partPreferences(config: ConfigStore): void {
  if (config.has('preferences') || !config.has('settings')) return
  const former = parsed(config.get('settings'))
  // In this order: a crash between the two leaves what nobody reads any more.
  config.set('preferences', Object.fromEntries(accounts.map((account) => [account, former])))
  config.set('settings', {})
}

/** Whether users see the pictures of others. */
export const galleryShared = (config: ConfigStore) => ({
  read: (): boolean => entryOf(config.get('settings'))['galleryShared'] === true,
  write(isShared: boolean) {
    config.set('settings', { ...entryOf(config.get('settings')), galleryShared: isShared })
  },
})
