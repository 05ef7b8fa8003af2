import type { AdoptOrder, Service, ServiceConfig } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { StackParts } from './parts'
import { createUndoing } from './undo'

/** Adds services of a Compose project, with their new credentials; when one cannot be added, none is. */
export async function adoptProject(
  { credentials, services, reportBug }: Pick<StackParts, 'credentials' | 'services' | 'reportBug'>,
  order: AdoptOrder,
  who: string,
): Promise<Service[]> {
  const undoing = createUndoing(reportBug)
  const known = new Set(services.list().map(({ id }) => id))
  for (const { id } of order.services) {
    if (known.has(id)) throw new Problem('service.exists', { id })
    known.add(id)
  }
  try {
    const made: Service[] = []
    for (const { service, credential, credentialId, writesSinks, id, name, kind, url, gpuUuid } of order.services) {
      if (credential) {
        // It is the one that the service has, good or not. The files of a project that is there belong to somebody: they
        // are written where that was asked for.
        await credentials.create({ ...credential, inUse: true }, who, { writesSinks })
        undoing.made(credential.id, async () => {
          await credentials.remove(credential.id, who)
          return []
        })
      }
      const opensIt = credential?.id ?? credentialId
      const config: ServiceConfig = {
        id,
        kind,
        ...(name !== undefined && { name }),
        runtime: 'compose',
        url,
        ...(opensIt !== undefined && { credentialId: opensIt }),
        ...(gpuUuid !== undefined && { gpuUuid }),
        compose: { ...order.project, service },
      }
      made.push(services.create(config))
      undoing.made(id, async () => {
        await services.remove(id)
        return []
      })
    }
    return made
  } catch (error) {
    await undoing.all()
    throw error
  }
}
