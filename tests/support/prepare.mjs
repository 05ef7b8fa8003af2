// @ts-check
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { findBrowser, findHeadlessShell, headlessShell, noBrowser } from './browser.mjs'

/** Debian and its kin as root, as in a container: the one place where packages may be installed without asking. */
export const canInstall = () =>
  process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version')

/** Installs Debian packages. False when that failed; apt-get has then said why. */
export function aptInstall(/** @type {string[]} */ ...packages) {
  const run = (/** @type {string[]} */ ...args) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  return run('update') && run('install', '-y', '--no-install-recommends', ...packages)
}

/**
 * Makes sure that there is a browser for the tests, the light one where it may be installed, and returns its path. Throws
 * with what to do when there is none.
 */
export function prepareBrowser() {
  const found = findBrowser()
  if (canInstall() && !findHeadlessShell()) {
    for (const wanted of [headlessShell, ...(found ? [] : ['chromium'])]) {
      console.log(`Installing ${wanted} with apt-get.`)
      if (aptInstall(wanted)) break
    }
  }
  const browser = findBrowser()
  if (!browser) throw new Error(noBrowser)
  return browser
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    console.log(`Browser for the tests: ${path.resolve(prepareBrowser())}`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
