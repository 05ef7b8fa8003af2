// Runs the real bundle of the main process against a stand-in for Electron, whose windows are pages of Chromium.
//   node tests/support/host/run.mjs dist/main/main.js [arguments of the program]
// HOST_USER_DATA, HOST_KEYRING, HOST_LOCALE, HOST_WORK_AREA, HOST_QUERY, HOST_PACKAGED, HOST_HEADED: what the machine
// around it is like. HOST_PATIENCE_MS: how long the entry may take to be evaluated.
import Module, { register } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from './app.mjs'
import { listenToTest } from './control.mjs'
import standIn from './electron.mjs'

register('./hooks.mjs', import.meta.url)
const load = Module._load
Module._load = function (name, ...rest) {
  return name === 'electron' || name === 'electron/main' ? standIn : load.call(this, name, ...rest)
}

const [, , entry, ...programArguments] = process.argv
if (!entry) {
  console.error('usage: node run.mjs <main bundle> [arguments]')
  process.exit(2)
}
process.argv = [process.execPath, path.resolve(entry), ...programArguments]
// Where Electron keeps what is packed beside the archive.
process.resourcesPath = path.resolve('resources')

// Electron is not ready before the entry has been evaluated, so one that waits for `ready` hangs (electron#40719).
const hung = setTimeout(
  () => {
    console.error('[host] the entry awaits `ready` at its top level: in Electron it would hang (electron#40719)')
    process.exit(86)
  },
  Number(process.env.HOST_PATIENCE_MS ?? 5_000),
)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => app.quit())
listenToTest()
await import(pathToFileURL(process.argv[1]).href)
clearTimeout(hung)
app.becomeReady()
