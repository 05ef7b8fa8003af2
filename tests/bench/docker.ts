import type Dockerode from 'dockerode'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { chromium, type Page } from 'playwright'
import { readContainers } from '../../electron/docker/containers'
import { readEvent } from '../../electron/docker/events'
import { chromiumLaunchOptions } from '../support/browser.mjs'
import type { TestDocker } from '../support/docker'
import { findDocker } from '../support/docker/find'
import { replayedGpus, startHeadless, type HeadlessPanel } from '../support/headless'
import { freePort } from '../support/ports'
import { temporaryFolder } from '../support/programs'
import { until } from '../support/until'
import { budgets } from './budgets'
import { median, repeat, timed, type Measure } from './measure'
import { usageOf } from './process-usage'

const changes = 10
const lists = 30
const settleMs = 15_000
const watchMs = 30_000

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A machine to be idle on: so many containers, of which so many are services, and what that may cost. */
interface Scene {
  containers: number
  services: number
  cpu: number
  memory: number
}
const usual: Scene = { containers: 20, services: 2, cpu: budgets.idleCpu, memory: budgets.idleMiB }
const full: Scene = { containers: 100, services: 12, cpu: budgets.busyIdleCpu, memory: budgets.busyIdleMiB }

const nameOf = ({ containers, services }: Scene) => `${containers} containers, ${services} services`

const skipped = (why: string): Measure[] =>
  (
    [
      ['State change in Docker to the page', 'ms', budgets.changeToPageMs],
      ['List of containers, in place of docker ps', 'ms', null],
      ...[usual, full].flatMap((scene) => [
        [`Idle CPU, ${nameOf(scene)}, no page open`, '% of a core', scene.cpu] as const,
        [`Memory (RSS), ${nameOf(scene)}, no page open`, 'MiB', scene.memory] as const,
      ]),
    ] as const
  ).map(([what, unit, budget]) => ({ what, value: null, unit, budget, note: why }))

/** When Docker says that a container came to a state, and when the page showed it: the difference, in ms. */
async function changeToPage(docker: Dockerode, container: Dockerode.Container, page: Page, service: string) {
  const row = page.locator('tr', { hasText: service })
  const one = async (action: 'die' | 'start', change: () => Promise<unknown>) => {
    const since = Math.floor(Date.now() / 1000) - 1
    const shown = row.evaluate(
      (element) =>
        new Promise<number>((resolve) => {
          const stateOf = () => element.querySelector('[data-state]')?.getAttribute('data-state')
          const before = stateOf()
          const watch = new MutationObserver(() => {
            if (stateOf() === before) return
            watch.disconnect()
            resolve(Date.now())
          })
          watch.observe(element, { subtree: true, childList: true, attributes: true, characterData: true })
        }),
    )
    await sleep(300)
    await change()
    const seenAt = await shown
    const filters = JSON.stringify({ container: [container.id], event: [action] })
    const stream = await docker.getEvents({ since, until: Math.ceil(Date.now() / 1000), filters })
    let happenedAt = 0
    for await (const chunk of stream)
      for (const line of String(chunk).split('\n')) happenedAt = readEvent(line)?.at ?? happenedAt
    return seenAt - happenedAt
  }
  const took: number[] = []
  await repeat(changes / 2, async () => {
    took.push(await one('die', () => container.kill()))
    // What is shown must stand still before the next change is watched.
    await sleep(1500)
    took.push(await one('start', () => container.start()))
    await row.locator('[data-state="ready"]').waitFor()
  })
  return took
}

async function listAgainstCli(docker: Dockerode, host: string): Promise<Measure> {
  const ours = await repeat(lists, () => timed(async () => readContainers(await docker.listContainers({ all: true }))))
  const cli = await repeat(10, () => timed(() => promisify(execFile)('docker', ['-H', host, 'ps', '-a']))).catch(
    () => null,
  )
  return {
    what: 'List of containers, in place of docker ps',
    value: median(ours),
    unit: 'ms',
    budget: null,
    note: `median of ${lists}; docker ps -a: ${cli ? `${median(cli).toFixed(0)} ms` : 'no docker program here'}`,
  }
}

async function idle(panel: HeadlessPanel, scene: Scene, where: string): Promise<Measure[]> {
  await sleep(settleMs)
  const before = await usageOf(panel.pid)
  await sleep(watchMs)
  const after = await usageOf(panel.pid)
  return [
    {
      what: `Idle CPU, ${nameOf(scene)}, ${where}`,
      value: ((after.cpuMs - before.cpuMs) / watchMs) * 100,
      unit: '% of a core',
      budget: scene.cpu,
      note: `over ${watchMs / 1000} s; the services are ready, one GPU child`,
    },
    {
      what: `Memory (RSS), ${nameOf(scene)}, ${where}`,
      value: after.rssMiB,
      unit: 'MiB',
      budget: scene.memory,
      note: 'the panel’s own process',
    },
  ]
}

/** Makes the containers of a scene, runs a panel that knows its services, and takes all away again. */
async function withScene<T>(
  { client: docker, host, image }: TestDocker,
  scene: Scene,
  use: (panel: HeadlessPanel, first: Dockerode.Container) => Promise<T>,
): Promise<T> {
  await using folder = await temporaryFolder('regie-bench')
  const project = `regie-bench-${randomBytes(4).toString('hex')}`
  const services = Array.from({ length: scene.services }, (_, index) => `bench-${index}`)
  const made: Dockerode.Container[] = []
  const file = path.join(folder.path, 'compose.yaml')
  const entries = services.map((service) => `  ${service}:\n    image: ${image}\n`)
  writeFileSync(file, `services:\n${entries.join('')}`)
  const configured = await Promise.all(
    services.map(async (id) => ({
      ...{ id, kind: 'forge', runtime: 'compose', url: `http://127.0.0.1:${await freePort()}` },
      compose: { file, service: id, project },
    })),
  )
  writeFileSync(
    path.join(folder.path, 'config.json'),
    JSON.stringify({ settings: { welcomed: true }, services: configured }),
  )
  const make = async (index: number) => {
    const own = configured[index]
    const container = await docker.createContainer({
      name: `${project}-${index}`,
      Image: image,
      // Services are simulators that the panel reaches on loopback; the others only live, and cost little.
      ...(own
        ? { Cmd: ['forge', '--folder', '/data', '--protect', 'none', '--port', new URL(own.url).port] }
        : { Entrypoint: ['/bin/sh', '-c', 'while :; do sleep 3600; done'], Cmd: [] }),
      Labels: {
        'com.docker.compose.project': project,
        'com.docker.compose.service': own?.id ?? `other-${index}`,
        'com.docker.compose.project.working_dir': folder.path,
        'com.docker.compose.project.config_files': file,
      },
      HostConfig: { NetworkMode: own ? 'host' : 'none' },
    })
    made.push(container)
    await container.start()
    return container
  }
  try {
    const first = await make(0)
    for (let index = 1; index < scene.containers; index += 1) await make(index)
    const panel = await startHeadless({ data: folder.path, env: { ...replayedGpus(), DOCKER_HOST: host } })
    try {
      await until('the engine', async () => (await panel.client.docker.engine()).state === 'connected')
      await until(
        'all services to be ready',
        async () => (await panel.client.services.list()).every(({ health }) => health.state === 'ready'),
        120_000,
      )
      return await use(panel, first)
    } finally {
      await panel.stop()
    }
  } finally {
    await Promise.all(made.map((container) => container.remove({ force: true }).catch(() => undefined)))
  }
}

/** What Docker's part costs, and how soon a change there is on the page; skipped with the reason without an engine. */
export async function measureDocker(): Promise<Measure[]> {
  const found = await findDocker()
  if (!found.docker) return skipped(found.reason)
  const { docker } = found
  const measures = await withScene(docker, usual, async (panel, first) => {
    const list = await listAgainstCli(docker.client, docker.host)
    const alone = await idle(panel, usual, 'no page open')
    const browser = await chromium.launch(chromiumLaunchOptions())
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
      await page.goto(panel.signInLink)
      await page.goto(`${panel.url}/#/services`)
      await page.locator('tr', { hasText: 'bench-0' }).waitFor()
      await sleep(2000)
      const took = await changeToPage(docker.client, first, page, 'bench-0')
      // As the browser tells a page that another tab covers.
      await page.evaluate(() => {
        Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' })
        Object.defineProperty(document, 'hidden', { get: () => true })
        document.dispatchEvent(new Event('visibilitychange'))
      })
      return [
        {
          what: 'State change in Docker to the page',
          value: median(took),
          unit: 'ms',
          budget: budgets.changeToPageMs,
          note: `median of ${took.length}; from the engine’s own time of a start or an end to the services page over WebSocket; longest ${Math.round(Math.max(...took))} ms`,
        },
        list,
        ...alone,
        ...(await idle(panel, usual, 'a page hidden')),
      ]
    } finally {
      await browser.close()
    }
  })
  return [...measures, ...(await withScene(docker, full, (panel) => idle(panel, full, 'no page open')))]
}
