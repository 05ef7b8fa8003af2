import bcrypt from 'bcryptjs'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { ask, comfyui, cookieOf, folder, form, token } from './support'

const bearer = (value: string) => ({ authorization: `Bearer ${value}` })

/** A guest's cookie, which only the GUEST_MODE file allows. */
async function guest(url: string, at: string) {
  writeFileSync(path.join(at, 'login', 'GUEST_MODE'), '')
  const answer = await ask(`${url}/login`, form({ guest_mode: '1', password: '' }))
  return { cookie: cookieOf(answer) }
}

// Who is let in where, row by row, is asked by tests/conformance/comfyui/login.ts.
describe('guests', () => {
  test('a guest who reads gets the truth, and one who acts gets an empty object and no effect', async () => {
    const at = folder({ 'login/PASSWORD': token })
    const { url } = await comfyui({ folder: at })
    const headers = await guest(url, at)
    expect((await ask(`${url}/internal/logs`, { headers })).text).toContain(token)
    const pretended = await ask(`${url}/interrupt`, { method: 'POST', headers })
    expect([pretended.status, pretended.text]).toEqual([200, '{}'])
    const real = await ask(`${url}/interrupt`, { method: 'POST', headers: bearer(token) })
    expect([real.status, real.text]).toEqual([200, ''])
    expect((await ask(`${url}/system_stats`, { headers: { ...headers, ...bearer(token) } })).status).toBe(200)
  })

  test('there is no guest cookie without the GUEST_MODE file', async () => {
    const { url } = await comfyui({ password: `${await bcrypt.hash('right', 4)}\nregie` })
    const answer = await ask(`${url}/login`, form({ guest_mode: '1', password: '' }))
    expect(answer.headers.get('location')).toBe('/login?wrong_password=1')
    expect(answer.headers.getSetCookie()).toEqual([])
  })
})

describe('signing in through the page', () => {
  test('the right password opens a session, in which not even a malformed header matters', async () => {
    const { url } = await comfyui({ password: `${await bcrypt.hash('right', 4)}\nregie` })
    const answer = await ask(`${url}/login`, form({ username: 'regie', password: 'right' }))
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/'])
    expect(answer.headers.getSetCookie()[0]).toMatch(/^AIOHTTP_SESSION=[\w=-]+; HttpOnly; Path=\/$/)
    const headers = { cookie: cookieOf(answer), authorization: 'Bearer' }
    expect((await ask(`${url}/system_stats`, { headers })).status).toBe(200)
  })

  test('a wrong password is sent back, and a missing one breaks the route', async () => {
    const { url } = await comfyui({ password: `${await bcrypt.hash('right', 4)}\nregie` })
    const wrong = await ask(`${url}/login`, form({ username: 'regie', password: 'wrong' }))
    expect([wrong.status, wrong.headers.get('location')]).toEqual([302, '/login?wrong_password=1'])
    expect((await ask(`${url}/login`, form({ username: 'regie' }))).status).toBe(500)
    expect((await ask(`${url}/login`, form({ password: 'right' }))).status).toBe(302)
  })

  test('the first password is anybody’s to set, and its token works at once', async () => {
    const at = folder()
    const { url } = await comfyui({ folder: at })
    expect((await ask(`${url}/login`)).text).toContain('For your first login')
    const answer = await ask(`${url}/login`, form({ username: 'regie', password: 'first' }))
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/'])
    const [hash = '', username] = readFileSync(path.join(at, 'login', 'PASSWORD'), 'utf8').split('\n')
    expect(username).toBe('regie')
    expect(hash).toMatch(/^\$2[aby]\$12\$[./A-Za-z0-9]{53}$/)
    expect((await ask(`${url}/system_stats`, { headers: bearer(hash) })).status).toBe(200)
    expect((await ask(`${url}/login`)).text).toContain('Welcome back, regie!')
  })

  test('setting a password without a name fails and leaves an empty file, which no password opens', async () => {
    const at = folder()
    const { url } = await comfyui({ folder: at })
    expect((await ask(`${url}/login`, form({ password: 'first' }))).status).toBe(500)
    expect(readFileSync(path.join(at, 'login', 'PASSWORD'), 'utf8')).toBe('')
    const refusedLogin = await ask(`${url}/login`, form({ username: 'regie', password: '' }))
    expect(refusedLogin.headers.get('location')).toBe('/login?wrong_password=1')
    expect((await ask(`${url}/system_stats?token=`)).status).toBe(200)
  })

  test('a name is added to a file that has none', async () => {
    const hash = await bcrypt.hash('right', 4)
    const at = folder({ 'login/PASSWORD': hash })
    const { url } = await comfyui({ folder: at })
    await ask(`${url}/login`, form({ username: 'regie', password: 'right' }))
    expect(readFileSync(path.join(at, 'login', 'PASSWORD'), 'utf8')).toBe(`${hash}\nregie`)
  })

  test('signing out ends the session of that browser', async () => {
    const { url } = await comfyui({ password: `${await bcrypt.hash('right', 4)}\nregie` })
    const cookie = cookieOf(await ask(`${url}/login`, form({ password: 'right' })))
    const out = await ask(`${url}/logout`, { headers: { cookie } })
    expect([out.status, out.headers.get('location')]).toEqual([302, '/login'])
    expect((await ask(`${url}/system_stats`, { headers: { cookie: cookieOf(out) } })).status).toBe(401)
  })

  test('sessions survive a restart with the same key, and a forged cookie is no session', async () => {
    const at = folder({ 'login/PASSWORD': `${await bcrypt.hash('right', 4)}\nregie` })
    const first = await comfyui({ folder: at })
    const cookie = cookieOf(await ask(`${first.url}/login`, form({ password: 'right' })))
    await first.close()
    const second = await comfyui({ folder: at })
    expect((await ask(`${second.url}/system_stats`, { headers: { cookie } })).status).toBe(200)
    rmSync(path.join(at, 'custom_nodes'), { recursive: true })
    const third = await comfyui({ folder: at })
    expect((await ask(`${third.url}/system_stats`, { headers: { cookie } })).status).toBe(401)
  })
})

describe('what line 1 of PASSWORD may be', () => {
  test('Windows line ends work for the token and break the form', async () => {
    const hash = await bcrypt.hash('right', 4)
    const { url } = await comfyui({ password: `${hash}\r\nregie\r\n` })
    expect((await ask(`${url}/system_stats`, { headers: bearer(hash) })).status).toBe(200)
    const answer = await ask(`${url}/login`, form({ username: 'regie', password: 'right' }))
    expect(answer.headers.get('location')).toBe('/login?wrong_password=1')
  })

  test('plain text is the token, and breaks the form', async () => {
    const { url } = await comfyui({ password: 'plain\nregie\n' })
    expect((await ask(`${url}/system_stats`, { headers: bearer('plain') })).status).toBe(200)
    expect((await ask(`${url}/login`, form({ password: 'plain' }))).status).toBe(500)
  })

  test('a token with a blank only fits into the query', async () => {
    const { url } = await comfyui({ password: 'two words' })
    expect((await ask(`${url}/system_stats?token=two%20words`)).status).toBe(200)
    expect((await ask(`${url}/system_stats`, { headers: bearer('two words') })).status).toBe(500)
  })

  test('an old PASSWORD file is moved to its new place', async () => {
    const at = folder({ PASSWORD: token })
    const { url } = await comfyui({ folder: at })
    expect((await ask(`${url}/system_stats`, { headers: bearer(token) })).status).toBe(200)
    expect([existsSync(path.join(at, 'PASSWORD')), existsSync(path.join(at, 'login', 'PASSWORD'))]).toEqual([
      false,
      true,
    ])
  })
})

describe('when the token is read', () => {
  test('a replaced file changes nothing before the next start', async () => {
    const at = folder({ 'login/PASSWORD': 'old' })
    const running = await comfyui({ folder: at })
    writeFileSync(path.join(at, 'login', 'PASSWORD'), 'new')
    expect((await ask(`${running.url}/system_stats`, { headers: bearer('old') })).status).toBe(200)
    expect((await ask(`${running.url}/system_stats`, { headers: bearer('new') })).status).toBe(401)
    await running.close()
    const restarted = await comfyui({ folder: at })
    expect((await ask(`${restarted.url}/system_stats`, { headers: bearer('old') })).status).toBe(401)
    expect((await ask(`${restarted.url}/system_stats`, { headers: bearer('new') })).status).toBe(200)
  })

  test('after the file is deleted the old token still works, and anybody may claim the server', async () => {
    const at = folder({ 'login/PASSWORD': 'old' })
    const { url } = await comfyui({ folder: at })
    rmSync(path.join(at, 'login', 'PASSWORD'))
    expect((await ask(`${url}/system_stats`, { headers: bearer('old') })).status).toBe(200)
    const claimed = await ask(`${url}/login`, form({ username: 'x', password: 'mine' }))
    expect((await ask(`${url}/system_stats`, { headers: { cookie: cookieOf(claimed) } })).status).toBe(200)
  })

  test('the token is printed in the log at each start', async () => {
    const { log, url } = await comfyui({ password: token })
    expect(log.lines().map(({ m }) => m)).toContain(`For direct API calls, use token=${token}\n`)
    expect((await ask(`${url}/internal/logs`, { headers: bearer(token) })).json).toContain(`token=${token}`)
  })
})

describe('states in which the server is open', () => {
  test('without custom nodes nothing is guarded', async () => {
    const { url } = await comfyui({ folder: folder({ 'login/PASSWORD': token }), withoutLogin: true })
    expect((await ask(`${url}/system_stats`)).status).toBe(200)
    expect((await ask(`${url}/login`)).status).toBe(404)
  })

  test('a malformed key file ends the import, and the server goes on unprotected', async () => {
    const at = folder({ 'login/PASSWORD': token, 'custom_nodes/ComfyUI-Login/.secret-key.txt': 'no comma' })
    const { url, log } = await comfyui({ folder: at })
    expect((await ask(`${url}/system_stats`)).status).toBe(200)
    expect(log.lines().some(({ m }) => m.includes('(IMPORT FAILED)'))).toBe(true)
  })
})

describe('the exempt suffixes', () => {
  test('strangers can write, read, rename and delete user data', async () => {
    const { url } = await comfyui({ password: token })
    for (const prefix of ['', '/api']) {
      const data = `${url}${prefix}/userdata`
      expect((await ask(`${data}/a.js`, { body: 'mine' })).status).toBe(200)
      expect((await ask(`${data}/a.js`)).text).toBe('mine')
      await ask(`${data}/secret.json`, { body: 'workflow', headers: bearer(token) })
      expect((await ask(`${data}/secret.json`)).status).toBe(401)
      expect((await ask(`${data}/secret.json/move/leak.js`, { method: 'POST' })).status).toBe(200)
      expect((await ask(`${data}/leak.js`)).text).toBe('workflow')
      expect((await ask(`${data}/a.js`, { method: 'DELETE' })).status).toBe(204)
      expect((await ask(`${data}/a.js`)).status).toBe(404)
    }
  })

  test.each([
    ['/object_info/x.js', 200],
    ['/history/x.ico', 200],
    ['/models/x.css', 404],
  ])('%s runs its harmless handler', async (target, status) => {
    const { url } = await comfyui({ password: token })
    expect((await ask(`${url}${target}`)).status).toBe(status)
  })
})

describe('with a specific CORS origin', () => {
  test('the token only counts together with that origin', async () => {
    const cors = 'https://app.example'
    const { url } = await comfyui({ password: token, cors })
    const status = async (origin?: string) =>
      (await ask(`${url}/system_stats`, { headers: { ...bearer(token), ...(origin ? { origin } : {}) } })).status
    expect(await status()).toBe(401)
    expect(await status('https://other.example')).toBe(401)
    expect(await status(cors)).toBe(200)
  })

  test('with any origin allowed the token works as usual', async () => {
    const { url } = await comfyui({ password: token, cors: '*' })
    const answer = await ask(`${url}/system_stats`, { headers: bearer(token) })
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
  })
})
