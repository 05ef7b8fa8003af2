// @ts-check
// `npm test`: what can be checked here, in one go, but for the tests that are marked as long: those are `npm run test:long`,
// which is this program with `--long`, and all journeys once more, at every width. The last line is `N passed, N failed[, N skipped]`.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { importTypescript } from './import-typescript.mjs'
import { prepareBrowser } from './prepare.mjs'

/** @typedef {{ passed: number, failed: { name: string, message: string }[], skipped: { name: string, reason: string }[], flaky?: { name: string, message: string }[], told?: string[], leftOut?: number }} Results */

const root = path.resolve(import.meta.dirname, '../..')
const scratch = mkdtempSync(path.join(os.tmpdir(), 'regie-test-'))
/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set()
let interrupted = false

/** Which of the tests: all but those marked as long, or those alone. */
const which = process.argv.includes('--long') ? 'long' : 'short'

/** Ends a child and what it started: its process group, or its tree on Windows. */
function end(/** @type {import('node:child_process').ChildProcess} */ child, /** @type {NodeJS.Signals} */ signal) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'])
  else {
    try {
      process.kill(-child.pid, signal)
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error
    }
  }
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    interrupted = true
    for (const child of children) end(child, 'SIGINT')
    setTimeout(() => {
      for (const child of children) end(child, 'SIGKILL')
    }, 10_000).unref()
  })
}

/**
 * Runs a node program in its own process group and resolves with its exit code. With `captured`, its output is kept for
 * later.
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, captured?: boolean }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
function node(args, { env = {}, captured = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', captured ? 'pipe' : 'inherit', captured ? 'pipe' : 'inherit'],
      detached: process.platform !== 'win32',
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => (output += text))
    children.add(child)
    child.once('error', reject)
    child.once('close', (code) => {
      children.delete(child)
      resolve({ code: code ?? 1, output })
    })
  })
}

/** npm's own program, which `npm test` names; beside node otherwise. */
const npm = process.env['npm_execpath'] ?? path.join(path.dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js')
const tool = (/** @type {string[]} */ ...parts) => path.join(root, 'node_modules', ...parts)

/** One failure, with no result but its words. @returns {Results} */
const failure = (/** @type {string} */ name, /** @type {string} */ message) => ({
  passed: 0,
  failed: [{ name, message }],
  skipped: [],
})

const heading = (/** @type {string} */ text) => console.log(`\n=== ${text}`)

/** @returns {Promise<Results>} */
async function build() {
  heading('Build')
  const { code } = await node(['electron/build.mjs'])
  return code === 0 ? { passed: 0, failed: [], skipped: [] } : failure('npm run build', `exit code ${code}`)
}

/**
 * Runs the parts of `npm run check`, two at a time, and counts each. Before the tests: each goes through gigabytes of types or
 * files, and in the gaps that the tests leave of two cores it takes three times as much of a processor.
 * @returns {Promise<Results & { says: string }>}
 */
async function check() {
  /** @type {{ scripts: Record<string, string> }} */
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  /** @type {Results & { says: string }} */
  const results = { passed: 0, failed: [], skipped: [], says: '' }
  const waiting = Object.keys(scripts).filter((name) => name.startsWith('check:'))
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined && !interrupted; name = waiting.shift()) {
      // Compiler and linter are Go programs that end soon: see .config/check.mjs. What else runs has the other core, and on two
      // the linter works out many types twice: a sixth more of a processor.
      const env = { GOGC: '400', GOMAXPROCS: '1' }
      const { code, output } = await node([npm, 'run', '--silent', name], { captured: true, env })
      results.says += `${code === 0 ? 'ok  ' : 'FAIL'} npm run ${name}\n`
      if (code === 0) results.passed += 1
      else {
        results.says += `${output.trim()}\n`
        results.failed.push({ name: `npm run ${name}`, message: `exit code ${code}; its messages stand above` })
      }
    }
  }
  await Promise.all([work(), work()])
  return results
}

/**
 * Runs a test tool whose reporter writes its results to the file named by REGIE_RESULTS. Beside another, it prints when
 * it has ended.
 * @param {{ title: string, beside?: boolean }} about
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<Results>}
 */
async function suite({ title, beside = false }, args, env = {}) {
  if (!beside) heading(title)
  const file = path.join(scratch, `${title.replace(/\W+/g, '-')}.json`)
  const modules = path.join(scratch, 'modules')
  const given = { ...env, REGIE_RESULTS: file, REGIE_TESTS: which, REGIE_BUILT: '1', REGIE_TEST_MODULES: modules }
  const { code, output } = await node(args, { env: given, captured: beside })
  if (beside) heading(title)
  if (beside) console.log(output.trim())
  /** @type {Results} */
  let results
  try {
    results = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return failure(title, `it ended with exit code ${code} and left no results`)
  }
  if (code !== 0 && results.failed.length === 0)
    results.failed.push({ name: title, message: `every test passed, but it ended with exit code ${code}` })
  return results
}

const reporter = (/** @type {string} */ name) => path.join(import.meta.dirname, 'reporters', `${name}.mjs`)

/**
 * Finds or starts a Docker engine for the tests. Without one, the tests that need it are skipped with the reason.
 * @returns {Promise<{ env: Record<string, string>, stop: () => Promise<void> }>}
 */
async function docker() {
  heading('Docker')
  /** @type {typeof import('./docker/prepare')} */
  const { prepareDocker } = await importTypescript('tests/support/docker/prepare.ts')
  const engine = await prepareDocker()
  console.log(engine.says)
  return engine
}

/** A file has no use for colours; vitest takes CI for a terminal. @type {Record<string, string>} */
const plain = process.stdout.isTTY ? {} : { NO_COLOR: '1' }

/** @param {{ title: string, beside?: boolean }} about @param {string[]} args */
const vitest = (about, ...args) => {
  const reporters = ['--reporter=dot', `--reporter=${reporter('vitest')}`]
  const filter = `--tagsFilter=${which === 'long' ? 'long' : '!long'}`
  return suite(about, [tool('vitest', 'vitest.mjs'), 'run', filter, ...reporters, ...args], {
    ...plain,
    ...engine?.env,
  })
}

/** @param {{ title: string, beside?: boolean }} about @param {string[]} args */
const playwright = (about, ...args) => {
  const config = ['--config', 'tests/e2e/playwright.config.ts']
  // At night all of them run: what fits is then asked at every narrow width (tests/e2e/pages/fit.ts). Those that are left
  // out of the usual run are counted there: tests/e2e/support/fixtures.ts.
  return suite(about, [tool('playwright', 'cli.js'), 'test', ...config, ...args], engine?.env)
}

/**
 * What runs one after the other, and what beside what. Engines' tests make and remove networks, at which Chromium drops
 * its requests: they and the browsers' tests have turns of their own. What needs neither fills what a turn leaves.
 * @type {(() => Promise<Results>)[][]}
 */
const turns = [
  [() => vitest({ title: 'Integration tests' }, '--project=integration')],
  [
    () => playwright({ title: 'Journeys in a browser' }, '--project=pages'),
    () => vitest({ title: 'Tests in a browser', beside: true }, '--project=desktop'),
  ],
  [
    () =>
      playwright(
        { title: 'Journeys with containers' },
        '--project=containers',
        '--no-deps',
        '--output=test-results/containers',
      ),
    () => vitest({ title: 'Unit tests', beside: true }, '--project=unit'),
  ],
]

function print(/** @type {{ name: string, message: string }} */ { name, message }) {
  const words = stripVTControlCharacters(message).trim().split('\n').slice(0, 12).join('\n    ')
  console.log(`- ${name}\n    ${words}`)
}

/** A larger share of tests that passed at the second try only fails the run. */
const mostFlaky = 0.01

/** @param {Results[]} parts */
function report(parts) {
  const failed = parts.flatMap((part) => part.failed)
  const skipped = parts.flatMap((part) => part.skipped)
  const flaky = parts.flatMap((part) => part.flaky ?? [])
  const passed = parts.reduce((sum, part) => sum + part.passed, 0)
  const told = parts.flatMap((part) => part.told ?? [])
  if (flaky.length > passed * mostFlaky) {
    const message = `${flaky.length} of ${passed} tests passed at the second try only: more than ${mostFlaky * 100} %`
    failed.push({ name: 'tests that need a second try', message })
  }
  if (told.length > 0) heading('Counted')
  for (const line of told) console.log(line)
  if (skipped.length > 0) heading('Skipped')
  for (const { name, reason } of skipped) console.log(`- ${name}\n    ${reason || 'no reason given'}`)
  if (flaky.length > 0) heading('Passed at the second try')
  for (const failure of flaky) print(failure)
  if (failed.length > 0) heading('Failed')
  for (const failure of failed) print(failure)
  const leftOut = parts.reduce((sum, part) => sum + (part.leftOut ?? 0), 0)
  if (leftOut > 0) console.log(`\n${leftOut} long tests run at night, by npm run test:long.`)
  const counts = [`${passed} passed`, `${failed.length} failed`]
  if (skipped.length > 0) counts.push(`${skipped.length} skipped`)
  console.log(`\n${counts.join(', ')}`)
  return failed.length === 0
}

const startedAt = performance.now()
/** @type {Results[]} */
const parts = []
/** @type {Awaited<ReturnType<typeof docker>> | undefined} */
let engine
try {
  heading('Browser')
  try {
    console.log(prepareBrowser())
  } catch (error) {
    parts.push(failure('a browser for the tests', error instanceof Error ? error.message : String(error)))
  }
  if (!interrupted) {
    // By whoever asks for all but the long tests.
    const checking = which === 'short' ? check() : undefined
    const building = build()
    engine = await docker()
    parts.push(await building)
    const checked = await checking
    if (checked) {
      heading('Checks')
      console.log(checked.says.trim())
      parts.push(checked)
    }
  }
  for (const turn of turns) {
    if (interrupted) break
    parts.push(...(await Promise.all(turn.map((step) => step()))))
  }
} finally {
  await engine?.stop()
  rmSync(scratch, { recursive: true, force: true })
}
if (interrupted) parts.push(failure('the test run', 'it was interrupted'))
heading(`Results after ${Math.round((performance.now() - startedAt) / 1000)} s`)
process.exitCode = report(parts) ? 0 : 1
