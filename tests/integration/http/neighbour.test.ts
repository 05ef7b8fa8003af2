import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { chromium, type Browser } from 'playwright'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../../../electron/build.mjs'
import { chromiumLaunchOptions } from '../../support/browser.mjs'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { until } from '../../support/until'

let running: RunningPanel
let browser: Browser
let bundle: Awaited<ReturnType<typeof bundlePanelPrograms>>

beforeAll(async () => {
  await ensureBuilt()
  bundle = await bundlePanelPrograms()
  const renderer = path.resolve(import.meta.dirname, '../../../dist/renderer')
  running = await startPanel({ programs: { ...bundle.programs, renderer } })
  browser = await chromium.launch(chromiumLaunchOptions())
}, 180_000)

afterAll(async () => {
  await browser.close()
  await running.stop()
  await bundle.remove()
})

/** Another program that serves pages on a port of the same host, keeps what a browser sends it, and sets its cookies. */
async function neighbour(set: string[] = []) {
  const cookies: string[] = []
  const server = createServer((request, response) => {
    cookies.push(request.headers.cookie ?? '')
    response.setHeader('set-cookie', set)
    response.end('<!doctype html><title>a node</title>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on TCP
  return { url: `http://127.0.0.1:${port}/`, cookies, stop: () => new Promise((resolve) => server.close(resolve)) }
}

/** Has one image made, so that there is one to be shown. */
async function oneImage(): Promise<void> {
  await running.rest('POST', 'services/comfyui-demo/start')
  const params = { prompt: 'a lighthouse', steps: 1, width: 64, height: 64 }
  const { body } = await running.rest('POST', 'generations', { serviceId: 'comfyui-demo', params })
  const { id } = body as { id: string }
  await until('an image', async () => {
    const { body } = await running.rest('GET', `generations/${id}`)
    return (body as { state: string }).state === 'succeeded'
  })
}

const at = (to: string) => new URL(to, running.url)

/** Whether a WebSocket with these headers is answered as somebody who is signed in. */
async function overSocket(headers: Record<string, string>): Promise<boolean> {
  const socket = new WebSocket(at('/rpc/ws').href.replace('http', 'ws'), { origin: at('/').origin, headers })
  await once(socket, 'open')
  socket.send(JSON.stringify({ i: '1', p: { u: '/services/list', b: {} } }))
  const [answer] = (await once(socket, 'message')) as [Buffer]
  socket.terminate()
  return !answer.toString().includes('session.required')
}

describe('a server on another port of the same host', () => {
  it('is sent the panel’s cookie, and can do nothing with it', async () => {
    const other = await neighbour()
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(at(`/signin?token=${running.sessions.issueOneTimeToken()}`).href)
    await page.getByRole('heading', { level: 1 }).waitFor()

    await page.goto(other.url)
    const cookie = other.cookies.find((text) => text.includes('regie_session_')) ?? ''
    expect(cookie).not.toBe('')

    const headers = { cookie }
    for (const to of ['/api/v1/services', '/api/v1/generations', '/api/v1/images/none', '/api/v1/events'])
      expect((await fetch(at(to), { headers })).status, to).toBe(401)
    // Nor can it sign its owner out.
    await fetch(at('/api/v1/session'), { method: 'DELETE', headers })
    await page.goto(running.url)
    await page.getByText('comfyui-demo').first().waitFor()
    const made = await fetch(at('/api/v1/services'), {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ id: 'shell', kind: 'comfyui', runtime: 'process', url: 'http://127.0.0.1:1' },
        process: { command: '/bin/sh', args: ['-c', 'id'] },
      }),
    })
    expect(made.status).toBe(401)
    expect(await overSocket(headers)).toBe(false)
    for (const half of ['', 'x'.repeat(43)]) expect(await overSocket({ ...headers, 'x-regie-page': half })).toBe(false)
    await context.close()
    await other.stop()
  })

  it('leaves the session to its owner: after a reload, in a second tab, and with the images', async () => {
    await oneImage()
    const other = await neighbour()
    const context = await browser.newContext()
    const page = await context.newPage()
    const refused: string[] = []
    context.on('response', (response) => {
      if (response.status() === 401) refused.push(response.url())
    })
    await page.goto(at(`/signin?token=${running.sessions.issueOneTimeToken()}`).href)
    await page.goto(other.url)
    await page.goto(running.url)
    await page.getByText('comfyui-demo').first().waitFor()
    expect(page.url()).not.toContain('session=')

    const second = await context.newPage()
    await second.goto(`${running.url}#/gallery`)
    const image = second.locator('img[src*="/api/v1/images/"]').first()
    await image.waitFor()
    await until('the image to be shown', () => image.evaluate((element: HTMLImageElement) => element.naturalWidth > 0))
    expect(refused).toEqual([])
    await context.close()
    await other.stop()
  })

  it('cannot plant the session that its owner signs in with, nor lead them out of it', async () => {
    const name = `regie_session_${at('/').port}`
    const planted = 'p'.repeat(43)
    const other = await neighbour(['/', '/rpc', '/api'].map((path) => `${name}=${planted}; Path=${path}; HttpOnly`))
    const context = await browser.newContext()
    const page = await context.newPage()
    const stored = () => page.evaluate(() => localStorage.getItem('regie-session'))
    const isIn = () => page.getByText('comfyui-demo').first().waitFor()
    await page.goto(other.url)
    // A page that was led to with a half of somebody’s choice keeps none that the panel does not know.
    const foreign = `${running.url}#session=${'k'.repeat(43)}.${'v'.repeat(32)}`
    await page.goto(foreign)
    await page.getByRole('heading', { name: 'Sign in to Regie' }).waitFor()
    expect(await stored()).toBeNull()

    await page.goto(at(`/signin?token=${running.sessions.issueOneTimeToken()}`).href)
    await isIn()
    const mine = await stored()
    const cookies = await context.cookies(at('/').href)
    expect(cookies.filter(({ path }) => path === '/').map(({ value }) => value)).not.toContain(planted)
    expect(running.sessions.identify(planted, { key: mine?.split('.')[0] ?? '' })).toBeNull()

    for (const address of ['about:blank', foreign]) await page.goto(address)
    await isIn()
    expect(await stored()).toBe(mine)
    expect(page.url()).not.toContain('session=')
    await context.close()
    await other.stop()
  })

  it('is given no key of an image by the address of the page, which carries none', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const link = at(`/signin?token=${running.sessions.issueOneTimeToken()}`).href
    await page.goto(link)
    await until('the half to be taken out of the address', () => !page.url().includes('session='))
    const key = await page.evaluate(() => localStorage.getItem('regie-session') ?? '')
    const [half = '', view = ''] = key.split('.')
    const [cookie] = await context.cookies()
    const headers = { cookie: `${cookie?.name ?? ''}=${cookie?.value ?? ''}` }

    // The key in the address of an image opens images of this session, and nothing else.
    const status = async (to: string, more = {}) => (await fetch(at(to), { headers: { ...headers, ...more } })).status
    expect(await status(`/api/v1/images/none?view=${view}`)).toBe(404)
    expect(await status(`/api/v1/images/none?view=${'x'.repeat(32)}`)).toBe(401)
    expect(await status(`/api/v1/inputs/none?view=${view}`)).not.toBe(401)
    expect(await status(`/api/v1/inputs/none?view=${'x'.repeat(32)}`)).toBe(401)
    expect(await status(`/api/v1/services?view=${view}`)).toBe(401)
    expect(await status('/api/v1/services', { 'x-regie-page': view })).toBe(401)
    expect(await status('/api/v1/services', { 'x-regie-page': half })).toBe(200)
    await context.close()
  })
})
