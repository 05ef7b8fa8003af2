import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { keychainService } from './launchd'
import type { Call, Unlock } from './plan'
import { openWithDpapi, taskFolder } from './scheduled-task'
import { credentialName } from './systemd'

/** How long the system may take to hand it over, in ms: a keychain may ask its owner. */
const patienceMs = 60_000

/** A passphrase is at most so long, in bytes of what is printed. */
const longest = 64 * 1024

export interface Asker {
  env: NodeJS.ProcessEnv
  home?: string
  user?: string
  run?: (call: Call) => Promise<string>
}

const runCall = async ({ file, args }: Call): Promise<string> =>
  (await promisify(execFile)(file, [...args], { timeout: patienceMs, maxBuffer: longest, windowsHide: true })).stdout

/** A passphrase as it is handed to the system's programs: they differ in what they do to letters, quotes and line ends. */
export const encodePassphrase = (passphrase: string): string => Buffer.from(passphrase, 'utf8').toString('base64')

function decode(kept: string): string {
  const text = kept.trim()
  if (text === '' || !/^[\w+/]+=*$/.test(text)) throw new Error('what is kept there was not written by Regie')
  return Buffer.from(text, 'base64').toString('utf8')
}

/**
 * The passphrase as the system keeps it for an unattended start; null for `none`. Throws an Error that says what the
 * system said, with no part of the passphrase.
 */
export async function readPassphrase(unlock: Unlock, asker: Asker): Promise<string | null> {
  const { env, home = os.homedir(), user = os.userInfo().username, run = runCall } = asker
  switch (unlock) {
    case 'none':
      return null
    case 'systemd-credential': {
      const folder = env['CREDENTIALS_DIRECTORY']
      if (!folder) throw new Error('systemd has given this start no credential')
      return decode(await readFile(path.join(folder, credentialName), 'utf8'))
    }
    case 'keychain':
      return decode(
        await run({
          file: '/usr/bin/security',
          args: ['find-generic-password', '-a', user, '-s', keychainService, '-w'],
        }),
      )
    case 'dpapi': {
      const sealed = path.win32.join(taskFolder(home, env), 'passphrase.dpapi')
      return decode(await run(openWithDpapi(sealed, env['SystemRoot'] || String.raw`C:\Windows`)))
    }
  }
}
