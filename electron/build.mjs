// Builds `dist/` when the sources are newer than the last build. Plain JavaScript: it runs before anything is built.
import { spawn, spawnSync } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { writeNotices } from './notices.mjs'

export const root = path.resolve(import.meta.dirname, '..')
const stamp = path.join(root, 'dist', '.built')
const lock = path.join(root, 'node_modules', '.regie-build.lock')
const sources = [
  'electron',
  'renderer',
  'shared',
  'resources/licenses',
  'docs',
  '.config/lazy-schemas.ts',
  '.config/markdown.ts',
  'vite.config.ts',
  'package.json',
  'package-lock.json',
]

const newest = (place) => {
  const stat = statSync(place)
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(place).reduce((latest, name) => Math.max(latest, newest(path.join(place, name))), stat.mtimeMs)
}

/** True when `dist/` is missing or older than a source file. A packaged copy has no sources and is never stale. */
const isStale = () => {
  if (!existsSync(path.join(root, 'vite.config.ts'))) return false
  // A build that believes another key is another build.
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== (releaseKey() ?? '')) return true
  const built = statSync(stamp).mtimeMs
  return sources.some((source) => newest(path.join(root, source)) > built)
}

const runVite = () =>
  new Promise((resolve, reject) => {
    const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js')
    const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
      cwd: root,
      // A test runner's NODE_ENV would bring React's development build into the pages.
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`The build failed with exit code ${code}; its messages stand above.`))
    })
  })

/** What a start need not compile again. A start does without, so a machine on which this fails has its build all the same. */
const keepCompiled = () => {
  const nobody = process.platform === 'win32' ? 'npipe:////./pipe/regie-no-engine' : 'unix:///nonexistent/docker.sock'
  const folder = mkdtempSync(path.join(os.tmpdir(), 'regie-build-'))
  spawnSync(process.execPath, [path.join(root, 'electron', 'keep-compiled.mjs'), folder], {
    cwd: os.tmpdir(),
    env: { ...process.env, NODE_OPTIONS: '', DOCKER_HOST: nobody, REGIE_DOOR_ADDRESSES: '127.0.0.1' },
    stdio: 'inherit',
    timeout: 60_000,
  })
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}

/** Only one build at a time over all processes: a second one waits, then finds the result of the first. */
async function withLock(work) {
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      // A build that was killed leaves its lock behind; no build takes five minutes.
      if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 5 * 60_000) rmSync(lock, { recursive: true })
      else await delay(200)
    }
  }
  try {
    await work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

/** The first 12 digits of the commit that is checked out here; null outside a repository, or without git. */
export function commitHere(folder = root) {
  // A source package that was unpacked into somebody else's repository is none of it.
  if (!existsSync(path.join(folder, '.git'))) return null
  const { status, stdout } = spawnSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: folder, encoding: 'utf8' })
  return status === 0 ? stdout.trim() : null
}

/**
 * Whose signatures on new versions the build believes: what stands between the first and the last line of the public
 * key's PEM file. Null where none is named. Throws for what is no such key, which would pass for none.
 */
export function releaseKey(named = process.env.REGIE_RELEASE_KEY) {
  const key = named?.trim() ?? ''
  if (key === '') return null
  const { asymmetricKeyType } = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' })
  if (asymmetricKeyType !== 'ed25519') throw new Error('REGIE_RELEASE_KEY is no Ed25519 key')
  return key
}

/** Builds if needed. Resolves when `dist/` is up to date; rejects with the build's failure. */
export async function ensureBuilt() {
  if (!isStale()) return
  await withLock(async () => {
    if (!isStale()) return
    const startedAt = new Date()
    process.stderr.write('Building Regie…\n')
    await runVite()
    keepCompiled()
    writeNotices(root)
    writeFileSync(stamp, releaseKey() ?? '')
    // A source saved while the build ran is newer than the stamp must be.
    utimesSync(stamp, startedAt, startedAt)
  })
}

if (process.argv[1] === import.meta.filename) await ensureBuilt()
