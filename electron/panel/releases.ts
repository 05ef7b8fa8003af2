import { version } from '../../package.json'
import type { PanelEvent, ReleaseWait } from '../../shared/contract'
import type { Audit } from '../audit/audit'
import { contextOf, type Credentials } from '../credentials'
import type { Generations } from '../generation'
import { openReleases, readReleaseKey, type Releases } from '../releases'
import type { Services } from '../services'
import { releaseSettings } from '../storage/config'
import type { Updates } from '../updates/updates'
import type { Usage } from '../usage'
import type { Base } from './base'

/** Put in at build time (vite.config.ts): whose signatures on new versions are believed; null in a build without. */
declare const RELEASE_KEY: string | null | undefined

interface Working {
  services: Pick<Services, 'list'>
  generations: Pick<Generations, 'pendingOn'>
  usage: Pick<Usage, 'on'>
  credentials: Credentials
  updates: Pick<Updates, 'list'>
}

/** What an end of Regie would cut off. Those of deployments are counted as they are told: they have no list. */
function createUnderWay({ services, generations, usage, credentials, updates }: Working) {
  const deployments = new Set<string>()
  return {
    note(event: PanelEvent) {
      if (event.type !== 'deployment') return
      const { id, state } = event.deployment
      if (state === 'running' || state === 'undoing') deployments.add(id)
      else deployments.delete(id)
    },
    now(): ReleaseWait[] {
      const all = services.list()
      const isAtWork: Record<ReleaseWait, boolean> = {
        job: all.some(({ id }) => generations.pendingOn(id).length > 0 || usage.on(id).length > 0),
        rotation: credentials.isOpen() && contextOf(credentials).rotating.size > 0,
        update: updates.list().some(({ state }) => state === 'running' || state === 'rolling-back'),
        deployment: deployments.size > 0,
        operation: all.some(({ operation }) => operation !== null),
      }
      return (['rotation', 'update', 'deployment', 'operation', 'job'] as const).filter((what) => isAtWork[what])
    },
  }
}

/** What a version that is ready may have waited for. */
const worthLooking: ReadonlySet<PanelEvent['type']> = new Set([
  'rotation',
  'update',
  'deployment',
  'service',
  'generation',
])

/** New versions of Regie: looked for where a feed is set, installed where the shell can and a signature holds. */
export async function buildReleases(
  { options, paths, publish, listen, reportBug, closing }: Base,
  working: Working & { audit: Pick<Audit, 'appendFirst'> },
  noticesChanged: () => void,
): Promise<{ releases: Releases; underWay: () => ReleaseWait[] }> {
  const underWay = createUnderWay(working)
  const built = typeof RELEASE_KEY === 'string' ? RELEASE_KEY : null
  const { key = built, installer = null } = options.releases ?? {}
  const releases = await openReleases({
    ...{ noticesChanged, reportBug, installer, current: version, installation: options.dataFolder },
    ...{ store: releaseSettings(options.config), environment: process.env },
    system: { platform: process.platform, arch: process.arch },
    key: key === null ? null : readReleaseKey(key),
    ...{ memoryFile: paths.releases, folder: paths.releaseFiles },
    underWay: () => underWay.now(),
    auditFirst: (entry) => working.audit.appendFirst(entry),
    changed: (status) => publish({ type: 'releases', releases: status }),
  })
  const stop = listen((event) => {
    underWay.note(event)
    if (worthLooking.has(event.type)) releases.notice()
  })
  closing.add(() => {
    stop()
    releases.close()
  })
  releases.begin()
  return { releases, underWay: () => underWay.now() }
}
