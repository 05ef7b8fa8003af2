import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { install, planFor, readPassphrase, uninstall, type Plan, type Run } from '../../../electron/unattended'
import { temporaryFolder } from '../../support/programs'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let calls: string[]
let plan: Plan

const launch = { file: '/usr/bin/node', args: ['/opt/regie/headless.js'], env: {} }
const planned = () =>
  planFor('systemd', {
    ...{
      launch,
      dataFolder: '/data',
      unlock: 'systemd-credential',
      home: folder.path,
      user: 'ann',
      uid: 1000,
      env: {},
    },
  })

/** A system that seals by writing down what it was given, and whose call with this word fails. */
const systemThat =
  (fails = ''): Run =>
  ({ file, args }, input) => {
    calls.push([file, ...args.slice(0, 3)].join(' '))
    if (fails !== '' && [file, ...args].includes(fails)) return Promise.resolve({ code: 1, output: 'it says no' })
    if (file === 'systemd-creds') writeFileSync(args.at(-1) ?? '', `sealed ${input}`)
    return Promise.resolve({ code: 0, output: '' })
  }

beforeEach(async () => {
  folder = await temporaryFolder('regie-service')
  calls = []
  plan = planned()
})
afterEach(() => folder[Symbol.asyncDispose]())

const sealed = () => readFileSync(plan.sealedFile ?? '', 'utf8')

describe('installing', () => {
  it('seals, writes, and has the system start it', async () => {
    await install(plan, 'päss "word"', systemThat())
    expect(calls).toEqual([
      'systemd-creds encrypt --user --name=regie-passphrase',
      'systemctl --user daemon-reload',
      'systemctl --user enable regie.service',
      'systemctl --user restart regie.service',
    ])
    expect(readFileSync(plan.file.path, 'utf8')).toBe(plan.file.content)
    expect(sealed()).toBe(`sealed ${Buffer.from('päss "word"').toString('base64')}`)
  })

  it.each(['systemd-creds', 'daemon-reload', 'restart'])('leaves nothing where %s fails', async (program) => {
    await expect(install(plan, 'secret-1', systemThat(program))).rejects.toThrow('it says no')
    expect(existsSync(plan.file.path)).toBe(false)
    expect(existsSync(plan.sealedFile ?? '')).toBe(false)
  })

  it('says in its failure nothing of the passphrase', async () => {
    const error: unknown = await install(plan, 'secret-1', systemThat('systemd-creds')).catch(
      (thrown: unknown) => thrown,
    )
    expect(String(error)).not.toContain('secret-1')
    expect(String(error)).not.toContain(Buffer.from('secret-1').toString('base64'))
  })

  it('puts a former installation back where the new one fails', async () => {
    await install(plan, 'first', systemThat())
    const before = [readFileSync(plan.file.path, 'utf8'), sealed()]
    const other = planFor('systemd', {
      ...{ launch: { ...launch, args: ['/elsewhere.js'] }, dataFolder: '/data', unlock: 'systemd-credential' },
      ...{ home: folder.path, user: 'ann', uid: 1000, env: {} },
    })
    await expect(install(other, 'second', systemThat('restart'))).rejects.toThrow('it says no')
    expect([readFileSync(plan.file.path, 'utf8'), sealed()]).toEqual(before)
    expect(calls.at(-1)).toBe('systemctl --user restart regie.service')
  })

  it("never writes over a file that is somebody else's", async () => {
    mkdirSync(path.dirname(plan.file.path), { recursive: true })
    writeFileSync(plan.file.path, '[Unit]\n')
    await expect(install(plan, 'secret', systemThat())).rejects.toThrow('was not written by Regie')
    await expect(uninstall(plan, systemThat())).rejects.toThrow('was not written by Regie')
    expect(readFileSync(plan.file.path, 'utf8')).toBe('[Unit]\n')
    expect(calls).toEqual([])
  })

  it('never takes the place of a scheduled task that Regie did not make', async () => {
    const task = planFor('task-scheduler', {
      ...{ launch, dataFolder: 'C:\\data', unlock: 'none', home: folder.path, user: 'DESK\\Ann', uid: 0, env: {} },
    })
    const system: Run = ({ args }) =>
      Promise.resolve({ code: 0, output: args.includes('/Query') ? '<Task>other</Task>' : '' })
    await expect(
      install({ ...task, file: { ...task.file, path: path.join(folder.path, 'task.xml') } }, null, system),
    ).rejects.toThrow('a task named Regie that Regie did not make')
  })
})

describe('uninstalling', () => {
  it('removes what was written, and nothing else', async () => {
    const neighbour = path.join(path.dirname(plan.file.path), 'other.service')
    await install(plan, 'secret', systemThat())
    writeFileSync(neighbour, '')
    expect(await uninstall(plan, systemThat())).toBe(true)
    expect([existsSync(plan.file.path), existsSync(plan.sealedFile ?? ''), existsSync(neighbour)]).toEqual([
      false,
      false,
      true,
    ])
  })

  it('does nothing where nothing is installed', async () => {
    expect(await uninstall(plan, systemThat())).toBe(false)
    expect(calls).toEqual([])
  })
})

describe('the passphrase of an unattended start', () => {
  const kept = Buffer.from('päss "word"\n ').toString('base64')
  const asked: string[] = []
  const run = ({ file, args }: { file: string; args: readonly string[] }) => {
    asked.push([file, ...args].join(' '))
    return Promise.resolve(`${kept}\n`)
  }

  it('comes from the credential that systemd hands over', async () => {
    writeFileSync(path.join(folder.path, 'regie-passphrase'), kept)
    const env = { CREDENTIALS_DIRECTORY: folder.path }
    expect(await readPassphrase('systemd-credential', { env })).toBe('päss "word"\n ')
    await expect(readPassphrase('systemd-credential', { env: {} })).rejects.toThrow('no credential')
  })

  it("comes from the owner's keychain", async () => {
    expect(await readPassphrase('keychain', { env: {}, user: 'ann', run })).toBe('päss "word"\n ')
    expect(asked.at(-1)).toBe('/usr/bin/security find-generic-password -a ann -s Regie vault -w')
  })

  it('comes from DPAPI', async () => {
    const env = { APPDATA: String.raw`C:\Users\Ann\AppData\Roaming` }
    expect(await readPassphrase('dpapi', { env, home: String.raw`C:\Users\Ann`, run })).toBe('päss "word"\n ')
    const script = Buffer.from(asked.at(-1)?.split(' ').at(-1) ?? '', 'base64').toString('utf16le')
    expect(script).toContain(String.raw`ReadAllBytes('C:\Users\Ann\AppData\Roaming\Regie service\passphrase.dpapi')`)
  })

  it('is none where none is kept, and an error where something else is', async () => {
    expect(await readPassphrase('none', { env: {} })).toBeNull()
    await expect(readPassphrase('keychain', { env: {}, run: () => Promise.resolve('not base64!') })).rejects.toThrow(
      'not written by Regie',
    )
  })
})
