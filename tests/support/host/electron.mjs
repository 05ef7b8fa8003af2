// Stands in for the `electron` module: what the program imports, and nothing more.
import { app } from './app.mjs'
import { clipboard, dialog, ipcMain, Menu, nativeTheme, Notification, safeStorage, screen, shell } from './desktop.mjs'
import { protocol, session } from './session.mjs'
import { BrowserWindow } from './window.mjs'

const electron = {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  Notification,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
}
export {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  Notification,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
}
export default electron
