// `npm start`, `npm run headless` and `npm run regie`. Plain JavaScript: it runs before anything is built.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBuilt, root } from './build.mjs'

const electronFolder = path.join(root, 'node_modules', 'electron')

/** Path of Electron's program, or null when this machine has none. */
function electronProgram() {
  const pathFile = path.join(electronFolder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const program = path.join(electronFolder, 'dist', readFileSync(pathFile, 'utf8').trim())
  return existsSync(program) ? program : null
}

/** Fetches Electron's program once. Returns its path, or null when it cannot be had here. */
function fetchElectron() {
  const present = electronProgram()
  if (present) return present
  process.stderr.write('Fetching Electron (once)…\n')
  spawnSync(process.execPath, [path.join(electronFolder, 'install.js')], { stdio: 'ignore', timeout: 10 * 60_000 })
  return electronProgram()
}

const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'])

/** Runs a program of the build in this process. */
async function program(name, args) {
  process.argv = [process.execPath, path.join(root, 'dist', 'main', `${name}.js`), ...args]
  await import(pathToFileURL(process.argv[1]).href)
}

function desktop(electron, args) {
  const child = spawn(electron, [root, ...args], { stdio: 'inherit' })
  child.once('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
}

/**
 * npm passes a SIGTERM on to its shell, which dies of it and leaves this process alone: a new parent says so. Windows
 * ends what belongs to a console by itself.
 */
function endWithNpm() {
  if (!process.env['npm_lifecycle_event'] || process.platform === 'win32') return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 250)
  watch.unref()
}

const args = process.argv.slice(2)
endWithNpm()
try {
  await ensureBuilt()
  if (args[0] === '--headless') {
    await program('headless', args.slice(1))
  } else if (args[0] === '--command') {
    await program('cli', args.slice(1))
  } else {
    const electron = hasDisplay() ? fetchElectron() : null
    if (electron) {
      desktop(electron, args)
    } else {
      const why = hasDisplay()
        ? 'Electron cannot be installed on this machine: Regie opens in a browser instead.'
        : 'There is no display on this machine: Regie runs without a window. Open the link below in a browser.'
      process.stderr.write(`${why}\n`)
      await program('headless', ['--demo', ...(hasDisplay() ? ['--open'] : []), ...args])
    }
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
