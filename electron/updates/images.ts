import type { ComposeSpec } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Engine } from '../docker/engine'
import { isThere, quietly } from './engine-errors'
import type { UpdateParts } from './parts'

/** Repositories of Regie's own: no other name is ever removed by an update. */
const ours = /^regie\/(?:update|keep):/

/** Tags of an update: of the new image while it is tried, and of the old one while it is the way back. */
export const updateTags = (updateId: string) => {
  const short = updateId.replaceAll('-', '').slice(0, 12)
  return { fresh: `regie/update:${short}`, keep: `regie/keep:${short}`, short }
}

/** Where a name ends and its tag begins: a port of a registry has a colon too. */
export function splitTag(name: string): { repo: string; tag: string } {
  const at = name.lastIndexOf(':')
  return at > name.lastIndexOf('/')
    ? { repo: name.slice(0, at), tag: name.slice(at + 1) }
    : { repo: name, tag: 'latest' }
}

/** Whether files of services but those of this project ask for an image by this name; what cannot be read is taken to. */
export async function isWantedElsewhere(
  { services, compose }: Pick<UpdateParts, 'services' | 'compose'>,
  { file }: Pick<ComposeSpec, 'file'>,
  name: string,
): Promise<boolean> {
  for (const { compose: spec } of services.list()) {
    if (!spec || spec.file === file) continue
    const config = await compose.config(spec).catch((error: unknown) => {
      if (error instanceof Problem) return null
      throw error
    })
    if (config === null || Object.values(config.services).some(({ image }) => image === name)) return true
  }
  return false
}

/** The engine's images, as an update needs them. Every call throws a Problem where there is no engine. */
export function createImages(engine: Pick<Engine, 'client' | 'containers'>) {
  const look = async (name: string): Promise<{ id: string; bytes: number } | null> => {
    const client = await engine.client()
    const found = await isThere(client.getImage(name).inspect())
    return found && { id: found.Id, bytes: found.Size }
  }
  return {
    look,
    async tag(id: string, name: string): Promise<void> {
      await (await engine.client()).getImage(id).tag(splitTag(name))
    },
    /** Takes a tag of Regie's own away, and the image with it where it was its last; one in use stays. */
    async dropOwn(name: string): Promise<void> {
      if (!ours.test(name)) throw new Error(`${name} is no tag of an update`)
      await quietly((await engine.client()).getImage(name).remove())
    },
    /** Takes a name away that stands for this image; one that means another image by now is left. */
    async dropName(name: string, id: string): Promise<void> {
      if ((await look(name))?.id === id) await quietly((await engine.client()).getImage(name).remove())
    },
  }
}
export type Images = ReturnType<typeof createImages>
