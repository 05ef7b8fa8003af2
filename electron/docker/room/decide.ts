import type { RoomItem, RoomKept } from '../../../shared/contract'

/** What the engine says of an image. Sizes in bytes, null where it does not tell; times in Unix ms. */
export interface SeenImage {
  id: string
  /** The image that it was built on, where the engine remembers. */
  parentId: string | null
  tags: readonly string[]
  digests: readonly string[]
  sizeBytes: number | null
  sharedBytes: number | null
  createdAt: number | null
  /** When this machine gave it its name, by a build or a pull; null where that is not known. */
  taggedAt: number | null
}

export interface SeenContainer {
  id: string
  name: string
  /** As its maker named it, and as it was then. */
  image: string
  imageId: string
  state: string
  labels: Readonly<Record<string, string>>
  createdAt: number | null
  /** What was written in it, in bytes. */
  writtenBytes: number | null
}

export interface SeenCache {
  totalBytes: number
  /** What no build is using now, and no image has. */
  reclaimableBytes: number
}

/** What is known beside the engine's lists. */
export interface KnownNeeds {
  /** Images that known Compose projects and services name, as they stand there. */
  named: readonly string[]
  /** Known projects whose files cannot be read: any image with a name may be theirs. */
  unread: readonly string[]
  /** Containers of Regie's services, by id. */
  ownContainers: ReadonlySet<string>
  /** Until when an image is kept for an undo, by its name; null where that is not known. */
  keptUntil: ReadonlyMap<string, number | null>
  /** Names that updates gave and no update needs any more: it has ended, or its service is gone. */
  letGo: ReadonlySet<string>
}

export interface Decided {
  items: RoomItem[]
  kept: RoomKept[]
  needed: { images: number; sizeBytes: number }
}

/** What is younger than this may belong to a build or a deployment that is under way, in ms. */
export const youngMs = 60 * 60_000

/** Images of updates: of the new version while it is tried, and of the way back. Only the update removes them. */
const ofUpdate = /^regie\/(?:keep|update):/

/** Whoever set such a label looks after its container: Compose, Swarm, Kubernetes, Docker Desktop, Regie itself. */
const looksAfter = /^(?:com\.docker\.(?:compose|swarm|desktop)\.|io\.kubernetes\.|devcontainer\.|regie\.)/

/** A name as Docker itself shortens it: `docker.io/library/redis` is `redis:latest`. A digest stays. */
export function plainName(name: string): string {
  const [before = '', digest] = name.trim().split('@')
  const path = before.replace(/^(?:index\.)?docker\.io\//, '').replace(/^library\//, '')
  if (digest !== undefined) return `${path.replace(/:[^:/]+$/, '')}@${digest}`
  return /:[^:/]+$/.test(path) || /^sha256:/.test(path) ? path : `${path}:latest`
}

const isId = (name: string) => /^(?:sha256:)?[0-9a-f]{12,64}$/.test(name)

/** Whether a name that stands somewhere means this image: by tag, by digest or by id. */
export function means(name: string, { id, tags, digests }: Pick<SeenImage, 'id' | 'tags' | 'digests'>): boolean {
  const wanted = name.trim()
  if (isId(wanted) && id.replace('sha256:', '').startsWith(wanted.replace('sha256:', ''))) return true
  const plain = plainName(wanted)
  // With tag and digest the digest counts, but a file may have had either in mind.
  const both = /^(.+:[^:/@]+)@sha256:/.exec(wanted)?.[1]
  return [...tags, ...digests].some((own) => {
    const known = plainName(own)
    return known === plain || (both !== undefined && known === plainName(both))
  })
}

/** Whether a container is of this image: a tag that has moved on since is no proof against it. */
const isOf = ({ imageId, image }: SeenContainer, seen: SeenImage) => imageId === seen.id || means(image, seen)

const isYoung = (at: number | null, now: number) => at !== null && now - at < youngMs

const hasName = ({ tags, digests }: SeenImage) => tags.length > 0 || digests.length > 0

const shortId = (id: string) => id.replace('sha256:', '').slice(0, 12)

/** A repository without its tag: names in several of them are not taken away by one call. */
const repositories = (tags: readonly string[]) => new Set(tags.map((tag) => tag.replace(/:[^:/]+$/, '')))

/** What an image is to somebody; `free`: nothing. */
type Standing = 'needed' | 'free' | RoomKept['why']

interface Around extends KnownNeeds {
  containers: readonly SeenContainer[]
  parents: ReadonlySet<string>
  now: number
}

function standingOf(image: SeenImage, { containers, parents, named, unread, letGo, now }: Around): Standing {
  if (image.tags.some((tag) => ofUpdate.test(tag) && !letGo.has(tag))) return 'undo'
  if (parents.has(image.id)) return 'needed'
  if (containers.some((one) => isOf(one, image))) return 'needed'
  if (named.some((name) => means(name, image))) return 'needed'
  if (isYoung(image.createdAt, now) || isYoung(image.taggedAt, now)) return 'young'
  if (!hasName(image)) return 'free'
  if (unread.length > 0) return 'unread'
  return repositories(image.tags.filter((tag) => !letGo.has(tag))).size > 1 ? 'several-names' : 'free'
}

const nameOf = (image: SeenImage) => image.tags[0] ?? image.digests[0] ?? shortId(image.id)

const freed = ({ sizeBytes, sharedBytes }: SeenImage) =>
  sizeBytes === null || sharedBytes === null ? null : Math.max(0, sizeBytes - sharedBytes)

const imageItem = (image: SeenImage): RoomItem => ({
  id: `image:${image.id}`,
  kind: 'image',
  name: nameOf(image),
  names: [...image.tags],
  why: hasName(image) ? 'unused' : 'dangling',
  sizeBytes: image.sizeBytes,
  sharedBytes: image.sharedBytes,
  freesBytes: freed(image),
  createdAt: image.createdAt,
  image: null,
})

const standsStill = new Set(['exited', 'created', 'dead'])

/** Whether a container that stands still is nobody's that is known, and not being made just now. */
const isFree = ({ id, state, labels, createdAt }: SeenContainer, { ownContainers, now }: Around) =>
  standsStill.has(state) &&
  !ownContainers.has(id) &&
  !Object.keys(labels).some((label) => looksAfter.test(label)) &&
  !isYoung(createdAt, now)

const containerItem = (container: SeenContainer): RoomItem => ({
  id: `container:${container.id}`,
  kind: 'container',
  name: container.name || shortId(container.id),
  names: [],
  why: 'stopped',
  sizeBytes: container.writtenBytes,
  sharedBytes: null,
  freesBytes: container.writtenBytes,
  createdAt: container.createdAt,
  image: container.image,
})

const cacheItem = ({ reclaimableBytes }: SeenCache): RoomItem => ({
  id: 'build-cache',
  kind: 'build-cache',
  name: '',
  names: [],
  why: 'cache',
  sizeBytes: reclaimableBytes,
  sharedBytes: null,
  freesBytes: reclaimableBytes,
  createdAt: null,
  image: null,
})

const bySize = (a: { sizeBytes: number | null }, b: { sizeBytes: number | null }) =>
  (b.sizeBytes ?? 0) - (a.sizeBytes ?? 0)

/**
 * What nothing needs any more. An image is needed when a container, running or stopped, is of it, when a known project
 * or service names it by tag, digest or id, or when another image was built on it; what keeps an update's undo is left
 * to the update. Where it cannot be said whether something is needed, it is not offered.
 */
export function decideRoom(
  seen: { images: readonly SeenImage[]; containers: readonly SeenContainer[]; cache: SeenCache | null },
  known: KnownNeeds,
  now: number,
): Decided {
  const parents = new Set(seen.images.flatMap(({ parentId }) => (parentId === null ? [] : [parentId])))
  const around: Around = { ...known, containers: seen.containers, parents, now }
  const items = seen.containers.filter((one) => isFree(one, around)).map(containerItem)
  const kept: RoomKept[] = []
  const needed = { images: 0, sizeBytes: 0 }
  for (const image of seen.images) {
    const standing = standingOf(image, around)
    if (standing === 'free') items.push(imageItem(image))
    else if (standing === 'needed') {
      needed.images += 1
      needed.sizeBytes += image.sizeBytes ?? 0
    } else {
      const name = standing === 'undo' ? image.tags.find((tag) => ofUpdate.test(tag)) : undefined
      const until = (name !== undefined && known.keptUntil.get(name)) || null
      kept.push({ name: name ?? nameOf(image), sizeBytes: image.sizeBytes, why: standing, until })
    }
  }
  if (seen.cache && seen.cache.reclaimableBytes > 0) items.push(cacheItem(seen.cache))
  return { items: items.sort(bySize), kept: kept.sort(bySize), needed }
}
