import { spawn, spawnSync } from 'node:child_process'
import { accessSync, constants, chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { once } from 'node:events'
import type { PreparedCompose } from './compose-two'

const python = '/usr/bin/python3'
const server = path.join(import.meta.dirname, 'warm-compose.py')
const cache = path.resolve(import.meta.dirname, '../../../node_modules/.cache/regie-compose-1')

/** Where the loaded `docker-compose` listens; tests that clear a program's environment leave it in. */
export const warmCompose = 'REGIE_TEST_COMPOSE_ONE'

const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`

/** The Python program that Debian calls docker-compose, if this machine has it: no other can be loaded beforehand. */
function debianProgram(): string | null {
  const found = spawnSync('which', ['docker-compose'], { encoding: 'utf8' }).stdout.trim()
  if (process.platform !== 'linux' || found === '') return null
  try {
    accessSync(python, constants.X_OK)
    return readFileSync(found, 'utf8').startsWith(`#!${python}\n`) ? found : null
  } catch {
    return null
  }
}

/**
 * Loads `docker-compose` 1.29 once for all tests, see warm-compose.py: nothing else differs from calling it. Where there is
 * none of Debian's, or it does not load, the tests call what is there.
 */
export async function prepareComposeOne(): Promise<PreparedCompose & { stop: () => void }> {
  const program = debianProgram()
  if (program === null) return { env: {}, says: '', stop: () => undefined }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'regie-compose-1-'))
  const socket = path.join(folder, 'calls')
  const child = spawn(python, [server, 'serve', program, socket], { stdio: ['pipe', 'pipe', 'ignore'] })
  const stop = () => {
    child.stdin.destroy()
    rmSync(folder, { recursive: true, force: true })
  }
  const [line] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as unknown[]
  if (!Buffer.isBuffer(line)) {
    stop()
    return { env: {}, says: `docker-compose could not be loaded beforehand.`, stop: () => undefined }
  }
  mkdirSync(cache, { recursive: true })
  const shim = path.join(cache, 'docker-compose')
  const call = `exec ${python} -ISE ${quoted(server)} call ${quoted(program)} "$${warmCompose}" "$@"`
  writeFileSync(shim, `#!/bin/sh\n[ -S "$${warmCompose}" ] && ${call}\nexec ${quoted(program)} "$@"\n`)
  chmodSync(shim, 0o755)
  const env = { [warmCompose]: socket, PATH: `${cache}${path.delimiter}${process.env['PATH'] ?? ''}` }
  return { env, says: 'docker-compose is loaded once.', stop }
}
