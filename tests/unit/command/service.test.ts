import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runService, type Place } from '../../../electron/command/service'
import { passphraseKeeper } from '../../../electron/vault/keepers'
import { lockDataFolder } from '../../../electron/storage/folder-lock'
import { textOf } from '../../../electron/vault/vault-file'
import { temporaryFolder } from '../../support/programs'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let calls: string[]

beforeEach(async () => {
  folder = await temporaryFolder('regie-command')
  calls = []
})
afterEach(() => folder[Symbol.asyncDispose]())

/** A machine of this system on which a person types these lines. */
function machine({
  platform = 'linux',
  typed = '',
  systemd = 257,
}: { platform?: NodeJS.Platform; typed?: string; systemd?: number } = {}) {
  const said: string[] = []
  const place: Place = {
    ...{ platform, env: {}, home: folder.path, user: 'ann', uid: 1000, execPath: '/usr/bin/node', isElectron: false },
    built: '/opt/regie/dist/main',
    run: ({ file, args }) => {
      calls.push([file, ...args].join(' '))
      if (args.includes('--version'))
        return Promise.resolve({ code: 0, output: `systemd ${systemd} (${systemd}.1)\n+PAM` })
      if (file === 'systemd-creds') writeFileSync(args.at(-1) ?? '', 'sealed')
      return Promise.resolve({ code: 0, output: args.includes('status') ? 'Active: active (running)' : '' })
    },
    terminal: {
      input: Readable.from([typed]),
      out: (text) => said.push(text),
      err: (text) => said.push(text),
    },
  }
  return { place, said: () => said.join('') }
}

const data = () => path.join(folder.path, 'data')
const unit = () => path.join(folder.path, '.config/systemd/user/regie.service')
const install = (...more: string[]) => ['install', '--data', data(), ...more]

it('shows what it would write, and writes nothing until that is agreed to', async () => {
  const { place, said } = machine({ typed: '\n' })
  expect(await runService(install('--port', '7421'), place)).toBe(1)
  expect(said()).toContain(`Writes ${unit()}:`)
  expect(said()).toContain(
    `ExecStart="/usr/bin/node" "/opt/regie/dist/main/headless.js" "--data" "${data()}" "--port" "7421"`,
  )
  expect(said()).toContain('systemctl --user enable regie.service')
  expect([existsSync(unit()), calls]).toEqual([false, []])
})

it('installs, tells how it goes, and uninstalls', async () => {
  const { place, said } = machine({ typed: 'y\n' })
  expect(await runService(install(), place)).toBe(0)
  expect(readFileSync(unit(), 'utf8')).toContain('"--unattended" "none"')
  expect(await runService(['status'], place)).toBe(0)
  expect(said()).toContain('active (running)')
  expect(await runService(['uninstall', '--yes'], place)).toBe(0)
  expect(existsSync(unit())).toBe(false)
  expect(await runService(['status'], place)).toBe(1)
})

it('only shows with --print', async () => {
  const { place } = machine()
  expect(await runService(install('--print'), place)).toBe(0)
  expect(existsSync(unit())).toBe(false)
})

/** A data folder whose vault this passphrase opens. */
async function makeVault(passphrase: string) {
  const dataKey = randomBytes(32)
  const key = await passphraseKeeper(passphrase, 2 ** 14).wrap(dataKey)
  mkdirSync(data())
  const state = { generation: 1, at: null, audit: null, ownKey: true }
  writeFileSync(path.join(data(), 'vault.json'), textOf({ key, entries: new Map(), state, dataKey }))
}

it('keeps no passphrase that does not open the vault', async () => {
  await makeVault('right')
  const wrong = machine({ typed: 'wrong\n' })
  await expect(runService(install('--yes', '--unlock', 'systemd-credential'), wrong.place)).rejects.toMatchObject({
    id: 'vault.wrong-key',
  })
  expect(existsSync(unit())).toBe(false)
  const right = machine({ typed: 'right\n' })
  expect(await runService(install('--yes', '--unlock', 'systemd-credential'), right.place)).toBe(0)
  expect(right.said()).not.toContain('right')
})

it.each([
  [{ systemd: 252 }, ['--unlock', 'systemd-credential', '--yes'], 'need systemd 256 or newer; here is 252'],
  [{}, ['--unlock', 'keychain'], '--unlock keychain is not of this system: take systemd-credential or none'],
  [{}, ['--unlock', 'file'], '--unlock takes one of systemd-credential, keychain, dpapi, none, not "file"'],
  [{}, ['--passphrase-file', 'x'], "Unknown option '--passphrase-file'"],
  [{}, ['--port', '99999'], '--port takes a number'],
  [{}, ['--data', '/tmp/a\nb'], 'line break'],
  [{ platform: 'freebsd' }, [], 'this system is none of them'],
  [{ platform: 'win32' }, ['--data', String.raw`C:\100%\x`], 'takes a % in a path'],
] as const)('refuses on %j the options %j', async (on, more, message) => {
  const { place } = machine(on)
  await expect(runService(['install', ...more], place)).rejects.toThrow(message)
  expect(existsSync(unit())).toBe(false)
})

it('refuses a data folder that another panel uses', async () => {
  mkdirSync(data())
  const lock = lockDataFolder(path.join(data(), 'panel.lock'))
  try {
    await expect(runService(install('--yes'), machine().place)).rejects.toMatchObject({ id: 'data-folder.in-use' })
  } finally {
    lock.release()
  }
})

it('prints the address that signs in, where a panel that the system started has left one', async () => {
  const { place, said } = machine()
  await expect(runService(['link', '--data', data()], place)).rejects.toThrow('No panel that the system has started')
  mkdirSync(data())
  writeFileSync(path.join(data(), 'signin.link'), 'http://127.0.0.1:7420/signin?token=x\n')
  expect(await runService(['link', '--data', data()], place)).toBe(0)
  expect(said()).toBe('http://127.0.0.1:7420/signin?token=x\n')
})
