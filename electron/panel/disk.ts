import type { Service, Update } from '../../shared/contract'
import { namedImages } from '../compose/program/image-names'
import { openModelsCopies } from '../docker/models/copies'
import { roomForImages } from '../docker/room/free'
import { createRoom } from '../docker/room/room'
import type { Updates } from '../updates/updates'
import { updateTags } from '../updates/images'
import type { Base } from './base'
import type { WatchedMachine } from './machine'
import type { Secrets } from './secrets'
import type { BuiltServices } from './services'

/** Copies of models from drives of Windows into volumes. */
export async function buildModelsCopies(
  { paths, reportBug, closing }: Base,
  { audit }: Secrets,
  { engine }: WatchedMachine,
  { services, containers, backendFor }: BuiltServices,
) {
  return closing.keep(
    await openModelsCopies({
      ...{ engine, reportBug },
      journalFile: paths.modelsCopies,
      containerOf: (id) => containers.containerOf(id),
      modelsOf: async (id, signal) => (await backendFor(services.config(id)).capabilities(signal)).checkpoints,
      room: () => roomForImages(engine),
      auditFirst: (entry) => audit.appendFirst(entry),
    }),
  )
}

/** Names of images of updates that have ended for good, or whose service is gone: there is nothing to go back to. */
function letGoBy(all: readonly Update[], services: readonly Service[]): Set<string> {
  const isWanted = ({ state, serviceId }: Update) =>
    state !== 'kept' && state !== 'rolled-back' && services.some(({ id }) => id === serviceId)
  const names = all.filter((update) => !isWanted(update)).map(({ id }) => updateTags(id))
  return new Set(names.flatMap(({ fresh, keep }) => [fresh, keep]))
}

interface Needing {
  services: BuiltServices['services']
  updates: Pick<Updates, 'list'>
}

/** What Docker keeps and nothing needs any more: not the services, not their projects, not the way back of an update. */
export function buildRoom(
  { reportBug, closing }: Base,
  { audit }: Secrets,
  { engine, compose }: WatchedMachine,
  { services, updates }: Needing,
) {
  return closing.keep(
    createRoom({
      ...{ engine, reportBug },
      auditFirst: (entry) => audit.appendFirst(entry),
      async needs() {
        const own = services.list()
        const specs = own.flatMap(({ compose: spec }) => spec ?? [])
        return {
          ...(await namedImages(compose, specs)),
          // What it keeps bears a tag of its own, by which it is known.
          ownContainers: new Set(own.flatMap(({ container }) => container?.id ?? [])),
          letGo: letGoBy(updates.list(), own),
          keptUntil: new Map(updates.list().map(({ id, keptUntil }) => [updateTags(id).keep, keptUntil])),
        }
      },
    }),
  )
}
