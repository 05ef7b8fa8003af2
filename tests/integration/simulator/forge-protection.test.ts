import { describe, expect, test } from 'vitest'
import { until } from '../../support/until'
import { account, ask, cookieOf, folder, forge, form } from './support'

const basic = (username: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
})

const right = basic(account.username, account.password)

/** Gradio's cookie as a client on plain HTTP keeps it: the one that is not Secure. */
async function signIn(url: string, fields: Record<string, string> = account) {
  const answer = await ask(`${url}/login`, form(fields))
  const plain = answer.headers.getSetCookie().find((cookie) => cookie.includes('unsecure'))
  return { answer, headers: { cookie: (plain ?? '').split(';')[0] ?? '' } }
}

describe('who protects what', () => {
  test('the login page has the same status as the app, and tells itself apart', async () => {
    const { url } = await forge({ protect: 'gradio' })
    expect((await ask(url)).text).toContain('"auth_required":true')
    const { headers } = await signIn(url)
    expect((await ask(url, { headers })).text).not.toContain('auth_required')
  })

  test('wrong credentials are like none, and needless ones do no harm', async () => {
    const { url } = await forge({ protect: 'api' })
    expect((await ask(`${url}/sdapi/v1/options`, { headers: basic('regie', 'wrong') })).status).toBe(401)
    expect((await ask(`${url}/internal/ping`, { headers: basic('regie', 'wrong') })).status).toBe(200)
  })
})

describe('HTTP Basic', () => {
  test('the scheme may be written in any case', async () => {
    const { url } = await forge({ protect: 'api' })
    const headers = { authorization: right.authorization.replace('Basic', 'basic') }
    expect((await ask(`${url}/sdapi/v1/options`, { headers })).status).toBe(200)
  })
})

describe('gradio’s login', () => {
  test('the right account gets two cookies, one of which works on plain HTTP', async () => {
    const { url } = await forge({ protect: 'gradio' })
    const { answer, headers } = await signIn(url, { username: ' regie ', password: account.password })
    expect([answer.status, answer.json]).toEqual([200, { success: true }])
    const [secure, plain] = answer.headers.getSetCookie()
    expect(secure).toMatch(/^access-token-[\w-]+=[\w-]+; HttpOnly;.*SameSite=none; Secure$/)
    expect(plain).toMatch(/^access-token-unsecure-[\w-]+=[\w-]+; HttpOnly;/)
    expect((await ask(`${url}/config`, { headers })).status).toBe(200)
    expect((await ask(`${url}/config`, { headers: { cookie: cookieOf(answer) } })).status).toBe(200)
  })

  test('a wrong password, a missing field and a JSON body are refused in their own ways', async () => {
    const { url } = await forge({ protect: 'gradio' })
    const wrong = (await signIn(url, { username: 'regie', password: 'nope' })).answer
    expect([wrong.status, wrong.json]).toEqual([400, { detail: 'Incorrect credentials.' }])
    expect((await signIn(url, { username: 'regie' })).answer.status).toBe(422)
    expect((await ask(`${url}/login`, { body: account })).status).toBe(422)
  })

  test('without an account it leads to the app', async () => {
    const { url } = await forge({ protect: 'none' })
    const { answer } = await signIn(url)
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/'])
  })

  test('a restart ends every session', async () => {
    const first = await forge({ protect: 'gradio' })
    const { headers } = await signIn(first.url)
    await first.close()
    const second = await forge({ protect: 'gradio' })
    expect((await ask(`${second.url}/config`, { headers })).status).toBe(401)
  })

  test('signing out leads away and clears the cookies', async () => {
    const { url } = await forge({ protect: 'gradio' })
    const answer = await ask(`${url}/logout`)
    expect([answer.status, answer.headers.getSetCookie().every((cookie) => cookie.includes('Max-Age=0'))]).toEqual([
      302,
      true,
    ])
  })
})

describe('the account in .env', () => {
  test('is read at start only', async () => {
    const at = folder({ '.env': "# local\nFORGE_USER=regie\nFORGE_PASSWORD='pa$$ #word'\n" })
    const { url } = await forge({ folder: at, protect: 'both', account: null })
    expect((await ask(`${url}/sdapi/v1/options`, { headers: basic('regie', 'pa$$ #word') })).status).toBe(200)
  })

  test('must be there when protection is asked for', async () => {
    const missing = forge({
      folder: folder({ '.env': 'FORGE_USER=regie' }),
      protect: 'both',
      account: null,
    })
    await expect(missing).rejects.toThrow(/FORGE_USER and FORGE_PASSWORD are not both set/)
  })

  test.each(['with:colon', 'with,comma'])('a password %s kills the API and leaves the web page', async (password) => {
    const { url } = await forge({ protect: 'both', account: { username: 'regie', password } })
    expect((await ask(url)).status).toBe(200)
    for (const path of [
      '/sdapi/v1/options',
      '/sdapi/v1/loras',
      '/controlnet/module_list',
      '/sd_extra_networks/metadata',
    ])
      expect((await ask(`${url}${path}`)).status).toBe(404)
    // What was added before is there: that tells it from an API that is off.
    for (const path of ['/internal/ping', '/internal/pending-tasks'])
      expect((await ask(`${url}${path}`)).status).toBe(200)
    const alone = forge({ protect: 'api', nowebui: true, account: { username: 'regie', password } })
    await expect(alone).rejects.toThrow(/ValueError/)
  })

  test('gradio takes a colon in the password', async () => {
    const { url } = await forge({ protect: 'gradio', account: { username: 'regie', password: 'a:b' } })
    expect((await signIn(url, { username: 'regie', password: 'a:b' })).answer.status).toBe(200)
  })
})

describe('while it starts', () => {
  test('gradio listens before the API routes are there', async () => {
    const { url } = await forge({ behaviour: { apiRoutesDelayMs: 1000 } })
    expect([(await ask(url)).status, (await ask(`${url}/sdapi/v1/options`)).status]).toEqual([200, 404])
    await until('the routes', async () => (await ask(`${url}/sdapi/v1/options`)).status === 200)
    expect((await ask(`${url}/internal/ping`)).status).toBe(200)
  })
})

describe('cmd-flags', () => {
  test('shows the accounts in clear, and fails when a port was given', async () => {
    const { url } = await forge({ protect: 'gradio' })
    expect((await ask(`${url}/sdapi/v1/cmd-flags`)).json).toMatchObject({
      gradio_auth: 'regie:s3cret-word',
      api_auth: null,
    })
    const given = await forge({ portWasGiven: true })
    const answer = await ask(`${given.url}/sdapi/v1/cmd-flags`)
    // The failure holds every flag, in clear.
    expect([answer.status, answer.json]).toMatchObject([
      500,
      { error: 'ResponseValidationError', body: { api_auth: null, api: true } },
    ])
  })
})
