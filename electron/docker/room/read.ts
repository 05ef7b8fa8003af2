import * as z from 'zod'
import type Dockerode from 'dockerode'
import { dial } from './dial'
import type { SeenCache, SeenContainer, SeenImage } from './decide'

/** https://docs.docker.com/reference/api/engine/ : older engines leave fields out, and -1 means that it was not counted. */
const bytes = z
  .number()
  .nullish()
  .catch(null)
  .transform((value) => (value === null || value === undefined || value < 0 ? null : Math.round(value)))
const words = z
  .array(z.string())
  .nullish()
  .catch(null)
  .transform((value) => value ?? [])

const Image = z.object({
  Id: z.string().min(1),
  ParentId: z.string().nullish().catch(null),
  RepoTags: words,
  RepoDigests: words,
  Size: bytes,
  SharedSize: bytes,
  Created: z.number().catch(0),
})
const Container = z.object({
  Id: z.string().min(1),
  Names: words,
  Image: z.string().catch(''),
  ImageID: z.string().catch(''),
  State: z.string(),
  Labels: z.record(z.string(), z.string()).nullish().catch(null),
  Created: z.number().catch(0),
  SizeRw: bytes,
  SizeRootFs: bytes,
})
const CachePart = z.object({ Size: bytes, InUse: z.boolean().catch(true), Shared: z.boolean().catch(true) })
const Usage = z.object({
  Images: z.array(z.unknown()).nullish().catch(null),
  Containers: z.array(z.unknown()).nullish().catch(null),
  // An engine without any writes null; one that knows of none writes nothing.
  BuildCache: z
    .union([z.array(CachePart), z.null().transform(() => [])])
    .optional()
    .catch(undefined),
})
const Inspected = z.object({ Metadata: z.object({ LastTagTime: z.string() }).nullish().catch(null) })

const isName = (name: string) => !name.startsWith('<none>')

function readImage(entry: unknown): SeenImage | null {
  const { data } = Image.safeParse(entry)
  if (!data) return null
  return {
    id: data.Id,
    parentId: data.ParentId || null,
    tags: data.RepoTags.filter(isName),
    digests: data.RepoDigests.filter(isName),
    sizeBytes: data.Size,
    sharedBytes: data.SharedSize,
    createdAt: data.Created > 0 ? data.Created * 1000 : null,
    taggedAt: null,
  }
}

function readContainer(entry: unknown): SeenContainer {
  // One that cannot be read would make its image look free: then there is no report at all.
  const read = Container.parse(entry)
  return {
    id: read.Id,
    name: (read.Names[0] ?? '').replace(/^\//, ''),
    image: read.Image,
    imageId: read.ImageID,
    state: read.State,
    labels: read.Labels ?? {},
    createdAt: read.Created > 0 ? read.Created * 1000 : null,
    writtenBytes: read.SizeRw,
  }
}

const listOf = (answer: unknown): unknown[] => z.array(z.unknown()).parse(answer)

/** Every image and every container as they are now, without what costs the engine a long count. */
export async function readLists(docker: Dockerode): Promise<{ images: SeenImage[]; containers: SeenContainer[] }> {
  // Images first: a container made in between then shows, and its image is needed.
  const images = listOf(await docker.listImages({ all: true })).map(readImage)
  const containers = listOf(await docker.listContainers({ all: true })).map(readContainer)
  return { images: images.filter((image) => image !== null), containers }
}

/** Sizes as `/system/df` counts them, by id; the engine reads every layer for it, which may take many seconds. */
export async function readUsage(docker: Dockerode, signal: AbortSignal) {
  const answer = await dial(docker, { method: 'GET', path: '/system/df', signal })
  const { Images, Containers, BuildCache } = Usage.parse(answer ?? {})
  const images = (Images ?? []).map(readImage).filter((image) => image !== null)
  const containers = (Containers ?? []).flatMap((entry) => Container.safeParse(entry).data ?? [])
  return {
    shared: new Map(images.map(({ id, sharedBytes }) => [id, sharedBytes])),
    // The engine leaves a 0 out; that it has counted is told by the size of the whole.
    written: new Map(containers.map(({ Id, SizeRw, SizeRootFs }) => [Id, SizeRw ?? (SizeRootFs === null ? null : 0)])),
    cache: BuildCache ? cacheOf(BuildCache) : null,
  }
}

/** Parts that images share with the cache stay with the images. */
function cacheOf(parts: readonly z.infer<typeof CachePart>[]): SeenCache {
  const sum = (of: typeof parts) => of.reduce((total, { Size }) => total + (Size ?? 0), 0)
  const own = parts.filter(({ Shared }) => !Shared)
  return { totalBytes: sum(own), reclaimableBytes: sum(own.filter(({ InUse }) => !InUse)) }
}

/** When this machine gave an image its name; null where the engine does not tell, as of pulled ones on old engines. */
export async function readTaggedAt(docker: Dockerode, id: string): Promise<number | null> {
  const answer: unknown = await docker
    .getImage(id)
    .inspect()
    .catch(() => null)
  const at = Date.parse(Inspected.safeParse(answer).data?.Metadata?.LastTagTime ?? '')
  return at > 0 ? at : null
}
