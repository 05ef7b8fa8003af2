import type { Browser, Page } from 'playwright'
import { freePort } from '../../support/ports'
import { until } from '../../support/until'
import type { HeadlessPanel } from '../../support/headless'

/** What was tried, and what came of it. */
export interface Tried {
  task: string
  ok: boolean
  detail: string
}

/** Runs each task, prints what came of it, and lets none end the others. */
export function createTrial(print: (line: string) => void, secrets: () => readonly string[]) {
  const tried: Tried[] = []
  const clean = (text: string) => secrets().reduce((left, secret) => left.replaceAll(secret, '[secret]'), text)
  return {
    failed: () => tried.filter(({ ok }) => !ok).length,
    /** `work` may tell what was seen. */
    attempt: async (task: string, work: () => Promise<string | undefined>): Promise<void> => {
      const one = await work().then(
        (detail = '') => ({ task, ok: true, detail }),
        (error: unknown) => ({ task, ok: false, detail: error instanceof Error ? error.message : String(error) }),
      )
      tried.push(one)
      print(clean(`${one.ok ? 'ok  ' : 'FAIL'} ${task}${one.detail && `: ${one.detail.slice(0, 600)}`}`))
    },
  }
}
export type Trial = ReturnType<typeof createTrial>

/** A gateway before a service that is added, and a key of a person's own for it. */
export async function openFor(
  { client }: HeadlessPanel,
  service: Parameters<HeadlessPanel['client']['services']['create']>[0],
  people: readonly { id: string; name: string; role: 'admin' | 'user' }[],
) {
  const port = await freePort()
  await client.services.create({ ...service, gateway: { enabled: true, host: '127.0.0.1', port, tls: 'off' } })
  const keys = new Map<string, string>()
  for (const { id, name, role } of people) {
    await client.users.create({ id, name, role })
    keys.set(id, (await client.keys.create({ userId: id, name: 'browser', services: [service.id] })).key)
  }
  const url = `http://127.0.0.1:${port}`
  await until('the gateway to listen', () =>
    fetch(url).then(
      () => true,
      () => false,
    ),
  )
  return { url, keyOf: (id: string) => keys.get(id) ?? '' }
}

/** A page that notes what went wrong in it: answers that refuse, errors of its scripts, requests that failed. */
export async function watchedPage(browser: Browser, url: string) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  const wrong: string[] = []
  // What a page fetches from elsewhere, fonts for one, is not the gateway's.
  const isOurs = (address: string) => address.startsWith(url) || address.startsWith(url.replace(/^http/, 'ws'))
  page.on('pageerror', (error) => wrong.push(`script: ${error.message}`))
  page.on('response', (answer) => {
    if (answer.status() >= 400 && isOurs(answer.url()))
      wrong.push(`${answer.status()} ${answer.url().slice(url.length)}`)
  })
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? ''
    // A page that goes on to the next ends what it still fetched.
    if (isOurs(request.url()) && why !== 'net::ERR_ABORTED') wrong.push(`${why} ${request.url().slice(url.length)}`)
  })
  return {
    page,
    /** What went wrong since it was asked last, once each. */
    faults: () => [...new Set(wrong.splice(0))],
    close: () => context.close(),
  }
}

/** Whoever shows nothing is asked for a key, and sees nothing of the service. */
export async function asStranger(page: Page, url: string, faults: () => string[]): Promise<undefined> {
  await page.goto(url)
  await page.locator('label[for="by-key"]').waitFor()
  const bare = await fetch(`${url}/`, { redirect: 'manual', headers: { accept: 'application/json' } })
  must(bare.status === 401, `a program is answered ${bare.status}`)
  faults() // being refused is what was to be seen
}

/** Signs in on the gateway's own page with a key, as a person does. */
export async function signInWith(page: Page, url: string, key: string): Promise<void> {
  await page.goto(url)
  await page.locator('label[for="by-key"]').click()
  await page.getByRole('textbox', { name: 'Access key' }).fill(key)
  await page.getByRole('button', { name: /^Sign in/ }).click()
}

/** Throws where something is not so, with what was found in its place. */
export function must(isSo: boolean, found: string): void {
  if (!isSo) throw new Error(found)
}
