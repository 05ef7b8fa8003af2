import { Problem, reason, type Reason } from '../../../shared/problems'
import type { Engine } from '../engine'
import { roomForImages, type ImageRoom } from './free'

const gib = 2 ** 30

/**
 * What a build writes beside the image itself, as a part of its size. While PyTorch is installed its wheels lie beside
 * what is unpacked of them, at about half its size, and nearly all of such an image is PyTorch. An engine that keeps
 * images in containerd keeps each layer packed as well: the same half. The wheels are gone before a layer is packed, so
 * that the two do not add up. The image before stays until the end, and is in no figure.
 */
const overhead = 0.5
/** Left for what runs meanwhile: logs, and what containers write. */
const leftGiB = 2

/** How much room a build of an image of so many GiB takes until it is done, in whole GiB. */
export const neededGiB = (imageGiB: number): number => Math.ceil(imageGiB * (1 + overhead) + leftGiB)

/**
 * Whether a build fits: `unknown` where nobody says how much is free, or how large the image becomes. GiB, rounded down.
 */
export interface BuildRoom {
  state: 'fits' | 'no-room' | 'unknown'
  freeGiB: number | null
  neededGiB: number | null
  where: string
  /** Why not, or how to find out; null when it fits. */
  reason: Reason | null
}

/** Judges a room by what is known of it. `imageGiB`: null where the size of the image is not known. */
export function judgeBuildRoom({ leastBytes, mostBytes, where }: ImageRoom, imageGiB: number | null): BuildRoom {
  const known = leastBytes ?? mostBytes
  const freeGiB = known === null ? null : Math.max(0, Math.floor(known / gib))
  const needed = imageGiB === null ? null : neededGiB(imageGiB)
  const least = needed ?? leftGiB
  const told = { freeGiB, neededGiB: needed, where: where || '?' }
  if (mostBytes !== null && mostBytes < least * gib) {
    const free = Math.max(0, Math.floor(mostBytes / gib))
    const why = reason('docker.no-room', { free, needed: least, where: told.where })
    return { ...told, freeGiB: free, state: 'no-room', reason: why }
  }
  if (needed !== null && leastBytes !== null && leastBytes >= needed * gib)
    return { ...told, state: 'fits', reason: null }
  const why = needed === null ? reason('docker.build-size-unknown') : reason('docker.room-unknown', { needed })
  return { ...told, state: 'unknown', reason: why }
}

type AskedEngine = Pick<Engine, 'client' | 'containers' | 'status'>

/** Looks whether a build fits, and refuses nothing. Throws a Problem when there is no engine. */
export const lookAtBuildRoom = async (engine: AskedEngine, imageGiB: number | null): Promise<BuildRoom> =>
  judgeBuildRoom(await roomForImages(engine), imageGiB)

/**
 * Refuses a build that does not fit, before it begins: throws `docker.no-room` with what is free and needed in GiB.
 * Returns what is known otherwise: `unknown` is a warning, not a refusal.
 */
export async function assertBuildRoom(engine: AskedEngine, imageGiB: number | null): Promise<BuildRoom> {
  const room = await lookAtBuildRoom(engine, imageGiB)
  if (room.state !== 'no-room') return room
  const { freeGiB, neededGiB: needed, where } = room
  throw new Problem('docker.no-room', { free: freeGiB ?? 0, needed: needed ?? leftGiB, where })
}

/** How large an image that is there is, in GiB; null where there is none of that name or id. */
export async function imageGiBOf(engine: Pick<Engine, 'client'>, image: string): Promise<number | null> {
  const client = await engine.client()
  const found = await client
    .getImage(image)
    .inspect()
    .catch(() => null)
  return found ? found.Size / gib : null
}
