import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CommandFailure, exits } from '../../../electron/command/exits'
import { changeProfiles, profilesFile, readProfiles, type Profile } from '../../../electron/command/profiles'
import { checkKey, findTarget, isInTheClear, type Aim } from '../../../electron/command/target'
import { lockDataFolder, type FolderLock } from '../../../electron/storage/folder-lock'
import { dataPaths } from '../../../electron/storage/paths'
import { temporaryFolder } from '../../support/programs'
import { machine } from '../../support/machine'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder('regie-target')
})
afterEach(async () => {
  for (const lock of locks.splice(0)) lock.release()
  await folder[Symbol.asyncDispose]()
})
const locks: FolderLock[] = []

const noAim: Aim = { url: undefined, profile: undefined, ca: undefined, data: undefined }
const here = (env: NodeJS.ProcessEnv = {}) => machine({ env, home: folder.path }).place
const find = (aim: Partial<Aim>, env: NodeJS.ProcessEnv = {}) => findTarget({ ...noAim, ...aim }, here(env))
const save = (profiles: Record<string, Profile>) => changeProfiles(here(), () => profiles)
const work = { url: 'https://panel.example', key: 'rk_work', ca: null }

/** A panel of this machine, as its data folder tells of it. */
function localPanel(link?: string) {
  const data = path.join(folder.path, 'data')
  mkdirSync(data, { recursive: true })
  const lock = lockDataFolder(dataPaths(data).lock)
  lock.announce('http://127.0.0.1:7420/')
  locks.push(lock)
  if (link !== undefined) writeFileSync(path.join(data, 'signin.link'), link)
  return data
}

describe('the panel that is meant', () => {
  it('is the one of the environment, with its key', async () => {
    const env = { REGIE_URL: 'https://panel.example/', REGIE_KEY: 'rk_x' }
    expect(await find({}, env)).toMatchObject({ url: 'https://panel.example', key: 'rk_x', ca: null })
  })

  it('is the one that is named, before all others', async () => {
    await save({ default: work })
    const env = { REGIE_URL: 'https://other.example', REGIE_KEY: 'rk_x' }
    expect(await find({ url: 'http://127.0.0.1:9000' }, env)).toMatchObject({ url: 'http://127.0.0.1:9000' })
  })

  it('is that of the usual profile, and of another where it is named', async () => {
    await save({ default: work, lab: { url: 'http://127.0.0.1:1', key: 'rk_lab', ca: null } })
    expect(await find({})).toMatchObject({ url: work.url, key: 'rk_work' })
    expect(await find({ profile: 'lab' })).toMatchObject({ url: 'http://127.0.0.1:1', key: 'rk_lab' })
    expect(await find({}, { REGIE_PROFILE: 'lab' })).toMatchObject({ key: 'rk_lab' })
    for (const profile of ['none', 'constructor', '__proto__'])
      await expect(find({ profile })).rejects.toMatchObject({ key: 'failure.noProfile' })
  })

  it('is that of this machine, by the link that signs in, where nothing else is said', async () => {
    const data = localPanel('http://127.0.0.1:7420/signin?token=once\n')
    const target = await find({ data })
    expect(target).toMatchObject({ url: 'http://127.0.0.1:7420', key: null })
    expect(await target.linkToken()).toBe('once')
    writeFileSync(path.join(data, 'signin.link'), 'http://127.0.0.1:7420/signin?token=next\n')
    expect(await target.linkToken()).toBe('next')
  })

  it('is nowhere where none runs', async () => {
    await expect(find({ data: path.join(folder.path, 'empty') })).rejects.toMatchObject({
      ...{ exit: exits.unreachable, key: 'failure.noPanel' },
    })
  })

  it.each(['panel.example', 'ftp://panel.example', 'https://anna:secret@panel.example', 'https://panel.example/regie'])(
    'is not at %s, which is refused without being repeated',
    async (url) => {
      const refused = await find({ url }, { REGIE_KEY: 'rk_x' }).catch((error: unknown) => error)
      expect(refused).toMatchObject({ exit: exits.usage, key: 'usage.url', params: {} })
    },
  )

  it('needs the certificates that are named', async () => {
    const aim = { url: work.url, ca: path.join(folder.path, 'none.pem') }
    await expect(find(aim, { REGIE_KEY: 'rk_x' })).rejects.toMatchObject({ key: 'usage.ca' })
    writeFileSync(aim.ca, 'PEM')
    expect(await find(aim, { REGIE_KEY: 'rk_x' })).toMatchObject({ ca: 'PEM' })
    expect(await find({ url: work.url }, { REGIE_KEY: 'rk_x', REGIE_CA: aim.ca })).toMatchObject({ ca: 'PEM' })
  })
})

describe('a key', () => {
  it('goes to no other panel than the one that it was saved for', async () => {
    await save({ default: work })
    await expect(find({ url: 'https://other.example' })).rejects.toMatchObject({ key: 'failure.noKey' })
    await expect(find({}, { REGIE_URL: 'http://panel.example' })).rejects.toMatchObject({ key: 'failure.noKey' })
    const both = find({ url: 'https://other.example', profile: 'default' })
    await expect(both).rejects.toMatchObject({ exit: exits.usage, key: 'usage.otherProfile' })
  })

  it('of the environment goes to no panel of a profile that is named: that is taken whole', async () => {
    await save({ default: work, lab: { url: 'http://127.0.0.1:1', key: 'rk_lab', ca: null } })
    const env = { REGIE_URL: work.url, REGIE_KEY: 'rk_x', REGIE_CA: '/nonexistent.pem' }
    expect(await find({ profile: 'lab' }, env)).toMatchObject({ url: 'http://127.0.0.1:1', key: 'rk_lab', ca: null })
    expect(await find({ profile: 'lab' }, { REGIE_KEY: '' })).toMatchObject({ key: 'rk_lab' })
  })

  it('that is empty in the environment ends the command: nobody else is signed in', async () => {
    const data = localPanel('http://127.0.0.1:7420/signin?token=once\n')
    await expect(find({ data }, { REGIE_KEY: '' })).rejects.toMatchObject({ key: 'failure.keyEmpty' })
  })

  it.each(['', 'two words', 'line\nbreak', 'clé', 'x'.repeat(513)])('is not “%s”, and is not repeated', (text) => {
    expect(() => checkKey(text)).toThrow(CommandFailure)
    try {
      checkKey(text)
    } catch (error) {
      expect(error).toMatchObject({ key: 'failure.keyShape', params: {} })
    }
  })

  it.each([
    ['http://panel.example', true],
    ['http://192.0.2.7:7420', true],
    ['http://127.0.0.1.example', true],
    ['https://panel.example', false],
    ['http://127.0.0.1:7420', false],
    ['http://[::1]:7420', false],
    ['http://localhost:7420', false],
  ])('sent to %s can be read on the way: %s', (url, isClear) => {
    expect(isInTheClear(url)).toBe(isClear)
  })
})

it('a panel of this machine that was killed is none: another program may have its address by now', async () => {
  const data = localPanel('http://127.0.0.1:7420/signin?token=once\n')
  const address = readFileSync(path.join(data, 'panel.address'))
  for (const lock of locks.splice(0)) lock.release()
  writeFileSync(path.join(data, 'panel.address'), address)
  await expect(find({ data })).rejects.toMatchObject({ key: 'failure.noPanel' })
})

describe('the saved keys', () => {
  it('of two commands at once are both kept', async () => {
    const names = Array.from({ length: 12 }, (_, n) => `profile-${n}`)
    await Promise.all(names.map((name) => changeProfiles(here(), (all) => ({ ...all, [name]: work }))))
    expect(Object.keys(await readProfiles(here())).sort()).toEqual([...names].sort())
  })

  it.skipIf(process.platform === 'win32')('lie in a file for their owner alone', async () => {
    await save({ default: work })
    const file = profilesFile(here())
    expect([statSync(file).mode & 0o777, statSync(path.dirname(file)).mode & 0o777]).toEqual([0o600, 0o700])
    expect(await readProfiles(here())).toEqual({ default: work })
  })

  it.skipIf(process.platform === 'win32')('are not used where others can read them', async () => {
    await save({ default: work })
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(profilesFile(here()), mode)
      await expect(find({})).rejects.toMatchObject({ exit: exits.unreachable, key: 'failure.profilesOpen' })
    }
  })

  it('are none where there is no file, and are not quoted where it is damaged', async () => {
    expect(await readProfiles(here())).toEqual({})
    await save({ default: work })
    const file = profilesFile(here())
    writeFileSync(file, readFileSync(file, 'utf8').replace('"url"', '"uri"'))
    const refused = await readProfiles(here()).catch((error: unknown) => error)
    expect(refused).toMatchObject({ key: 'failure.profilesUnreadable', params: { file } })
    expect(JSON.stringify(refused)).not.toContain('rk_work')
  })

  it.each([
    ['linux', {}, '/home/ann/.config/regie-cli/profiles.json'],
    ['linux', { XDG_CONFIG_HOME: '/conf' }, '/conf/regie-cli/profiles.json'],
    ['darwin', {}, '/home/ann/Library/Application Support/regie-cli/profiles.json'],
    ['win32', { APPDATA: String.raw`C:\Users\ann\Roaming` }, String.raw`C:\Users\ann\Roaming\regie-cli\profiles.json`],
  ] as const)('lie on %s with %j at %s', (platform, env, file) => {
    expect(profilesFile({ platform, env, home: '/home/ann' })).toBe(file)
  })
})
