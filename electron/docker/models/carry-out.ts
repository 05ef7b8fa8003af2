import { Problem } from '../../../shared/problems'
import type { Engine } from '../engine'
import { containerProblem } from '../exec'
import type { ImageRoom } from '../room/free'
import {
  bytesOfPiece,
  copyPiece,
  goOnWith,
  isPieceWhole,
  listFolder,
  makeFolders,
  piecesOf,
  wrongSizes,
  type CopiedFile,
} from './copying'
import { ensureVolume, startHelper, type Helper } from './helper'
import type { CopyEntry } from './journal'
import { createRate } from './rate'

interface Work {
  engine: Pick<Engine, 'client'>
  image: string
  room: () => Promise<ImageRoom>
  signal: AbortSignal
  /** `keeps`: it is written down before the copy goes on. */
  tell: (change: Partial<CopyEntry>, keeps: boolean) => Promise<void>
}

const gib = 2 ** 30
/** Left for what runs meanwhile. */
const leftBytes = 2 * gib

const sum = (files: readonly CopiedFile[], of: (file: CopiedFile) => number) =>
  files.reduce((total, file) => total + of(file), 0)

/** Refuses what does not fit; where nobody knows, the copy goes on and fails by the same name. */
async function assertRoom(bytes: number, room: Work['room']): Promise<void> {
  const { mostBytes, where } = await room()
  if (mostBytes === null || mostBytes >= bytes + leftBytes) return
  const inGiB = (one: number) => Math.round((one / gib) * 10) / 10
  throw new Problem('models.no-room', { free: inGiB(mostBytes), needed: inGiB(bytes + leftBytes), where: where || '?' })
}

/**
 * Copies what is not copied yet and verifies all of it. What is whole is noted as it comes. Throws a Problem, with the
 * originals as they were and nothing switched.
 */
export async function carryOut(entry: CopyEntry, work: Work): Promise<void> {
  const { engine, image, signal } = work
  await ensureVolume(engine, entry.volume, entry.serviceId)
  const { id, source, volume, pieceMiB } = entry
  const helper = await startHelper(engine, { id, image, source, volume, pieceMiB }, signal).catch((error: unknown) => {
    throw containerProblem(error, volume)
  })
  try {
    const files = goOnWith(await listFolder(helper, signal), entry.plan)
    await work.tell({ plan: files, files: files.length, totalBytes: sum(files, ({ bytes }) => bytes) }, true)
    await copyAll(entry, helper, work)
    await verifyAll(entry, helper, work)
  } finally {
    await helper.remove()
  }
}

const copiedOf = (file: CopiedFile, pieceMiB: number) => Math.min(file.bytes, file.pieces.length * pieceMiB * 2 ** 20)

async function copyAll(entry: CopyEntry, helper: Helper, { signal, tell, room }: Work): Promise<void> {
  const { plan: files, pieceMiB } = entry
  const copied = () => sum(files, (file) => copiedOf(file, pieceMiB))
  await assertRoom(entry.totalBytes - copied(), room)
  await makeFolders(helper, files, signal)
  const rate = createRate()
  await tell({ state: 'copying', copiedBytes: copied() }, true)
  for (const file of files) {
    while (file.pieces.length < piecesOf(file.bytes, pieceMiB)) {
      signal.throwIfAborted()
      await tell({ current: file.path }, false)
      const bytes = await copyPiece(helper, file, signal).catch(async (error: unknown) => {
        // A disk that is full is said by name.
        if (error instanceof Problem && error.id === 'models.cut-short') await assertRoom(pieceMiB * 2 ** 20, room)
        throw error
      })
      await tell({ copiedBytes: copied(), bytesPerS: rate.add(bytes) }, true)
    }
  }
}

/** Throws `models.differs`; the file is then copied anew by the next copy. */
async function verifyAll(entry: CopyEntry, helper: Helper, { signal, tell }: Work): Promise<void> {
  const { plan: files, pieceMiB } = entry
  const refuse = async (file: CopiedFile) => {
    file.pieces = []
    await tell({ plan: files }, true)
    throw new Problem('models.differs', { name: file.path })
  }
  const rate = createRate()
  await tell({ state: 'verifying', verifiedBytes: 0, bytesPerS: null }, true)
  const wrong = new Set(await wrongSizes(helper, files, signal))
  let verified = 0
  for (const file of files) {
    if (wrong.has(file.path)) await refuse(file)
    for (let at = 0; at < file.pieces.length; at++) {
      signal.throwIfAborted()
      await tell({ current: file.path }, false)
      if (!(await isPieceWhole(helper, file, at, signal))) await refuse(file)
      const bytes = bytesOfPiece(file, at, pieceMiB)
      verified += bytes
      await tell({ verifiedBytes: verified, bytesPerS: rate.add(bytes) }, false)
    }
  }
  assertUnchanged(files, await listFolder(helper, signal))
}

/** What was written to the folder meanwhile would be missing in the copy. */
function assertUnchanged(files: readonly CopiedFile[], now: readonly CopiedFile[]): void {
  const known = new Map(files.map((file) => [file.path, file]))
  const changed = now.find(({ path, bytes, changedAt }) => {
    const one = known.get(path)
    return one?.bytes !== bytes || one.changedAt !== changedAt
  })
  if (changed) throw new Problem('models.changed', { name: changed.path })
}
