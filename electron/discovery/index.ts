import { randomBytes } from 'node:crypto'
import { realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Credential, DiscoveryEvent, DiscoveryImport, DiscoveryProposal } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { createLatest } from '../async/latest'
import { contextOf, type Credentials } from '../credentials'
import type { Redactor } from '../vault/redactor'
import { createNames, describeCandidate, describeService } from './describe'
import { importChosen, type ServiceRegistry } from './import'
import { search, type Progress, type Search } from './scan'
import type { WalkLimits } from './walk'

export type { ServiceRegistry } from './import'

/** How long what was found is kept in memory. */
const keptMinutes = 10

/** Older ones are forgotten before there are more. */
const mostProposals = 4

interface Kept {
  found: Search
  secrets: string[]
  timer: NodeJS.Timeout
}

/** Finds services, credentials and sinks in a folder, and takes what was chosen into the vault. */
export interface Discovery {
  /** Reads the folder; ends with the proposal. Ending it early cancels the search. */
  scan(folder: string, signal: AbortSignal): AsyncGenerator<DiscoveryEvent, void, undefined>
  import(order: DiscoveryImport, who: string): Promise<{ credentials: Credential[]; serviceIds: string[] }>
  /** Forgets a proposal; without effect when it is gone. */
  discard(id: string): void
  close(): void
}

export function createDiscovery(options: {
  credentials: Credentials
  services: ServiceRegistry
  limits?: Partial<WalkLimits>
  /** How long a proposal is kept, in ms. */
  keepMs?: number
}): Discovery {
  const { credentials, services, limits, keepMs = keptMinutes * 60_000 } = options
  const context = contextOf(credentials)
  const kept = createKept(context.redactor, keepMs)
  const keep = (folder: string, found: Search): DiscoveryProposal => ({
    ...{ id: kept.add(found), folder, expiresAt: context.now() + keepMs },
    ...describe(found, {
      credentials: context
        .book()
        .all()
        .map(({ id }) => id),
      services: services.list().map(({ id }) => id),
    }),
  })

  async function* scan(folder: string, signal: AbortSignal): AsyncGenerator<DiscoveryEvent, void, undefined> {
    // Says why where the vault is closed, before anything is read.
    context.book()
    const root = await folderAt(folder)
    const stop = new AbortController()
    const progress = createLatest<Progress>()
    const done = search(context, {
      root,
      known: services.list(),
      limits,
      signal: AbortSignal.any([signal, stop.signal]),
      onProgress: progress.put,
    }).finally(progress.end)
    // Whoever leaves early does not wait for the end.
    done.catch(() => undefined)
    try {
      for (let event = await progress.next(); event !== null; event = await progress.next()) yield event
      const found = await done
      yield { type: 'proposal', proposal: keep(root, found) }
    } finally {
      stop.abort()
    }
  }

  return {
    scan,
    discard: kept.discard,
    import: (order, who) =>
      context.exclusively(async () => {
        const one = kept.get(order.id)
        if (!one) throw new Problem('discovery.gone', { minutes: keptMinutes })
        const imported = await importChosen(context, { found: one.found, order, services, who })
        kept.discard(order.id)
        return imported
      }),
    close: kept.clear,
  }
}

/** What was found, under names that nothing has yet; first what is suggested, then what stands in most places. */
function describe(
  { candidates, services, looked, remarks }: Search,
  taken: { credentials: string[]; services: string[] },
): Pick<DiscoveryProposal, 'credentials' | 'services' | 'looked' | 'remarks'> {
  const freeCredential = createNames(taken.credentials)
  const freeService = createNames(taken.services)
  return {
    looked,
    credentials: candidates
      .map((candidate) => describeCandidate(candidate, services, freeCredential))
      .sort((a, b) => Number(b.suggested) - Number(a.suggested) || b.places.length - a.places.length),
    services: services.map((service) => describeService(service, freeService)),
    remarks,
  }
}

/** The last proposals, each for a while. Their secrets show in no log meanwhile, whether they are imported or not. */
function createKept(redactor: Pick<Redactor, 'learn' | 'forget'>, keepMs: number) {
  const kept = new Map<string, Kept>()
  const discard = (id: string) => {
    const one = kept.get(id)
    if (!one) return
    clearTimeout(one.timer)
    kept.delete(id)
    for (const secret of one.secrets) redactor.forget(secret)
  }
  return {
    discard,
    get: (id: string): Kept | undefined => kept.get(id),
    add(found: Search): string {
      for (const id of [...kept.keys()].slice(0, Math.max(0, kept.size - mostProposals + 1))) discard(id)
      const id = randomBytes(12).toString('base64url')
      const secrets = secretsIn(found)
      for (const secret of secrets) redactor.learn(secret)
      const timer = setTimeout(() => discard(id), keepMs)
      timer.unref()
      kept.set(id, { found, secrets, timer })
      return id
    },
    clear: () => {
      for (const id of [...kept.keys()]) discard(id)
    },
  }
}

async function folderAt(folder: string): Promise<string> {
  const real = path.isAbsolute(folder) && !folder.includes('\0') ? await realpath(folder).catch(() => null) : null
  const found = real === null ? null : await stat(real).catch(() => null)
  if (real === null || !found?.isDirectory()) throw new Problem('discovery.no-folder', { path: folder })
  return real
}

const secretsIn = ({ candidates }: Search): string[] =>
  [
    ...new Set(
      candidates.flatMap(({ places }) =>
        places.flatMap(({ found, field }) => (field === 'username' ? [] : [found.value, found.written])),
      ),
    ),
  ].filter((value) => typeof value === 'string')
