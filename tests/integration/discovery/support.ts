import { cp, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { startComfyuiSimulator } from '../../../electron/simulator/comfyui'
import { startForgeSimulator } from '../../../electron/simulator/forge'
import { createDiscovery, type ServiceRegistry } from '../../../electron/discovery'
import type { DiscoveredCredential, DiscoveredPlace, DiscoveryProposal, ServiceConfig } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { secrets, writeDeployment } from '../../support/deployment'
import { freePort } from '../../support/ports'
import { temporaryFolder } from '../../support/programs'
import { openTestVault } from '../vault/support'

/** Services as a panel keeps them, in memory. */
export function registry(first: ServiceConfig[] = []) {
  const services = new Map(first.map((service) => [service.id, service]))
  const refused = new Set<string>()
  const port: ServiceRegistry = {
    list: () =>
      [...services.values()].map(({ id, kind, url, credentialId, compose }) => ({
        ...{ id, kind, url, credentialId: credentialId ?? null },
        compose: compose ? { file: compose.file, service: compose.service } : null,
      })),
    create(service) {
      if (refused.has(service.id)) throw new Problem('service.exists', { id: service.id })
      services.set(service.id, service)
    },
    link(id, credentialId) {
      const service = services.get(id)
      if (service) services.set(id, { ...service, credentialId: credentialId ?? undefined })
    },
    remove: (id) => {
      services.delete(id)
      return Promise.resolve()
    },
  }
  return { port, services, refused }
}

/** The deployment in a folder, with its two services running on its ports, and an empty vault beside it. */
export async function deployed({ live = true, known = [] as ServiceConfig[] } = {}) {
  const folder = await temporaryFolder('deployment')
  const site = path.join(folder.path, 'site')
  const ports = { comfyui: await freePort(), forge: await freePort() }
  await writeDeployment(site, ports)
  const simulators = live ? await startBoth(folder.path, ports) : []
  const opened = await openTestVault(folder.path)
  const services = registry(known)
  const discovery = createDiscovery({ credentials: opened.credentials, services: services.port })
  return {
    ...opened,
    ...services,
    site,
    ports,
    discovery,
    file: (name: string) => path.join(site, name),
    scan: () => proposalIn(discovery.scan(site, new AbortController().signal)),
    async [Symbol.asyncDispose]() {
      discovery.close()
      await opened.vault.close()
      for (const simulator of simulators) await simulator.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

const noServices: (site: string) => ServiceConfig[] = () => []

/** A copy of a case from the field, and an empty vault beside it. */
export async function caseFolder(name: string, { known = noServices } = {}) {
  const folder = await temporaryFolder('case')
  const site = path.join(folder.path, 'site')
  await cp(path.resolve(import.meta.dirname, '../../cases/compose', name), site, { recursive: true })
  const opened = await openTestVault(folder.path)
  const services = registry(known(site))
  const discovery = createDiscovery({ credentials: opened.credentials, services: services.port })
  return {
    ...opened,
    ...services,
    site,
    discovery,
    file: (file: string) => path.join(site, file),
    scan: () => proposalIn(discovery.scan(site, new AbortController().signal)),
    async [Symbol.asyncDispose]() {
      discovery.close()
      await opened.vault.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

async function startBoth(folder: string, ports: { comfyui: number; forge: number }) {
  const home = path.join(folder, 'comfyui-home')
  await mkdir(path.join(home, 'login'), { recursive: true })
  await mkdir(path.join(folder, 'forge-home'), { recursive: true })
  await writeFile(path.join(home, 'login', 'PASSWORD'), `${secrets.token}\nadmin`)
  const behaviour = { stepMs: 0, loadMs: 0, preview: 'none' } as const
  return [
    await startComfyuiSimulator({ folder: home, port: ports.comfyui, behaviour }),
    await startForgeSimulator({
      folder: path.join(folder, 'forge-home'),
      port: ports.forge,
      protect: 'both',
      account: { username: 'admin', password: secrets.forgePassword },
      behaviour,
    }),
  ]
}

export async function proposalIn(events: AsyncIterable<{ type: string; proposal?: DiscoveryProposal }>) {
  for await (const event of events) if (event.proposal) return event.proposal
  throw new Error('the search ended without a proposal')
}

export const byScheme = ({ credentials }: DiscoveryProposal, scheme: string, at = 0): DiscoveredCredential => {
  const found = credentials.filter((one) => one.scheme === scheme)[at]
  if (!found) throw new Error(`no ${scheme} was found`)
  return found
}

/** A place of a credential by its file and key. */
export const placeIn = (
  credential: DiscoveredCredential,
  shown: string,
  key: string | null = null,
): DiscoveredPlace => {
  const found = credential.places.find((place) => place.shown === shown && (key === null || place.key === key))
  if (!found) throw new Error(`${shown} ${key ?? ''} was not found`)
  return found
}

/** The order that takes a credential as it is proposed. */
export const asProposed = (credential: DiscoveredCredential) => ({
  key: credential.key,
  id: credential.suggestedId,
  existing: credential.existing !== null,
  ...(credential.source === null ? {} : { source: credential.source }),
  places: credential.places.filter(({ suggested }) => suggested).map(({ id }) => id),
  services: [],
})
