import { app, Menu, nativeTheme } from 'electron'
import type { Preferences } from '../../shared/contract'
import type { Language } from '../../shared/problems'
import { menuTemplate } from './menu'

/** The language that a setting means on this machine. */
export const languageOf = (setting: Preferences['language'], locale: string): Language => {
  if (setting !== 'system') return setting
  return locale.toLowerCase().startsWith('fr') ? 'fr' : 'en'
}

/** Brings what the system draws around the page, its menu and its colours, in line with the settings. */
export function applySettings(settings: Preferences, openDataFolder: () => void): void {
  nativeTheme.themeSource = settings.theme
  const template = menuTemplate({
    platform: process.platform,
    language: languageOf(settings.language, app.getLocale()),
    packaged: app.isPackaged,
    openDataFolder,
  })
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
