import type { Browser, Page } from 'playwright'
import type { HeadlessPanel } from '../../support/headless'
import { asStranger, must, openFor, signInWith, watchedPage, type Trial } from './browsing'

/** As much of ComfyUI's own page as is used here (https://docs.comfy.org/custom-nodes/js/javascript_objects_and_hijacking). */
interface ComfyPage {
  /** Not there while the page is being loaded. */
  app?: {
    graph?: object
    api?: {
      clientId?: string
      addEventListener: (type: string, take: () => void) => void
      fetchApi: (path: string, init?: RequestInit) => Promise<Response>
      storeUserData: (file: string, data: object) => Promise<Response>
      getUserData: (file: string) => Promise<Response>
    }
    loadApiJson: (graph: object, name: string) => void
    queuePrompt: (number: number) => Promise<unknown>
    nodeOutputs?: Record<string, { images?: Record<string, string>[] }>
  }
  seen: string[]
}

/** Where it is, and ComfyUI-Login's token; null: it has no login. */
export interface ComfyuiOfPages {
  url: string
  token: string | null
}

/** A picture of one colour, without a model. */
const tiny = {
  '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 255 } },
  '2': { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
}

// What the page's functions are called on is known to the page alone: the casts say which of it is meant.

const isLoaded = () => {
  const { app } = globalThis as unknown as ComfyPage
  // The name comes with the first message of its WebSocket.
  return app?.graph !== undefined && Boolean(app.api?.clientId)
}

const isDrawn = () => (globalThis as unknown as ComfyPage).app?.graph !== undefined

const queue = async (graph: object) => {
  const here = globalThis as unknown as ComfyPage
  here.seen = []
  for (const type of ['execution_start', 'executing', 'executed', 'execution_success', 'execution_error'])
    here.app?.api?.addEventListener(type, () => here.seen.push(type))
  here.app?.loadApiJson(graph, 'tiny')
  await here.app?.queuePrompt(0)
}

const hasEnded = () => (globalThis as unknown as ComfyPage).seen.some((type) => /success|error/.test(type))

const outcome = async () => {
  const { app, seen } = globalThis as unknown as ComfyPage
  const image = Object.values(app?.nodeOutputs ?? {}).flatMap(({ images }) => images ?? [])[0]
  const picture = await app?.api?.fetchApi(`/view?${new URLSearchParams(image)}`)
  const history = await app?.api?.fetchApi('/history')
  const jobs = Object.keys((await history?.json()) as object).length
  return { seen: seen.join(' '), type: picture?.headers.get('content-type') ?? '', status: picture?.status ?? 0, jobs }
}

const keep = async () => {
  const { api } = (globalThis as unknown as ComfyPage).app ?? {}
  const stored = await api?.storeUserData('workflows/regie.json', { a: 1 })
  const read = await api?.getUserData('workflows/regie.json')
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 8
  const body = new FormData()
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve))
  if (blob) body.append('image', blob, 'regie-small.png')
  const sent = await api?.fetchApi('/upload/image', { method: 'POST', body })
  return [stored?.status, read?.status, await read?.text(), sent?.status].join(' ')
}

async function work(page: Page, faults: () => string[], { attempt }: Trial, usual: readonly string[]): Promise<void> {
  await attempt('its page loads whole, and its WebSocket is open', async () => {
    await page.waitForFunction(isLoaded, undefined, { timeout: 180_000 })
    await page.waitForLoadState('networkidle')
    const wrong = faults().filter((fault) => !usual.includes(fault))
    must(wrong.length === 0, wrong.join('; '))
    return page.title()
  })
  await attempt('a workflow is queued in the page, told as it runs, and its picture is shown', async () => {
    await page.evaluate(queue, tiny)
    await page.waitForFunction(hasEnded, undefined, { timeout: 120_000 })
    const { seen, type, status, jobs } = await page.evaluate(outcome)
    must(
      seen.includes('executed execution_success') && status === 200 && type === 'image/png',
      `${seen}; ${status} ${type}`,
    )
    return `${seen}; ${jobs} in the history`
  })
  await attempt('a workflow is stored and read again, and a picture uploaded', async () => {
    const told = await page.evaluate(keep)
    must(told === '200 200 {"a":1} 200', told)
    return told
  })
}

/** What goes wrong in the page without a gateway too: files that a fresh installation lacks, and faults of its own. */
async function usualFaults(browser: Browser, { url, token }: ComfyuiOfPages): Promise<string[]> {
  const { page, faults, close } = await watchedPage(browser, url)
  if (token !== null) await page.setExtraHTTPHeaders({ authorization: `Bearer ${token}` })
  await page.goto(url)
  await page.waitForFunction(isDrawn, undefined, { timeout: 180_000 })
  await page.waitForLoadState('networkidle')
  const usual = faults()
  await close()
  return usual
}

/** A running ComfyUI, opened in a browser through the gateway of a panel by a person's key. */
export async function tryComfyui(
  panel: HeadlessPanel,
  browser: Browser,
  access: ComfyuiOfPages,
  trial: Trial,
): Promise<void> {
  console.log(`=== ComfyUI at ${access.url} in a browser, through the gateway`)
  const { client } = panel
  const usual = await usualFaults(browser, access)
  if (access.token !== null)
    await client.credentials.create({ id: 'real', scheme: 'comfyui-login', token: access.token, sinks: [] })
  const { url, keyOf } = await openFor(
    panel,
    {
      ...{ id: 'real', kind: 'comfyui', runtime: 'external', url: access.url },
      ...(access.token !== null && { credentialId: 'real' }),
    },
    [
      { id: 'maya', name: 'Maya', role: 'user' },
      { id: 'jonas', name: 'Jonas', role: 'user' },
    ],
  )
  const { page, faults, close } = await watchedPage(browser, url)
  await trial.attempt('a stranger sees the gateway’s sign-in page alone', () => asStranger(page, url, faults))
  await signInWith(page, url, keyOf('maya'))
  await work(page, faults, trial, usual)
  await trial.attempt('another person sees nothing of it', async () => {
    const answer = await fetch(`${url}/history`, { headers: { authorization: `Bearer ${keyOf('jonas')}` } })
    const text = await answer.text()
    must(text === '{}', `${answer.status} ${text.slice(0, 100)}`)
  })
  await close()
}
