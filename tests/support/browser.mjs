// @ts-check
import { accessSync, constants, existsSync } from 'node:fs'
import path from 'node:path'
import { chromium } from 'playwright'

/** Programs that speak Chromium's protocol, in the order of preference. */
const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'microsoft-edge']

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, process.platform === 'win32' ? constants.F_OK : constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Places where installers put a browser without adding it to PATH. */
function usualPlaces() {
  if (process.platform === 'win32') {
    const roots = [process.env['PROGRAMFILES'], process.env['PROGRAMFILES(X86)'], process.env['LOCALAPPDATA']]
    const programs = ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe']
    return roots.flatMap((root) => (root ? programs.map((program) => path.join(root, program)) : []))
  }
  if (process.platform === 'darwin') {
    const apps = ['Google Chrome', 'Chromium', 'Microsoft Edge']
    return apps.map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`)
  }
  return ['/usr/lib/chromium/chromium', '/opt/google/chrome/chrome', '/snap/bin/chromium']
}

/** @param {string[]} wanted */
function onPath(wanted) {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter(Boolean)
    .flatMap((folder) => wanted.map((name) => path.join(folder, name + suffix)))
}

/** Debian's package of Chromium without windows, and its program: a page costs a third of what it costs in the whole. */
export const headlessShell = 'chromium-headless-shell'

/** Path of the light browser, or null. */
export const findHeadlessShell = () => onPath([headlessShell]).find(isExecutable) ?? null

/**
 * Path of a browser for the tests: the light one, else Playwright's own when it is installed, else the system's Chromium,
 * Chrome or Edge, else null.
 */
export function findBrowser() {
  const light = findHeadlessShell()
  if (light) return light
  const own = chromium.executablePath()
  if (own && existsSync(own)) return own
  return [...onPath(names), ...usualPlaces()].find(isExecutable) ?? null
}

/** The launch options with which every test, bench and screenshot starts its browser. Throws when there is none. */
export function chromiumLaunchOptions() {
  const executablePath = findBrowser()
  if (!executablePath) throw new Error(noBrowser)
  const args = [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ]
  // Chromium's sandbox refuses to run as root, which is what containers are.
  if (process.platform === 'linux' && process.getuid?.() === 0) args.unshift('--no-sandbox')
  return { executablePath, args }
}

export const noBrowser =
  'No browser for the tests was found. Install one with `npx playwright install chromium`, or install Chromium or Google Chrome.'
