import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { ServiceKind, Service } from '../../shared/contract'
import type { Services } from '../services'
import { freePort } from '../services/free-port'
import type { Credentials } from '../credentials'

interface DemoService {
  id: string
  kind: ServiceKind
  /** The port that the real program uses is left to it; the demo looks from here on for a free one. */
  fromPort: number
}

const demoServices: DemoService[] = [
  { id: 'comfyui-demo', kind: 'comfyui', fromPort: 18_188 },
  { id: 'forge-demo', kind: 'forge', fromPort: 16_860 },
]

/** Ports that panels with different data folders are spread over: a stopped service does not hold its port. */
const spread = 1_000

/** Where a folder's panel begins to look, the same each time. */
const offsetOf = (folder: string): number => createHash('sha256').update(folder).digest().readUInt32BE(0) % spread

/** Sinks as a real deployment has them: what the service reads, and what its clients read. */
const sinksOf = (kind: ServiceKind, folder: string) => {
  switch (kind) {
    case 'comfyui':
      return [
        { type: 'comfyui-login' as const, path: path.join(folder, 'login', 'PASSWORD') },
        {
          type: 'env' as const,
          path: path.join(folder, 'clients.env'),
          key: 'COMFYUI_API_TOKEN',
          requires: 'nothing' as const,
        },
      ]
    case 'forge':
      return [
        { type: 'env' as const, path: path.join(folder, '.env'), key: 'FORGE_USER', field: 'username' as const },
        { type: 'env' as const, path: path.join(folder, '.env'), key: 'FORGE_PASSWORD', field: 'password' as const },
      ]
  }
}

/**
 * Adds the two simulated services and their credentials where they are missing, stopped. Returns all services.
 * Throws `vault.locked` when there is nowhere to keep a credential.
 */
export async function addSimulators(
  { services, credentials, folder }: { services: Services; credentials: Credentials; folder: string },
  who: string,
): Promise<Service[]> {
  for (const { id, kind, fromPort } of demoServices) {
    if (!credentials.has(id)) {
      // A sink's folder must stand before the sink is accepted; a real deployment has it already.
      await mkdir(path.join(folder, id, 'login'), { recursive: true })
      await credentials.create(
        {
          id,
          scheme: kind === 'comfyui' ? 'comfyui-login' : 'basic',
          username: 'regie',
          sinks: sinksOf(kind, path.join(folder, id)),
        },
        who,
      )
    }
    if (!services.list().some((service) => service.id === id)) {
      const port = await freePort(fromPort + offsetOf(folder))
      services.create({ id, kind, runtime: 'simulator', url: `http://127.0.0.1:${port}`, credentialId: id })
    }
  }
  return services.list()
}
