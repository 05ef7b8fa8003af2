import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Locator } from 'playwright/test'
import type { LoadTestReport } from '../../shared/contract'
import { misuses } from '../support/axe'
import { replayedGpus } from '../support/headless'
import { temporaryFolder } from '../support/programs'
import { until } from '../support/until'
import { enter } from './pages/app'
import { expectFits } from './pages/fit'
import { expect, test } from './support/fixtures'

const id = 'comfyui-demo'
const plain = (value: number) => new Intl.NumberFormat('en').format(value)
const tenths = (value: number) =>
  new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value)
const duration = (ms: number) => (ms < 1000 ? `${plain(Math.round(ms))} ms` : `${tenths(ms / 1000)} s`)
/** A time within a test: in seconds, and of one of 20 s and more as a clock counts. */
function into(ms: number, elapsedMs: number): string {
  const whole = Math.round(ms / 1000)
  return elapsedMs < 20_000 ? duration(ms) : `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
const gib = (mib: number) => tenths(mib / 1024)
const seconds = (ms: number | undefined) => tenths((ms ?? Number.NaN) / 1000)

/** What of the figures stands on the page, in its order, as the report has it. */
function figuresOf({ figures }: LoadTestReport): string[] {
  const { done, errors, elapsedMs, perMinute, p50, p95, p99, vramMiB, vramTotalMiB } = figures
  const ended = done + errors
  const ratio = (of: typeof p50) => `${tenths((of?.ms ?? 0) / (p50?.ms ?? 1))} × p50`
  return [
    `Throughput${tenths(perMinute ?? Number.NaN)} images per minute${done} images in ${into(elapsedMs, elapsedMs)}`,
    `p50${seconds(p50?.ms)} sof ${done} images`,
    `p95${seconds(p95?.ms)} s${ratio(p95)}`,
    `p99${seconds(p99?.ms)} s${ratio(p99)}`,
    `Errors${errors} of ${ended}${tenths((100 * errors) / ended)} %`,
    `VRAM peak${gib(vramMiB ?? Number.NaN)} of ${gib(vramTotalMiB ?? 0)} GiB${gib((vramTotalMiB ?? 0) - (vramMiB ?? 0))} GiB spare`,
  ]
}

/** The same of each row of the latency, in words. */
function latencyOf({ figures }: LoadTestReport): string[] {
  const { p50, p90, p95, p99, worst } = figures
  return Object.entries({ p50, p90, p95, p99, Worst: worst }).map(
    ([name, of]) =>
      `${name}: ${duration(of?.ms ?? 0)}, of which ${duration(of?.queueMs ?? 0)} in the queue and ${duration(of?.gpuMs ?? 0)} on the GPU`,
  )
}

const kinds: Readonly<Record<string, string>> = {
  unreachable: 'not reachable',
  other: 'other',
  'out-of-memory': 'out of memory',
}

const journey = 'every figure on the page of a report, and on paper, is the one of its JSON, with errors and VRAM'
test(journey, { tag: '@long' }, async ({ page, launch }) => {
  await using folder = await temporaryFolder()
  const card = path.join(folder.path, 'card')
  await mkdir(card)
  await writeFile(path.join(card, 'card.json'), JSON.stringify({ totalMiB: 24_000 }))
  const scenario = path.join(folder.path, 'scenario.json')
  await writeFile(scenario, JSON.stringify({ gpus: [{ index: '0', uuid: 'GPU-1', name: 'Made up' }], card }))
  const panel = await launch({ env: replayedGpus(scenario) })
  const { client } = panel
  const own = path.join(panel.data, 'services', id)
  await mkdir(own, { recursive: true })
  const behaviour = { stepMs: 150, loadMs: 20, preview: 'none', card: { folder: card, takesMiB: 16_000 } }
  await writeFile(path.join(own, 'behaviour.json'), JSON.stringify(behaviour))
  await client.services.start({ id })
  await until('it is ready', async () => (await client.services.get({ id })).health.state === 'ready')

  // A service that goes in the middle: the rest are errors.
  const params = { steps: 6, width: 64, height: 64 }
  const { id: testId } = await client.loadTests.start({ id, count: 10, concurrency: 2, params })
  const now = () => client.loadTests.get({ id, testId })
  await until('images and VRAM are there', async () => {
    const { figures } = await now()
    return figures.done >= 3 && figures.vramMiB !== null
  })
  await client.services.stop({ id })
  await until('it has ended', async () => (await now()).finishedAt !== null)
  const report = await now()
  expect(report.figures).toMatchObject({ errors: 10 - report.figures.done, vramTotalMiB: 24_000 })
  expect(report.figures.errors).toBeGreaterThan(0)

  await enter(page, panel, { link: 'fetch' })
  await page.goto(`${panel.url}/?link=fetch#/services/${id}/load-test`)
  const main = page.getByRole('main')
  const texts = (list: Locator) => list.evaluateAll((all) => all.map(({ textContent }) => textContent))
  const shows = async () => {
    const { order, figures, made } = report
    await expect(main.locator('dl').first()).toBeVisible()
    expect(await texts(main.locator('dl').first().locator('> div'))).toEqual(figuresOf(report))
    const latency = main.getByRole('region', { name: 'Latency' })
    expect(await texts(latency.locator('.visually-hidden'))).toEqual(latencyOf(report))
    const errors = main.getByRole('region', { name: 'Errors' })
    await expect(errors).toContainText(`${figures.errors} of ${order.count}`)
    await expect(errors.getByRole('listitem')).toHaveCount(figures.errorsBy.length)
    for (const [at, { kind, count, firstMs, reason }] of figures.errorsBy.entries()) {
      const line = errors.getByRole('listitem').nth(at)
      await expect(line).toContainText(
        `${count} ${kinds[kind] ?? kind}${into(firstMs, figures.elapsedMs)}${reason.message}`,
      )
      await expect(main.getByText(`${into(firstMs, figures.elapsedMs)} ${kinds[kind] ?? kind}`)).toBeVisible()
    }
    const { waitingMean, waitingMost, vramTotalMiB, elapsedMs } = figures
    await expect(main).toContainText(`${tenths(waitingMean ?? Number.NaN)} on average, ${waitingMost} at most`)
    await expect(main).toContainText(`VRAMof ${gib(vramTotalMiB ?? 0)} GiB`)
    for (const what of ['Throughput', 'Time per image', 'Queue', 'VRAM'])
      await expect(main.getByRole('img', { name: `${what} over ${into(elapsedMs, elapsedMs)}` })).toBeVisible()
    await expect(main).toContainText(`${order.count} images, ${order.concurrency} at a time; `)
    await expect(main).toContainText(`${made?.width} × ${made?.height}, ${made?.steps} steps`)
  }

  await test.step('on the page', async () => {
    await shows()
    expect(await misuses(page, { serious: true })).toEqual([])
    await expectFits(page, 'a report with errors')
    await page.screenshot({ path: test.info().outputPath('report.png'), fullPage: true })
  })

  await test.step('on paper', async () => {
    await page.emulateMedia({ media: 'print' })
    await shows()
    await page.screenshot({ path: test.info().outputPath('report-on-paper.png'), fullPage: true })
    await page.emulateMedia({ media: null })
  })

  await test.step('a service that sleeps is woken from the dialog, once that is confirmed', async () => {
    await expect(main.getByRole('button', { name: 'Run again…' })).toBeDisabled()
    await client.services.update({ id, idle: { wake: true } })
    await main.getByRole('button', { name: 'Run again…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Run load test' })
    await expect(dialog).toContainText('“comfyui-demo” is asleep: the load test wakes it first.')
    await dialog.getByLabel('Images', { exact: true }).fill('2')
    await expect(dialog.getByRole('button', { name: 'Run load test' })).toBeDisabled()
    await dialog.getByRole('checkbox', { name: 'Wake the service and run' }).check()
    await dialog.getByRole('button', { name: 'Run load test' }).click()
    await expect(dialog).toBeHidden()
    await expect(main.getByText('Completed', { exact: true })).toBeVisible({ timeout: 60_000 })
    await expect(main.locator('dl').first()).toContainText('2 images in')
  })
})
