import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import type Dockerode from 'dockerode'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { chromium, type Page } from 'playwright'
import { WebSocket } from 'ws'
import { mostLogLines, unpackLines, type Contract } from '../../shared/contract'
import { chromiumLaunchOptions } from '../support/browser.mjs'
import type { TestDocker } from '../support/docker'
import { findDocker } from '../support/docker/find'
import { startHeadless, type HeadlessPanel } from '../support/headless'
import { temporaryFolder } from '../support/programs'
import { until } from '../support/until'
import { budgets } from './budgets'
import { watchLoop } from './loop'
import { median, quantile, repeat, timed, type Measure } from './measure'

const lines = mostLogLines
const rounds = 5
const id = 'log-bench'
const scrollMs = 3_000

/** Prints lines of the length and the look of a sampler's, and then waits for the flood: so many a second, for so long. */
const flood = { perSecond: 50_000, ms: 6_000 }
const printer = `
  const { writeSync } = require('fs')
  for (let i = 0; i < ${lines}; ) {
    let text = ''
    for (const end = Math.min(i + 500, ${lines}); i < end; i++)
      text += i + ' [INFO] got prompt: sampling step ' + (i % 20) + '/20 latent 1024x1024 elapsed=' + i + 'ms sigma=0.5\\n'
    writeSync(1, text)
  }
  process.on('SIGTERM', () => process.exit(0))
  process.on('SIGUSR2', () => {
    const begun = performance.now()
    let n = 0
    const timer = setInterval(() => {
      const due = Math.min(performance.now() - begun, ${flood.ms}) * ${flood.perSecond / 1000}
      let text = ''
      for (; n < due; n++) text += 'flood ' + n + ' [INFO] sampling step 7/20 latent 1024x1024 sigma=0.5\\n'
      writeSync(1, text)
      if (performance.now() - begun > ${flood.ms}) clearInterval(timer)
    }, 10)
  })
  setInterval(() => {}, 1e6)`

/** A container that has written its lines, labelled as Compose would have. */
async function makeWriter({ client, image }: TestDocker, folder: string) {
  const project = `regie-bench-${randomBytes(4).toString('hex')}`
  const file = path.join(folder, 'compose.yaml')
  await writeFile(file, `name: ${project}\nservices:\n  writer:\n    image: ${image}\n`)
  const container = await client.createContainer({
    Image: image,
    name: `${project}-writer-1`,
    Entrypoint: ['/bin/node', '-e'],
    Cmd: [printer],
    HostConfig: { NetworkMode: 'none' },
    Labels: {
      'com.docker.compose.project': project,
      'com.docker.compose.service': 'writer',
      'com.docker.compose.container-number': '1',
      'com.docker.compose.oneoff': 'False',
      'com.docker.compose.project.working_dir': folder,
      'com.docker.compose.project.config_files': file,
    },
  })
  await container.start()
  const last = `${lines - 1} [INFO]`
  await until(
    'the container to have written',
    async () => (await container.logs({ stdout: true, tail: 1 })).toString('utf8').includes(last),
    60_000,
  )
  return { container, file, project }
}

/** `docker logs`, read to its end by somebody who only counts. */
const withDocker = (host: string, container: string) =>
  timed(
    () =>
      new Promise<void>((resolve, reject) => {
        const child = spawn('docker', ['--host', host, 'logs', container], { stdio: ['ignore', 'pipe', 'ignore'] })
        let ends = 0
        child.stdout.on('data', (chunk: Buffer) => {
          for (const byte of chunk) if (byte === 10) ends++
        })
        child.on('error', reject)
        child.on('close', () => (ends === lines ? resolve() : reject(new Error(`docker logs gave ${ends} lines`))))
      }),
  )

/** The same through the panel, to a client on its WebSocket. */
async function overSocket(panel: HeadlessPanel): Promise<number> {
  const socket = new WebSocket(`${panel.url.replace('http', 'ws')}/rpc/ws`, {
    headers: { authorization: `Bearer ${panel.adminToken}`, origin: panel.url },
  })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  // It behaves as a WebSocket does; only the overloads of its event methods are declared otherwise.
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })
  const client: ContractRouterClient<Contract> = createORPCClient(link)
  try {
    return await timed(async () => {
      let count = 0
      for await (const event of await client.logs.watch({ services: [id], tail: lines })) {
        if (event.type !== 'lines') continue
        count += unpackLines(event.lines).filter(({ stream }) => stream !== 'panel').length
        if (count >= lines) return
      }
      throw new Error(`the panel gave ${count} lines`)
    })
  } finally {
    socket.terminate()
  }
}

/** The same to the page that shows them: until its head says how many there are. */
async function toPage(page: Page): Promise<number> {
  await page.evaluate((hash) => (location.hash = hash), `#/services/${id}/stats`)
  await page.getByRole('log').waitFor({ state: 'detached' })
  const started = page.evaluate((hash) => {
    location.hash = hash
    return performance.now()
  }, `#/services/${id}/logs`)
  const shown = page.waitForFunction(
    (wanted) => {
      const said = document.querySelector('main section header')?.textContent ?? ''
      return Number(said.replaceAll(/\D/g, '')) >= wanted && performance.now()
    },
    lines,
    { polling: 'raf', timeout: 60_000 },
  )
  return Number(await (await shown).jsonValue()) - (await started)
}

/** Frames a second while a person scrolls through all of it, and the longest frame of twenty. */
async function scroll(page: Page): Promise<{ fps: number; slowFrameMs: number }> {
  const frames = await page.evaluate(async (ms) => {
    const log = document.querySelector('[role="log"]')
    if (!log) throw new Error('no log on the page')
    const frames: number[] = []
    log.scrollTop = 0
    let last = performance.now()
    for (const end = last + ms; last < end;) {
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve))
      frames.push(now - last)
      last = now
      log.scrollTop += 700
    }
    return frames.slice(1)
  }, scrollMs)
  return { fps: (1000 * frames.length) / frames.reduce((sum, ms) => sum + ms, 0), slowFrameMs: quantile(frames, 0.95) }
}

/** Frames of the page that follows a container which prints as fast as a broken one does, while nobody touches it. */
async function floodFrames(page: Page, container: Dockerode.Container): Promise<Measure[]> {
  const frames = page.evaluate(async (ms) => {
    const frames: number[] = []
    let last = performance.now()
    for (const end = last + ms; last < end;) {
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve))
      frames.push(now - last)
      last = now
    }
    return frames.slice(1)
  }, flood.ms - 1_000)
  await container.kill({ signal: 'SIGUSR2' })
  const seen = await frames
  return [
    {
      what: `Frame time while ${flood.perSecond.toLocaleString('en')} lines a second come, p95`,
      value: quantile(seen, 0.95),
      unit: 'ms',
      budget: budgets.floodFrameMs,
      note: `${seen.length} frames over ${(flood.ms - 1_000) / 1000} s of a page that follows; median ${median(seen).toFixed(1)} ms`,
    },
  ]
}

const missing = (note: string): Measure[] => [
  {
    what: 'Log stream, engine to page, time against docker logs',
    value: null,
    unit: '×',
    budget: budgets.logStreamTimes,
    note,
  },
]

/** How fast a container's log comes to the page, beside `docker logs` in the same minute, and how well it scrolls. */
export async function measureLogs(): Promise<Measure[]> {
  const found = await findDocker()
  if (!found.docker) return missing(found.reason)
  const { docker } = found
  await using folder = await temporaryFolder('regie-bench-logs')
  const { container, file, project } = await makeWriter(docker, folder.path)
  const loop = watchLoop(folder.path)
  const panel = await startHeadless({
    demo: false,
    env: { DOCKER_HOST: docker.host, ...loop.env },
  })
  loop.begin(panel.pid)
  const browser = await chromium.launch(chromiumLaunchOptions())
  try {
    await panel.client.system.changeSettings({ welcomed: true })
    await panel.client.services.create({
      id,
      kind: 'comfyui',
      runtime: 'compose',
      url: 'http://127.0.0.1:9',
      compose: { file, service: 'writer', project },
    })
    await until('the container', async () => (await panel.client.services.get({ id })).container !== null)
    const page = await browser.newPage()
    await page.goto(panel.signInLink)
    await page.locator('h1').first().waitFor()
    // Interleaved, so that all see the same machine.
    const times = await repeat(rounds, async () => ({
      cli: await withDocker(docker.host, container.id),
      socket: await overSocket(panel),
      page: await toPage(page),
    }))
    const perSecond = (of: 'cli' | 'socket' | 'page') => Math.round(lines / median(times.map((time) => time[of])))
    const { fps, slowFrameMs } = await scroll(page)
    await toPage(page) // which follows again
    const flood = await floodFrames(page, container)
    await panel.stop()
    return [
      {
        what: 'Log stream, engine to page, time against docker logs',
        value: median(times.map((time) => time.page / time.cli)),
        unit: '×',
        budget: budgets.logStreamTimes,
        note: `${lines.toLocaleString('en')} lines, median of ${rounds} rounds: docker logs ${perSecond('cli')}, a client on the WebSocket ${perSecond('socket')}, Chromium’s page ${perSecond('page')} lines a ms`,
      },
      {
        what: 'Frame time while scrolling 100,000 log lines',
        value: 1000 / fps,
        unit: 'ms',
        budget: budgets.scrollFrameMs,
        note: `${Math.round(fps)} frames a second over ${scrollMs / 1000} s of scrolling; 19 of 20 frames within ${slowFrameMs.toFixed(1)} ms`,
      },
      ...flood,
      ...(await loop.measures(
        'while logs stream',
        `${2 * rounds} times ${lines.toLocaleString('en')} lines, and the flood`,
      )),
    ]
  } finally {
    await browser.close()
    await panel.stop()
    await container.remove({ force: true, v: true })
  }
}
