import type { MenuItemConstructorOptions } from 'electron'
import type { Language } from '../../shared/problems'

export interface MenuOptions {
  platform: NodeJS.Platform
  language: Language
  /** Reloading and the developer tools are for work on Regie itself. */
  packaged: boolean
  openDataFolder: () => void
}

const labels = {
  en: {
    file: '&File',
    openDataFolder: 'Open data folder',
    quit: 'Quit Regie',
    edit: '&Edit',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select all',
    view: '&View',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    resetZoom: 'Actual size',
    fullScreen: 'Full screen',
    reload: 'Reload',
    devTools: 'Developer tools',
    window: '&Window',
    minimize: 'Minimise',
    close: 'Close',
    about: 'About Regie',
    hide: 'Hide Regie',
    hideOthers: 'Hide others',
    unhide: 'Show all',
  },
  fr: {
    file: '&Fichier',
    openDataFolder: 'Ouvrir le dossier de données',
    quit: 'Quitter Regie',
    edit: '&Édition',
    undo: 'Annuler',
    redo: 'Rétablir',
    cut: 'Couper',
    copy: 'Copier',
    paste: 'Coller',
    selectAll: 'Tout sélectionner',
    view: '&Affichage',
    zoomIn: 'Agrandir',
    zoomOut: 'Réduire',
    resetZoom: 'Taille réelle',
    fullScreen: 'Plein écran',
    reload: 'Recharger',
    devTools: 'Outils de développement',
    window: 'Fe&nêtre',
    minimize: 'Réduire',
    close: 'Fermer',
    about: 'À propos de Regie',
    hide: 'Masquer Regie',
    hideOthers: 'Masquer les autres',
    unhide: 'Tout afficher',
  },
} as const satisfies Record<Language, Record<string, string>>

/** The application menu: what the system expects of one; everything of Regie's own is in the page. */
export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const { platform, language, packaged, openDataFolder } = options
  const text = labels[language]
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const dataFolder: MenuItemConstructorOptions = { label: text.openDataFolder, click: openDataFolder }
  const quit: MenuItemConstructorOptions = { role: 'quit', label: text.quit }

  const edit: MenuItemConstructorOptions = {
    label: text.edit,
    submenu: [
      { role: 'undo', label: text.undo },
      { role: 'redo', label: text.redo },
      separator,
      { role: 'cut', label: text.cut },
      { role: 'copy', label: text.copy },
      { role: 'paste', label: text.paste },
      { role: 'selectAll', label: text.selectAll },
    ],
  }
  const forDevelopers: MenuItemConstructorOptions[] = [
    separator,
    { role: 'reload', label: text.reload },
    { role: 'toggleDevTools', label: text.devTools },
  ]
  const view: MenuItemConstructorOptions = {
    label: text.view,
    submenu: [
      { role: 'zoomIn', label: text.zoomIn },
      { role: 'zoomOut', label: text.zoomOut },
      { role: 'resetZoom', label: text.resetZoom },
      separator,
      { role: 'togglefullscreen', label: text.fullScreen },
      ...(packaged ? [] : forDevelopers),
    ],
  }
  if (platform !== 'darwin') return [{ label: text.file, submenu: [dataFolder, separator, quit] }, edit, view]

  const application: MenuItemConstructorOptions = {
    label: 'Regie',
    submenu: [
      { role: 'about', label: text.about },
      separator,
      { role: 'hide', label: text.hide },
      { role: 'hideOthers', label: text.hideOthers },
      { role: 'unhide', label: text.unhide },
      separator,
      quit,
    ],
  }
  const window: MenuItemConstructorOptions = {
    label: text.window,
    role: 'window',
    submenu: [
      { role: 'minimize', label: text.minimize },
      { role: 'close', label: text.close },
    ],
  }
  return [application, { label: text.file, submenu: [dataFolder] }, edit, view, window]
}
