import fc from 'fast-check'
import { readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { createPictureScan } from '../../../electron/kinds/forge/picture-scan'
import { spoolAnswer } from '../../../electron/kinds/forge/spool'
import { Problem } from '../../../shared/problems'
import { temporaryFolder } from '../../support/programs'

const base64 = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64'))
const answers = fc.record(
  {
    parameters: fc.jsonValue({ maxDepth: 3 }),
    images: fc.array(
      fc.oneof(
        base64,
        base64.map((text) => `data:image/png;base64,${text}`),
      ),
      { maxLength: 5 },
    ),
    other: fc.record({ images: fc.array(fc.string()) }),
    info: fc.string(),
  },
  { requiredKeys: ['images'] },
)

/** How much is held in memory: nothing, a part, all. */
const held = fc.constantFrom(0, 100, 2 ** 20)

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size))
}
const tooLong = () => new Problem('backend.answer-too-large', { asked: 'POST /x', size: 'much', limit: 'less' })
const decodedFrom = (text: string) => Buffer.from(text.replace(/^data:[^,]*,/, ''), 'base64')

describe('an answer with pictures', () => {
  it('is kept piece by piece, in memory or on disk, and gives the same pictures and the same rest', async () => {
    await using folder = await temporaryFolder()
    await fc.assert(
      fc.asyncProperty(
        answers,
        fc.integer({ min: 1, max: 70 }),
        fc.boolean(),
        held,
        async (answer, size, isSpaced, most) => {
          const bytes = Buffer.from(JSON.stringify(answer, null, isSpaced ? 2 : 0))
          const spooled = await spoolAnswer(inPieces(bytes, size), {
            ...{ folder: folder.path, limit: 2 ** 20, tooLong },
            held: most,
          })
          const pictures: Buffer[] = []
          for (const { pieces } of spooled.images) {
            const all: Uint8Array[] = []
            for await (const piece of pieces()) all.push(piece)
            pictures.push(Buffer.concat(all))
          }
          expect(pictures.map((one) => one.toString('hex'))).toEqual(
            answer.images.map((text) => decodedFrom(text).toString('hex')),
          )
          expect(JSON.parse(spooled.rest.toString('utf8'))).toEqual(
            JSON.parse(JSON.stringify({ ...answer, images: answer.images.map(() => '') })),
          )
          await spooled.release()
        },
      ),
      { numRuns: 150 },
    )
    expect(await readdir(folder.path)).toEqual([])
  })

  it.each([0, 2 ** 20])('decodes a picture that is longer than one piece, %d bytes held', async (most) => {
    await using folder = await temporaryFolder()
    const picture = Buffer.from(Array.from({ length: 300_001 }, (_, at) => (at * 31) % 251))
    const bytes = Buffer.from(
      JSON.stringify({ images: [picture.toString('base64').replaceAll('/', '\\/')], info: '{}' }),
    )
    // JSON.stringify escapes the backslash; a server would not.
    const plain = Buffer.from(bytes.toString('latin1').replaceAll('\\\\/', '\\/'), 'latin1')
    const { images, release } = await spoolAnswer(inPieces(plain, 7001), {
      folder: folder.path,
      limit: 2 ** 20,
      held: most,
      tooLong,
    })
    const all: Uint8Array[] = []
    for await (const piece of images[0]?.pieces() ?? []) all.push(piece)
    expect(Buffer.compare(Buffer.concat(all), picture)).toBe(0)
    await release()
  })

  it.each([
    ['longer than it may be', JSON.stringify({ images: ['A'.repeat(5000)] }), 4000],
    ['with more texts beside its pictures than anybody sends', `{"info":"${'x'.repeat(5 * 2 ** 20)}"}`, 2 ** 30],
    ['with more pictures than anybody makes', `{"images":[${'"",'.repeat(10_100)}""]}`, 2 ** 30],
  ])('%s is refused, and nothing of it stays', async (_, text, limit) => {
    await using folder = await temporaryFolder()
    const spooling = spoolAnswer(inPieces(Buffer.from(text), 1000), { folder: folder.path, limit, held: 100, tooLong })

    await expect(spooling).rejects.toMatchObject({ id: 'backend.answer-too-large' })
    expect(await readdir(folder.path)).toEqual([])
  })

  it('that breaks off leaves nothing', async () => {
    await using folder = await temporaryFolder()
    async function* broken(): AsyncGenerator<Buffer> {
      yield await Promise.resolve(Buffer.from('{"images":["AAAA'))
      throw new Problem('backend.disconnected', { detail: 'ECONNRESET' })
    }
    await expect(
      spoolAnswer(broken(), { folder: folder.path, limit: 2 ** 20, held: 0, tooLong }),
    ).rejects.toMatchObject({
      id: 'backend.disconnected',
    })
    expect(await readdir(folder.path)).toEqual([])
  })

  it('never makes the scan fail, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }), (chunks) => {
        const scan = createPictureScan()
        expect(() => chunks.forEach((chunk) => scan.push(Buffer.from(chunk)))).not.toThrow()
      }),
    )
  })
})
