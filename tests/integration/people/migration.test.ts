import { hash } from 'bcryptjs'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { PeopleFile } from '../../../electron/people/record'
import { dataPaths } from '../../../electron/storage/paths'
import { bundlePanelPrograms, pageHeaders, startPanel, type RunningPanel } from '../../support/panel'

// A folder as Regie 0.6.0 left it: two passwords in the configuration, a session of each role, preferences of each.

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let folder: string
let running: RunningPanel
const passwords = { admin: 'the admin’s password', user: 'everybody’s password' }
const halves = { admin: { id: 'a'.repeat(43), key: 'b'.repeat(43) }, user: { id: 'c'.repeat(43), key: 'd'.repeat(43) } }
const sha = (text: string) => createHash('sha256').update(text).digest('hex')

beforeAll(async () => {
  programs = await bundlePanelPrograms()
  folder = await mkdtemp(path.join(os.tmpdir(), 'regie-migrated-'))
  const put = (name: string, content: object) => writeFile(path.join(folder, name), JSON.stringify(content))
  await put('format.json', { format: 5, version: '0.6.0' })
  await put('config.json', {
    access: {
      passwords: { admin: await hash(passwords.admin, 4), user: await hash(passwords.user, 4) },
      autoLockMinutes: 30,
    },
    preferences: { user: { language: 'fr', theme: 'light', welcomed: true } },
  })
  const session = (role: 'admin' | 'user') => ({
    [sha(halves[role].id)]: {
      ...{ role, account: role, expiresAt: Date.now() + 3600_000, locked: false, page: sha(halves[role].key) },
      ...{ since: 1, lastUsedAt: 1, from: '10.0.0.7', client: 'a browser' },
    },
  })
  await put('sessions.json', { sessions: { ...session('admin'), ...session('user') } })
  running = await startPanel({ ...programs, dataFolder: folder, demo: false })
})
afterAll(async () => {
  await running.stop()
  await programs.remove()
  await rm(folder, { recursive: true, force: true })
})

const ask = async (headers: Record<string, string>, at: string, body?: object) => {
  const response = await fetch(new URL(`api/v1/${at}`, running.url), {
    method: body ? 'POST' : 'GET',
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  return (await response.json()) as unknown
}
const config = async () => JSON.parse(await readFile(path.join(folder, 'config.json'), 'utf8')) as unknown

it('the two passwords become accounts, and stand in the configuration no more', async () => {
  const { people } = PeopleFile.parse(JSON.parse(await readFile(dataPaths(folder).people, 'utf8')))

  expect(people.map(({ id, name, role, password }) => [id, name, role, password?.slice(0, 7)])).toEqual([
    ['admin', 'Admin', 'admin', '$2b$04$'],
    ['user', 'User', 'user', '$2b$04$'],
  ])
  expect(await config()).toMatchObject({ access: { autoLockMinutes: 30 } })
  expect(JSON.stringify(await config())).not.toContain('$2b$')
})

it('what it changes was copied away before', async () => {
  const { beforeUpdate } = dataPaths(folder)
  const [copy = ''] = await readdir(beforeUpdate)
  const copied = await readFile(path.join(beforeUpdate, copy, 'config.json'), 'utf8')

  expect(copied).toContain('$2b$04$')
})

it.each(['admin', 'user'] as const)(
  'as %s: session, sign-in by role and by account, and preferences go on',
  async (role) => {
    const headers = pageHeaders(running.url, { id: halves[role].id, pageKey: `${halves[role].key}.` })
    expect(await ask(headers, 'session')).toMatchObject({ role, account: role, passwords: { admin: true, user: true } })
    for (const proof of [{ role }, { account: role }])
      expect(await ask({}, 'session', { ...proof, password: passwords[role] })).toMatchObject({ role, account: role })
    const { language } = z.object({ language: z.string() }).parse(await ask(headers, 'me/preferences'))
    expect(language).toBe(role === 'user' ? 'fr' : 'system')
  },
)

it('a second start changes nothing of it', async () => {
  const before = await readFile(dataPaths(folder).people, 'utf8')
  await running.stop()
  running = await startPanel({ ...programs, dataFolder: folder, demo: false })

  const ids = (text: string) => PeopleFile.parse(JSON.parse(text)).people.map(({ id, password }) => [id, password])
  expect(ids(await readFile(dataPaths(folder).people, 'utf8'))).toEqual(ids(before))
})

it('without one of the two its password is set for nobody', async () => {
  expect((await running.rest('DELETE', 'users/user')).status).toBe(200)

  for (const [method, at] of [
    ['PUT', 'access/passwords/user'],
    ['POST', 'access/passwords/user/remove'],
  ] as const) {
    const { status, body } = await running.rest(method, at, method === 'PUT' ? { password: 'a new password' } : {})
    expect([status, body]).toMatchObject([404, { data: { problem: 'user.not-found' } }])
  }
})

it('a file that cannot be read lets in nobody but who owns the machine, and is told', async () => {
  const { key } = z.object({ key: z.string() }).parse((await running.rest('POST', 'keys', { name: 'script' })).body)
  await running.stop()
  const { people } = dataPaths(folder)
  const broken = (await readFile(people, 'utf8')).slice(0, -20)
  await writeFile(people, broken)
  running = await startPanel({ ...programs, dataFolder: folder, demo: false })

  const refused = await ask({}, 'session', { account: 'admin', password: passwords.admin })
  expect(refused).toMatchObject({ status: 503, data: { problem: 'people.unreadable' } })
  expect(await ask({ authorization: `Bearer ${key}` }, 'session')).toMatchObject({ role: null })
  expect(await ask({}, 'session', { token: running.sessions.issueOneTimeToken() })).toMatchObject({ role: 'admin' })
  expect((await running.rest('GET', 'about')).body).toMatchObject({
    notices: expect.arrayContaining([expect.objectContaining({ problem: 'people.unreadable' })]) as unknown,
  })
  for (const [method, at, body] of [
    ['GET', 'users'],
    ['POST', 'users', { id: 'anna', name: 'Anna', role: 'user' }],
    ['PUT', 'access/passwords/admin', { password: 'a new password' }],
  ] as const)
    expect([at, (await running.rest(method, at, body)).status]).toEqual([at, 503])
  expect(await readFile(people, 'utf8')).toBe(broken)
})
