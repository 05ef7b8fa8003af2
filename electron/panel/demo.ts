import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Service } from '../../shared/contract'
import { kinds } from '../../shared/kinds'
import { allKinds } from '../kinds'
import type { Services } from '../services'
import { freePort } from '../services/free-port'
import type { Credentials } from '../credentials'

/** Ports that panels with different data folders are spread over: a stopped service does not hold its port. */
const spread = 1_000

/** Where a folder's panel begins to look, the same each time. */
const offsetOf = (folder: string): number => createHash('sha256').update(folder).digest().readUInt32BE(0) % spread

/**
 * Adds the simulated services and their credentials where they are missing, stopped. Returns all services.
 * Throws `vault.locked` when there is nowhere to keep a credential.
 */
export async function addSimulators(
  { services, credentials, folder }: { services: Services; credentials: Credentials; folder: string },
  who: string,
): Promise<Service[]> {
  for (const { id: kind, demo } of allKinds) {
    if (!demo) continue
    const { id, fromPort, sinks } = demo
    if (!credentials.has(id)) {
      // A sink's folder must stand before the sink is accepted; a real deployment has it already.
      await mkdir(path.join(folder, id, 'login'), { recursive: true })
      await credentials.create(
        {
          id,
          scheme: kinds[kind].scheme,
          username: 'regie',
          sinks: sinks(path.join(folder, id)),
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
