import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { startHeadless, type HeadlessPanel } from '../support/headless'
import { freePort } from '../support/ports'
import { temporaryFolder } from '../support/programs'
import { until } from '../support/until'
import { budgets } from './budgets'
import { hasNginx, startFiles, startProxy } from './gateway-nginx'
import { down, largeBytes, latencies, previews, rates, sockets, up, watched, type Way } from './gateway-work'
import { watchLoop } from './loop'
import { median, quantile, type Measure } from './measure'
import { usageOf } from './process-usage'

/** The panel with a gateway in front of the files, and a key for it. */
async function openGateway(panel: HeadlessPanel, url: string): Promise<Way> {
  const port = await freePort()
  await panel.client.services.create({
    ...{ id: 'bench', kind: 'comfyui', runtime: 'external', url },
    gateway: { enabled: true, host: '127.0.0.1', port, tls: 'off' },
  })
  const { key } = await panel.client.keys.create({ userId: 'user', name: 'bench', services: ['bench'] })
  const headers = { authorization: `Bearer ${key}` }
  const at = `http://127.0.0.1:${port}`
  await until('the gateway to answer', async () => (await fetch(`${at}/userdata/small.json`, { headers })).ok, 20_000)
  return { name: 'gateway', url: at, pid: panel.pid, headers }
}

/** A program of node's that prints its port. */
async function startProgram(name: string, ...args: string[]) {
  const file = path.join(import.meta.dirname, name)
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    port: Number(said.toString()),
    pid: child.pid ?? 0,
    async stop() {
      const gone = once(child, 'exit')
      child.kill()
      await gone
    },
  }
}

/** The same work through each of them, in one run; `node` is the least that node does in the gateway's place. */
async function compare(nginx: Way, node: Way, gateway: Way): Promise<Measure[]> {
  const [bare, least, through] = await latencies([nginx, node, gateway], 3_000)
  const added = (share: number, took = through) => quantile(took, share) - quantile(bare, share)
  const leastAdded = (share: number) => `node alone adds ${added(share, least).toFixed(2)} ms`
  const rate = await rates(nginx, node, gateway)
  const idle = (await usageOf(gateway.pid)).rssMiB
  const moved: Record<'down' | 'up', { ratio: number; peak: number; nginxS: number; least: number }> = {
    down: { ratio: 0, peak: 0, nginxS: 0, least: 0 },
    up: { ratio: 0, peak: 0, nginxS: 0, least: 0 },
  }
  for (const [name, work] of [
    ['down', down],
    ['up', up],
  ] as const) {
    const rounds = []
    for (let n = 0; n < 2; n += 1)
      rounds.push([await watched(nginx, work), await watched(gateway, work), await watched(node, work)] as const)
    moved[name] = {
      ratio: median(rounds.map(([theirs, ours]) => ours.tookS / theirs.tookS)),
      peak: Math.max(...rounds.map(([, ours]) => ours.peak)) - idle,
      nginxS: median(rounds.map(([theirs]) => theirs.tookS)),
      least: median(rounds.map(([theirs, , least]) => least.tookS / theirs.tookS)),
    }
  }
  const cpu = { nginx: await previews(nginx), gateway: await previews(gateway), node: await previews(node) }
  const size = `${largeBytes / 2 ** 20} MiB`
  const frames = `${sockets.count} sockets, ${sockets.count * sockets.frames} previews of 24 KiB and as many messages`
  return [
    {
      ...{ what: 'Gateway: added to a small request, p50', value: added(0.5), unit: 'ms' },
      budget: budgets.gatewayAddedMs,
      note: `beyond nginx in its place, which takes ${quantile(bare, 0.5).toFixed(2)} ms; ${leastAdded(0.5)}`,
    },
    {
      ...{ what: 'Gateway: added to a small request, p99', value: added(0.99), unit: 'ms' },
      budget: budgets.gatewayAddedP99Ms,
      note: `beyond nginx’s ${quantile(bare, 0.99).toFixed(2)} ms; one connection kept; ${leastAdded(0.99)}`,
    },
    {
      ...{ what: 'Gateway: requests a second through nginx, in times of its own', value: rate.times, unit: '×' },
      budget: budgets.gatewayRequestTimes,
      note: `${Math.round(rate.gateway)} a second, nginx ${Math.round(rate.nginx)}; ${rate.cpuMs.toFixed(2)} ms of a core each; 16 connections, 1 kB; node alone ${rate.least.toFixed(2)} ×, ${rate.leastCpuMs.toFixed(2)} ms of a core`,
    },
    ...(['down', 'up'] as const).flatMap((name): Measure[] => [
      {
        ...{ what: `Gateway: ${size} ${name}, in times of nginx’s`, value: moved[name].ratio, unit: '×' },
        budget: budgets.gatewayStreamTimes,
        note: `nginx ${moved[name].nginxS.toFixed(1)} s; node alone ${moved[name].least.toFixed(2)} ×`,
      },
      {
        ...{ what: `Gateway: memory above idle during ${size} ${name}`, value: moved[name].peak, unit: 'MiB' },
        budget: budgets.gatewayStreamMiB,
        note: `idle ${Math.round(idle)} MiB`,
      },
    ]),
    {
      ...{
        what: 'Gateway: CPU of previews by WebSocket, in times of nginx’s',
        value: cpu.gateway / cpu.nginx,
        unit: '×',
      },
      budget: budgets.gatewaySocketTimes,
      note: `${frames}; every frame, in order, with isolation; ${(cpu.gateway * 1000).toFixed(0)} µs of a core each; node alone, which reads none of them, ${(cpu.node / cpu.nginx).toFixed(2)} ×`,
    },
  ]
}

/** The gateway in front of nginx, beside nginx and node alone in front of the same: the same work in one run. */
export async function measureGateway(): Promise<Measure[]> {
  if (!hasNginx)
    return [
      {
        ...{ what: 'Gateway beside nginx', value: null, unit: '×', budget: null },
        note: 'there is no nginx here to compare with',
      },
    ]
  await using folder = await temporaryFolder('regie-bench-gateway')
  const loop = watchLoop(folder.path)
  const others = await startProgram('gateway-service.mjs')
  const files = await startFiles(folder.path, { largeBytes, others: others.port })
  const proxy = await startProxy(folder.path, Number(new URL(files.url).port))
  const least = await startProgram('gateway-least.mjs', new URL(files.url).port)
  const panel = await startHeadless({ env: loop.env })
  const measures: Measure[] = []
  try {
    const nginx: Way = { name: 'nginx', url: proxy.url, pid: proxy.pid, headers: {} }
    const node: Way = { name: 'node', url: `http://127.0.0.1:${least.port}`, pid: least.pid, headers: {} }
    const gateway = await openGateway(panel, files.url)
    loop.begin(panel.pid)
    measures.push(...(await compare(nginx, node, gateway)))
  } finally {
    await panel.stop()
    await Promise.all([proxy.stop(), least.stop(), files.stop(), others.stop()])
  }
  return [...measures, ...(await loop.measures('behind its gateway', 'while all of this went through it'))]
}
