import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Table } from '../row'
import { ask, cookiesOf, form } from '../talk'
import { all, needs, type ComfyuiRow, type ComfyuiWorld } from './world'

const stats = '/system_stats'
const passwordFile = ({ folder }: ComfyuiWorld) => path.join(folder ?? '', 'login', 'PASSWORD')

const signIn = ({ url, webPassword }: ComfyuiWorld) =>
  ask(url, { path: '/login', ...form({ username: 'regie', password: webPassword ?? '' }) })

const status = async (url: string, headers: Record<string, string>) => (await ask(url, { path: stats, headers })).status

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

const sessions: readonly ComfyuiRow[] = [
  {
    what: 'the right password opens a session, in which a malformed header does not matter',
    async play(world, check) {
      const answer = await signIn(world)
      check.answer('POST /login', answer, {
        status: 302,
        headers: { location: '/', 'set-cookie': /^AIOHTTP_SESSION="?[\w=-]+"?; HttpOnly; Path=\/$/ },
        text: '302: Found',
      })
      const cookie = cookiesOf(answer)
      check.same('with the cookie', await status(world.url, { cookie, authorization: 'Bearer' }), 200)
      check.answer('the page, signed in', await ask(world.url, { path: '/login', headers: { cookie } }), {
        status: 302,
        headers: { location: '/' },
      })
    },
  },
  {
    what: 'signing out ends the session of that browser, and no other',
    async play(world, check) {
      const cookie = cookiesOf(await signIn(world))
      const out = await ask(world.url, { path: '/logout', headers: { cookie } })
      check.answer('GET /logout', out, { status: 302, headers: { location: '/login' } })
      check.same('with what it gave', await status(world.url, { cookie: cookiesOf(out) }), 401)
      check.same('with a copy from before', await status(world.url, { cookie }), 200)
    },
  },
  {
    what: 'a forged cookie is no session',
    async play(world, check) {
      const cookie = `AIOHTTP_SESSION=${'gAAAAAB'.padEnd(120, 'A')}`
      check.same('with it', await status(world.url, { cookie }), 401)
    },
  },
  {
    what: 'a file that is replaced while the service runs changes nothing before its next start',
    skip: all(needs.token, needs.folder),
    async play(world, check) {
      const before = await readFile(passwordFile(world))
      try {
        await writeFile(passwordFile(world), '$2b$04$another\nregie')
        check.same('the old token', await status(world.url, bearer(world.token ?? '')), 200)
        check.same('the new one', await status(world.url, bearer('$2b$04$another')), 401)
        check.answer('the old password', await signIn(world), { status: 302, headers: { location: '/' } })
      } finally {
        await writeFile(passwordFile(world), before)
      }
    },
  },
  {
    what: 'sessions survive a change of the token and a restart, and end with the key file',
    skip: all(needs.token, needs.folder, needs.restart),
    restarts: 3,
    async play(world, check) {
      const cookie = cookiesOf(await signIn(world))
      const before = await readFile(passwordFile(world))
      const [, ...rest] = before.toString('utf8').split('\n')
      const changed = '$2b$04$CCCCCCCCCCCCCCCCCCCCCuZJH1oW8G8sWmRpb8m2pPzB0HfQv1r4m'
      try {
        await writeFile(passwordFile(world), [changed, ...rest].join('\n'))
        await world.restart?.()
        check.same('the old token', await status(world.url, bearer(world.token ?? '')), 401)
        check.same('the new one', await status(world.url, bearer(changed)), 200)
        check.same('the old session', await status(world.url, { cookie }), 200)
        await rm(path.join(world.folder ?? '', 'custom_nodes', 'ComfyUI-Login', '.secret-key.txt'))
        await world.restart?.()
        check.same('the old session under a new key', await status(world.url, { cookie }), 401)
      } finally {
        await writeFile(passwordFile(world), before)
        await world.restart?.()
      }
    },
  },
]

const nameless: readonly ComfyuiRow[] = [
  {
    what: 'signing in to a file without a name writes that file, and empties it when no name comes along',
    skip: all(needs.token, needs.folder, needs.restart),
    restarts: 2,
    async play(world, check) {
      const before = await readFile(passwordFile(world))
      const hash = world.token ?? ''
      try {
        await writeFile(passwordFile(world), hash)
        await world.restart?.()
        const page = await ask(world.url, { path: '/login' })
        check.answer('the page', page, { status: 200, text: /Please also set a username\./ })
        const password = world.webPassword ?? ''
        check.answer('without a name', await ask(world.url, { path: '/login', ...form({ password }) }), { status: 500 })
        check.same('the file then', await readFile(passwordFile(world), 'utf8'), '')
        check.answer('with a name', await signIn(world), { status: 302, headers: { location: '/' } })
        check.same('the file at last', await readFile(passwordFile(world), 'utf8'), `${hash}\nregie`)
      } finally {
        await writeFile(passwordFile(world), before)
        await world.restart?.()
      }
    },
  },
]

const first: readonly ComfyuiRow[] = [
  {
    what: 'a password without a name fails, leaves an empty file, and no password opens that',
    skip: needs.folder,
    async play(world, check) {
      try {
        check.answer('POST /login', await ask(world.url, { path: '/login', ...form({ password: 'first' }) }), {
          status: 500,
        })
        check.same('the file', await readFile(passwordFile(world), 'utf8'), '')
        const refused = await ask(world.url, { path: '/login', ...form({ username: 'regie', password: '' }) })
        check.answer('POST /login once more', refused, {
          status: 302,
          headers: { location: '/login?wrong_password=1' },
        })
        check.same('an empty token', (await ask(world.url, { path: `${stats}?token=` })).status, 200)
      } finally {
        await rm(passwordFile(world), { force: true })
      }
    },
  },
  {
    what: 'the first password is anybody’s to set, and its token works at once',
    skip: all(needs.webPassword, needs.folder),
    async play(world, check) {
      const answer = await signIn(world)
      check.answer('POST /login', answer, { status: 302, headers: { location: '/' } })
      const [hash = '', name] = (await readFile(passwordFile(world), 'utf8')).split('\n')
      check.like('the file', { hash, name }, { hash: /^\$2b\$12\$[./A-Za-z0-9]{53}$/, name: 'regie' })
      check.same('its token', await status(world.url, bearer(hash)), 200)
      check.same('an empty token', (await ask(world.url, { path: `${stats}?token=` })).status, 401)
      const page = await ask(world.url, { path: '/login' })
      check.answer('the page', page, { status: 200, text: /Welcome back, regie!/, without: /For your first login/ })
    },
  },
]

const changing = (rows: readonly ComfyuiRow[], skip: NonNullable<ComfyuiRow['skip']>): ComfyuiRow[] =>
  rows.map((row) => ({ ...row, changes: true, skip: all(skip, row.skip ?? (() => null)) }))

/** What changes who is let in. The first password comes last: after it the installation is another one. */
export const stateTables: readonly Table<ComfyuiWorld>[] = [
  {
    title: 'ComfyUI-Login: sessions and the file',
    rows: changing([...sessions, ...nameless], all(needs.login('set'), needs.webPassword, needs.noCors)),
  },
  { title: 'ComfyUI-Login: the first password', rows: changing(first, needs.login('unset')) },
]
