import { cpus, freemem, release, totalmem } from 'node:os'
import type { About, Attention, Service } from '../../shared/contract'
import { bare } from './bare'
import { logTail } from './log-tail'
import { readme } from './readme'

/** What a bundle is made of. */
export interface Told {
  about: () => About
  services: () => Service[]
  attention: () => Promise<Attention>
  /** The whole configuration, as it stands in its file. */
  config: () => unknown
  /** The panel's own log. */
  log: string
  /** Local crash dumps of the desktop application: how many, how large, and how old. */
  crashes: () => Promise<{ bytes: number; at: number }[]>
}

export interface SupportFile {
  name: string
  text: string
}

/** Of the configuration's entries, those that hold no passwords' hashes and nothing of people. */
const told = ['services', 'docker', 'gpus', 'publicAddresses', 'trustedProxies'] as const

function configOf(config: unknown): object {
  if (typeof config !== 'object' || config === null) return {}
  const entries = new Map<string, unknown>(Object.entries(config))
  return {
    ...Object.fromEntries(told.flatMap((key) => (entries.has(key) ? [[key, bare(entries.get(key), key)]] : []))),
    leftOut: [...entries.keys()].filter((key) => !told.some((known) => known === key)).length,
  }
}

const serviceOf = ({ id, kind, runtime, url, health, operation, adopted, queue, container, ...service }: Service) => ({
  ...{ id, kind, runtime, url: bare(url, 'url'), adopted, muted: service.muted },
  health: {
    ...{ state: health.state, since: health.since, checkedAt: health.checkedAt, problem: health.problem },
    rungs: health.rungs.map(({ id: rung, state, tookMs }) => ({ id: rung, state, tookMs })),
    checks: health.checks.map(({ id: check, state, reason }) => ({ id: check, state, problem: reason?.problem })),
  },
  ...{ operation, queue },
  container: container && {
    ...{ state: container.state, startedAt: container.startedAt },
    ...{ restartCount: container.restartCount, exitCode: container.exitCode },
  },
  pending: service.pending && { action: service.pending.action, problem: service.pending.reason.problem },
  pendingUnknown: service.pendingUnknown?.problem,
})

const itemOf = ({ kind, count, since, urgent, reason }: Attention['items'][number]) => ({
  ...{ kind, count, since, urgent, problem: reason?.problem },
})

const aboutOf = ({ version, commit, nodeVersion, electronVersion, startedAt, demo, notices }: About) => ({
  ...{ version, commit, nodeVersion, electronVersion, startedAt, demo },
  system: {
    ...{ platform: process.platform, architecture: process.arch, release: release() },
    ...{ processors: cpus().length, memoryBytes: totalmem(), freeBytes: freemem() },
  },
  notices: notices.map(({ problem }) => problem),
})

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

/** The files of a bundle, each as text. What cannot be read is told in its file, and holds up none of the others. */
export async function supportFiles(from: Told): Promise<SupportFile[]> {
  const makers: Record<string, () => string | Promise<string>> = {
    'about.json': () => json(aboutOf(from.about())),
    'services.json': () => json(from.services().map(serviceOf)),
    'attention.json': async () => json((await from.attention()).items.map(itemOf)),
    'config.json': () => json(configOf(from.config())),
    'crashes.json': async () => json(await from.crashes()),
    'panel.log': () => logTail(from.log),
  }
  const files = Object.entries(makers).map(async ([name, make]) => {
    // What an error says may be anything: its class tells enough.
    const failed = (error: unknown) => json({ unreadable: error instanceof Error ? error.name : 'unknown' })
    return { name, text: await Promise.resolve().then(make).catch(failed) }
  })
  return [{ name: 'README.txt', text: readme }, ...(await Promise.all(files))]
}
