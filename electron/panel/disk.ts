import { namedImages } from '../compose/program/image-names'
import { openModelsCopies } from '../docker/models/copies'
import { roomForImages } from '../docker/room/free'
import { createRoom } from '../docker/room/room'
import type { Base } from './base'
import type { WatchedMachine } from './machine'
import type { Secrets } from './secrets'
import type { BuiltServices } from './services'

/** What looks after the disk that Docker has: what may go, and models that are copied into it. */
export async function buildDisk(
  { paths, reportBug, closing }: Base,
  { audit }: Secrets,
  { engine, compose }: WatchedMachine,
  { services, containers, backendFor }: BuiltServices,
) {
  const modelsCopies = closing.keep(
    await openModelsCopies({
      ...{ engine, reportBug },
      journalFile: paths.modelsCopies,
      containerOf: (id) => containers.containerOf(id),
      modelsOf: async (id, signal) => (await backendFor(services.config(id)).capabilities(signal)).checkpoints,
      room: () => roomForImages(engine),
      auditFirst: (entry) => audit.appendFirst(entry),
    }),
  )
  const room = closing.keep(
    createRoom({
      ...{ engine, reportBug },
      auditFirst: (entry) => audit.appendFirst(entry),
      async needs() {
        const own = services.list()
        const specs = own.flatMap(({ compose: spec }) => spec ?? [])
        return {
          ...(await namedImages(compose, specs)),
          ownContainers: new Set(own.flatMap(({ container }) => container?.id ?? [])),
          keptUntil: new Map(),
        }
      },
    }),
  )
  return { room, modelsCopies }
}
