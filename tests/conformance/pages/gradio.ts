import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Browser, Page } from 'playwright'
import type { HeadlessPanel } from '../../support/headless'
import { queueTables } from '../forge/queue'
import type { ForgeWorld } from '../forge/world'
import { runTables } from '../play'
import { createReport } from '../report'
import { ask, cookiesOf, form } from '../talk'
import { asStranger, must, openFor, signInWith, watchedPage, type Trial } from './browsing'

/** What Forge pins, and what these need beside, as it was at that time; each finds there what was installed before. */
export const gradioPackages = [
  ...['pydantic==2.8.2', 'starlette==0.27.0', 'fastapi==0.104.1', 'numpy==1.26.4', 'pillow==10.4.0'],
  ...['huggingface_hub==0.25.2', 'gradio_client==1.2.0', 'gradio==4.40.0'],
]

const account = { username: 'admin', password: 'a-word-for-this-page' }

/** Starts the page of `gradio_app.py`; answers where it listens. */
async function startPage(python: string) {
  const file = path.join(import.meta.dirname, 'gradio_app.py')
  const child = spawn(python, [file], {
    env: {
      ...process.env,
      ...{ PAGE_USER: account.username, PAGE_PASSWORD: account.password },
      ...{ GRADIO_ANALYTICS_ENABLED: 'False', NO_PROXY: '127.0.0.1,localhost', no_proxy: '127.0.0.1,localhost' },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const found = /^at (http:\S+?)\/?$/m.exec((said += text))?.[1]
      if (found !== undefined) resolve(found)
    })
    // What Gradio writes of each stream that breaks off is of no interest; why it does not start is.
    let wrong = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (wrong = (wrong + text).slice(-2000)))
    child.once('exit', (code) => reject(new Error(`the page ended with ${code}: ${wrong}`)))
  })
  return {
    url,
    async stop() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Asks the rows of the line; how many differ. */
async function askRows(name: string, url: string, headers: Record<string, string>): Promise<number> {
  console.log(`=== Gradio 4.40.0 ${name}`)
  const facts = { api: 'off', pages: 'open', model: false, neo: false } as const
  const world: ForgeWorld = {
    ...{ url, facts, account: null, headers: () => headers, basic: () => ({}) },
    secrets: Object.values(headers),
  }
  const report = createReport((line) => console.log(line), world.secrets)
  for await (const line of runTables(queueTables, world, { allowChanges: true, timeoutMs: 60_000 })) report.add(line)
  report.end()
  return report.counts.differs
}

/** What a person does on the page. */
async function work(page: Page, faults: () => string[], { attempt }: Trial): Promise<void> {
  const told = page.getByLabel('Info')
  await attempt('the page loads whole', async () => {
    await page.getByRole('button', { name: 'Generate' }).waitFor({ timeout: 60_000 })
    const wrong = faults()
    must(wrong.length === 0, wrong.join('; '))
  })
  await attempt('a picture is uploaded', async () => {
    const answered = page.waitForResponse((answer) => answer.url().includes('/upload'))
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles(path.join(import.meta.dirname, '../clients/square.png'))
    must((await answered).ok(), `answered ${(await answered).status()}`)
  })
  await attempt('a job is told step by step, and its picture is shown', async () => {
    await page.getByLabel('Prompt').fill('a fox')
    const streamed = page.waitForResponse((answer) => answer.url().includes('/queue/data'))
    await page.getByRole('button', { name: 'Generate' }).click()
    must((await streamed).ok(), `the stream answered ${(await streamed).status()}`)
    const step = await page.getByText(/\d\/5/).first().textContent({ timeout: 20_000 })
    await page.waitForFunction(() =>
      Array.from(document.querySelectorAll('textarea')).some((one) => / steps, /.test(one.value)),
    )
    const text = await told.inputValue()
    must(/^a fox: 5 steps, upload \d+ x \d+$/.test(text), text)
    const picture = page.locator('img[src*="/file="]').last()
    await picture.waitFor()
    const width = await picture.evaluate((one) => (one instanceof HTMLImageElement ? one.naturalWidth : 0))
    must(width > 0, `the picture is ${width} wide`)
    const wrong = faults()
    must(wrong.length === 0, wrong.join('; '))
    return `${step?.trim() ?? ''}; ${text}`
  })
}

/** The Gradio that Forge is built on, asked and opened in a browser, through the gateway of a panel by a person's key. */
export async function tryGradio(panel: HeadlessPanel, browser: Browser, python: string, trial: Trial): Promise<number> {
  const app = await startPage(python)
  try {
    const cookie = cookiesOf(await ask(app.url, { path: '/login', ...form(account) }))
    let differing = await askRows('by itself', app.url, { cookie })
    await panel.client.credentials.create({ id: 'gradio', scheme: 'basic', ...account, sinks: [] })
    const service = { id: 'gradio', kind: 'forge', runtime: 'external', url: app.url, credentialId: 'gradio' } as const
    const { url, keyOf } = await openFor(panel, service, [{ id: 'chief', name: 'Chief', role: 'admin' }])
    const key = keyOf('chief')
    differing += await askRows('through the gateway', url, { authorization: `Bearer ${key}` })
    console.log('=== Gradio 4.40.0 in a browser, through the gateway')
    const { page, faults, close } = await watchedPage(browser, url)
    await trial.attempt('a stranger sees the gateway’s sign-in page alone', () => asStranger(page, url, faults))
    await signInWith(page, url, key)
    await work(page, faults, trial)
    await close()
    return differing
  } finally {
    await app.stop()
  }
}
