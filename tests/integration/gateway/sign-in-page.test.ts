import { chromium, type Browser, type Page } from 'playwright'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { annasPassword, startAdmittedDoor } from '../../support/admitted-door'
import { misuses } from '../../support/axe'
import { chromiumLaunchOptions } from '../../support/browser.mjs'
import { startUpstream } from '../../support/front-door'
import { testPeople } from '../../support/people'

/** What reached the service, as method and path. */
const reached: string[] = []
let at: Awaited<ReturnType<typeof testPeople>>
let upstream: Awaited<ReturnType<typeof startUpstream>>
let door: Awaited<ReturnType<typeof startAdmittedDoor>>
let browser: Browser
/** The gateway by a name of its own: cookies know names, and no ports. */
let gateway: string

beforeAll(async () => {
  at = await testPeople()
  upstream = await startUpstream((request, response) => {
    reached.push(`${request.method} ${request.url}`)
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>a service</title><h1>Inside</h1>')
  })
  door = await startAdmittedDoor(at, upstream)
  gateway = `http://localhost:${door.port}`
  browser = await chromium.launch(chromiumLaunchOptions())
}, 120_000)
beforeEach(() => void reached.splice(0))
afterAll(async () => {
  await browser.close()
  await door[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
  await at.remove()
})

/** A page that somebody else serves, under a name of the host. */
async function pageOf(name: string, html: string) {
  const server = await startUpstream((_, response) =>
    response.setHeader('content-type', 'text/html').end(`<!doctype html>${html}`),
  )
  return { ...server, url: `http://${name}:${server.port}/` }
}

async function signIn(page: Page) {
  await page.goto(`${gateway}/`)
  await page.getByLabel('Username').fill('Anna')
  await page.getByLabel('Password', { exact: true }).last().fill(annasPassword)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Inside' }).waitFor()
}

it('is gone through by keyboard, without scripts, and leads on to what was asked for', async () => {
  await using context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`${gateway}/view?a=1`)
  expect(await page.title()).toBe('Sign in to qwen')

  await page.keyboard.type('anna')
  await page.keyboard.press('Tab')
  await page.keyboard.type('wrong horse')
  await page.keyboard.press('Enter')
  await page.getByText('This name and password are not accepted.').waitFor()
  // The name is still there, and the cursor where the password goes.
  expect(await page.getByLabel('Username').inputValue()).toBe('anna')
  await page.keyboard.type(annasPassword)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Inside' }).waitFor()
  expect(page.url()).toBe(`${gateway}/view?a=1`)

  await page.goto(`${gateway}/_regie/signout`)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByText('You are signed out.').waitFor()
  // The other way in, chosen with an arrow key.
  await page.getByRole('radio', { name: 'Password' }).focus()
  await page.keyboard.press('ArrowRight')
  await page.getByLabel('Access key').last().fill(door.key)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Inside' }).waitFor()
})

it('fits a phone and 200 % zoom, and has nothing that axe objects to, light and dark', async () => {
  await using context = await browser.newContext({ locale: 'fr' })
  const page = await context.newPage()
  await page.goto(`${gateway}/`)
  expect(await page.title()).toBe('Se connecter à qwen')
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await misuses(page)).toEqual([])
  }
  for (const width of [390, 195]) {
    await page.setViewportSize({ width, height: 422 })
    expect(await page.evaluate('document.documentElement.scrollWidth'), `${width} px`).toBe(width)
  }
})

it('lets who is signed in in from a link of another site, and no further than the start page', async () => {
  await using context = await browser.newContext()
  const page = await context.newPage()
  await signIn(page)
  await using elsewhere = await pageOf(
    '127.0.0.1',
    `<a href="${gateway}/">start</a> <a href="${gateway}/manager/reboot">reboot</a>`,
  )
  await page.goto(elsewhere.url)
  await page.getByRole('link', { name: 'start' }).click()
  await page.getByRole('heading', { name: 'Inside' }).waitFor()
  await page.goto(elsewhere.url)
  await page.getByRole('link', { name: 'reboot' }).click()
  await page.getByRole('heading', { name: 'Sign in to qwen' }).waitFor()
  expect(reached).not.toContain('GET /manager/reboot')
})

it('lends nothing to a page on another port of the host', async () => {
  await using context = await browser.newContext()
  const page = await context.newPage()
  await signIn(page)
  reached.splice(0)
  await using neighbour = await pageOf(
    'localhost',
    `<title>trying</title><img src="${gateway}/image" id="image"><iframe src="${gateway}/" id="frame"></iframe>
    <form method="post" action="${gateway}/prompt"><button>post</button></form>
    <form method="post" action="${gateway}/_regie/signout"><button>out</button></form>
    <a href="${gateway}/manager/reboot">reboot</a>
    <script>
      const socket = new WebSocket('${gateway.replace('http', 'ws')}/ws')
      const asked = fetch('${gateway}/fetched', { credentials: 'include', mode: 'no-cors' })
      Promise.allSettled([asked, new Promise((done) => { socket.onclose = socket.onopen = done })]).then(() => (document.title = 'tried'))
    </script>`,
  )
  await page.goto(neighbour.url)
  await page.waitForFunction(() => document.title === 'tried')
  for (const name of ['post', 'out']) {
    await page.goto(neighbour.url)
    await page.getByRole('button', { name }).click()
    await page.waitForURL(`${gateway}/**`)
  }
  await page.goto(neighbour.url)
  await page.getByRole('link', { name: 'reboot' }).click()
  await page.waitForURL(`${gateway}/manager/reboot`)
  expect(reached).toEqual([])

  await page.goto(`${gateway}/still`)
  await page.getByRole('heading', { name: 'Inside' }).waitFor()
  expect(reached).toContain('GET /still')
})
