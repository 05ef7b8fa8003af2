import { createHash, randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { InputImage, type AccountId, type GenerationParams } from '../../../shared/contract'
import { mediaOf } from '../../../shared/media'
import { Problem } from '../../../shared/problems'
import { systemClock, type Clock } from '../../async/clock'
import { createSerial } from '../../async/serial'
import type { InputPicture } from '../../kinds'
import { readIfPresent, writeFileAtomic } from '../../storage/files'
import type { InputRecords, KeptInput } from './records'
import { createSweep } from './sweep'
import { assertUsable, tidyPicture } from './tidy'

/** So many bytes an account may keep that no generation names. */
const mostUnusedBytes = 512 * 2 ** 20

/** The pictures that a request names: sources, references and the mask. */
export const inputsOf = ({ images = [], mask }: Pick<GenerationParams, 'images' | 'mask'>): string[] => [
  ...images,
  ...(mask === undefined ? [] : [mask]),
]

/** Pictures that people gave to generate from. Each account has its own. Calls throw a Problem on expected failures. */
export interface Inputs {
  /** Keeps a picture, as it was looked at. `imageId`: the picture of the gallery that it is. */
  keep(account: AccountId, file: Uint8Array, imageId: string | null): Promise<InputImage>
  /** The same of a file of the gallery, of which nothing is read when it cannot be used. */
  keepFile(account: AccountId, file: File, imageId: string): Promise<InputImage>
  /** Whose it is; null for an unknown one. */
  accountOf(id: string): AccountId | null
  /** Its bytes, and what is known of it. */
  read(id: string): Promise<InputPicture>
  /**
   * Throws a Problem unless all that a request names is there and the account's own, and the mask fits the source.
   * `others`: pictures that it names otherwise, in the values of a workflow.
   */
  check(account: AccountId, params: GenerationParams, others?: readonly string[]): void
  /** Deletes what is due now, and from then on what becomes due. */
  start(): Promise<void>
  close(): Promise<void>
}

interface InputParts {
  records: InputRecords
  /** Where the files lie; made when it is needed. */
  folder: string
  clock?: Clock
  reportBug: (error: unknown) => void
}

/** Without whose it is. */
const told = (input: KeptInput): InputImage => InputImage.parse(input)

export function createInputs({ records, folder, clock = systemClock, reportBug }: InputParts): Inputs {
  // One picture after the other: each is unpacked whole.
  const inTurn = createSerial()
  const fileOf = ({ id, mime }: Pick<InputImage, 'id' | 'mime'>) =>
    path.join(folder, id.slice(0, 2), `${id}.${mediaOf(mime).ending}`)

  const keep = async (account: AccountId, file: Uint8Array, imageId: string | null): Promise<InputImage> => {
    const { bytes, ...about } = await tidyPicture(file)
    const hash = createHash('sha256').update(bytes).digest('hex')
    const before = records.same(account, hash, imageId)
    if (before) {
      records.renew(before.id, clock.now())
      return told({ ...before, createdAt: clock.now() })
    }
    if (records.unusedBytes(account) + bytes.length > mostUnusedBytes)
      throw new Problem('picture.too-many', { limit: mostUnusedBytes / 2 ** 20 })
    const input: KeptInput = {
      ...about,
      account,
      imageId,
      id: randomUUID(),
      bytes: bytes.length,
      createdAt: clock.now(),
    }
    await mkdir(path.dirname(fileOf(input)), { recursive: true })
    // The file before the row that names it: what a crash leaves is a file that nobody knows, and no name without a file.
    await writeFileAtomic(fileOf(input), bytes)
    records.add(input, hash)
    return told(input)
  }

  const sweep = createSweep({ records, clock, reportBug, inTurn, erase: (input) => rm(fileOf(input), { force: true }) })

  const find = (id: string): KeptInput => {
    const input = records.find(id)
    if (!input) throw new Problem('picture.not-found', { id })
    return input
  }

  return {
    keep: (account, file, imageId) => inTurn(() => keep(account, file, imageId)),
    keepFile: async (account, file, imageId) => {
      assertUsable(file.type)
      return inTurn(async () => keep(account, await file.bytes(), imageId))
    },
    accountOf: (id) => records.find(id)?.account ?? null,
    async read(id) {
      const input = find(id)
      const bytes = await readIfPresent(fileOf(input))
      if (bytes === null) throw new Problem('picture.not-found', { id })
      return { bytes, mime: input.mime, width: input.width, height: input.height }
    },
    check: (account, params, others = []) => checkOwn(find, account, { ...params, others }),
    start: () => sweep.look(),
    close: () => sweep.close(),
  }
}

/** Throws a Problem unless all that is named is the account's own, and the mask fits the source. */
function checkOwn(
  find: (id: string) => KeptInput,
  account: AccountId,
  { images = [], mask, others }: Pick<GenerationParams, 'images' | 'mask'> & { others: readonly string[] },
): void {
  const own = (id: string) => {
    const input = find(id)
    if (input.account !== account) throw new Problem('picture.not-found', { id })
    return input
  }
  others.forEach(own)
  const [source] = images.map(own)
  if (mask === undefined) return
  if (!source) throw new Problem('picture.mask-alone')
  const { width, height } = own(mask)
  if (width === source.width && height === source.height) return
  throw new Problem('picture.mask-size', { mask: `${width}×${height}`, source: `${source.width}×${source.height}` })
}
