import type { AccountId, PanelEvent, Preferences, Settings } from '../../shared/contract'
import type { Access } from '../access'
import type { Audit } from '../audit/audit'
import type { ConfigStore } from '../storage/config'
import { galleryShared, readPreferences, writePreferences } from '../storage/preferences'

interface SettingsOptions {
  config: ConfigStore
  audit: Pick<Audit, 'appendFirst'>
  access: Pick<Access, 'shrank'>
  publish: (event: PanelEvent) => void
}

export type PanelSettings = ReturnType<typeof createSettings>

/** What is set for the whole panel, and what each account prefers for itself. */
export function createSettings({ config, audit, access, publish }: SettingsOptions) {
  const shared = galleryShared(config)
  const preferences = {
    read: (account: AccountId): Preferences => readPreferences(config, account),
    change(account: AccountId, change: Partial<Preferences>): Preferences {
      const changed = writePreferences(config, account, change)
      publish({ type: 'preferences', account, preferences: changed })
      return changed
    },
  }
  const read = (account: AccountId): Settings => ({ ...preferences.read(account), galleryShared: shared.read() })

  async function share(isShared: boolean, who: string) {
    if (isShared === shared.read()) return
    await audit.appendFirst({ who, action: isShared ? 'gallery.shared' : 'gallery.unshared', target: '' })
    shared.write(isShared)
    publish({ type: 'gallery-shared', isShared })
    // Who follows what is another's no longer may.
    if (!isShared) access.shrank()
  }

  return {
    preferences,
    isGalleryShared: shared.read,
    settings: {
      /** The panel's settings together with an account's own preferences. */
      read,
      /** Throws `audit.write-failed` where it cannot be noted who shares the gallery; nothing is changed then. */
      async change(account: AccountId, { galleryShared: isShared, ...own }: Partial<Settings>, who: string) {
        if (isShared !== undefined) await share(isShared, who)
        if (Object.keys(own).length > 0) preferences.change(account, own)
        const settings = read(account)
        publish({ type: 'settings', settings })
        return settings
      },
    },
  }
}
