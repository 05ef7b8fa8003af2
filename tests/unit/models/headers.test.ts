import fc from 'fast-check'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readHeader } from '../../../electron/models/headers'
import { gguf, safetensors, shapesOf } from '../../support/model-files'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'regie-headers-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let made = 0
async function read(bytes: Uint8Array, end = 'safetensors') {
  const file = path.join(folder, `${++made}.${end}`)
  await writeFile(file, bytes)
  return readHeader(file)
}

const length = (bytes: bigint) => {
  const buffer = Buffer.alloc(8)
  buffer.writeBigUInt64LE(bytes)
  return buffer
}

/** A header as it stands, with its length before it. */
const withHeader = (text: string, behind = 64) =>
  Buffer.concat([length(BigInt(Buffer.byteLength(text))), Buffer.from(text), Buffer.alloc(behind)])

describe('families by their headers', () => {
  test.each([
    ['sdxl', 'checkpoint', 'sdxl'],
    ['sd15', 'checkpoint', 'sd15'],
    ['flux', 'diffusion-model', 'flux'],
    ['flux2', 'diffusion-model', 'flux2'],
    ['qwen', 'diffusion-model', 'qwen-image'],
    ['zImage', 'diffusion-model', 'z-image'],
    ['qwen3', 'text-encoder', 'qwen3'],
    ['vaeFlux', 'vae', 'vae-flux'],
    ['loraSdxl', 'lora', 'sdxl'],
  ] as const)('%s', async (shapes, role, family) => {
    expect(await read(safetensors(shapesOf[shapes]))).toEqual({ header: 'read', role, family })
  })

  test('a LoRA whose makers say what it is for', async () => {
    const shapes = { 'lora_unet_x.lora_down.weight': [8, 8] }
    const notes = { 'modelspec.architecture': 'flux-1-dev/lora' }
    expect(await read(safetensors(shapes, { notes }))).toEqual({ header: 'read', role: 'lora', family: 'flux' })
  })

  test('what is known of none', async () => {
    expect(await read(safetensors({ something: [1] }))).toEqual({ header: 'read', role: null, family: null })
  })

  test('GGUF by its architecture, also behind other entries', async () => {
    expect(await read(gguf('flux'), 'gguf')).toEqual({ header: 'read', role: 'diffusion-model', family: 'flux' })
    expect((await read(gguf('qwen_image', 50), 'gguf')).family).toBe('qwen-image')
    expect((await read(gguf('of another world'), 'gguf')).family).toBeNull()
  })

  test('a file that runs code is never opened as one that has a header', async () => {
    expect(await read(safetensors(shapesOf.sdxl), 'ckpt')).toEqual({ header: 'none', role: null, family: null })
  })
})

describe('hostile headers', () => {
  const refused = { header: 'refused', role: null, family: null }
  const entry = (offsets: unknown, shape: unknown = [1]) =>
    JSON.stringify({ a: { dtype: 'F16', shape, data_offsets: offsets } })

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a few bytes', Buffer.from('short')],
    ['a length that no file has', Buffer.concat([length(2n ** 63n), Buffer.from('{}')])],
    ['a length behind the end', Buffer.concat([length(5000n), Buffer.from('{}')])],
    ['no JSON', withHeader('{"a": ')],
    ['no object', withHeader('[1,2,3]')],
    ['no tensor', withHeader('{}')],
    ['a tensor behind the end', withHeader(entry([0, 1e6]))],
    ['a tensor that ends before it begins', withHeader(entry([8, 4]))],
    ['a negative shape', withHeader(entry([0, 4], [-1]))],
    ['a shape that is a text', withHeader(entry([0, 4], 'many'))],
    ['offsets that are none', withHeader(entry({ length: 2 }))],
    ['as many dimensions as nobody has', withHeader(entry([0, 4], Array(1000).fill(1)))],
  ])('%s', async (_what, bytes) => {
    expect(await read(bytes)).toEqual(refused)
  })

  test('a header beyond what is read is refused before it is read', async () => {
    const file = path.join(folder, 'huge.safetensors')
    await writeFile(file, length(BigInt(64 * 2 ** 20)))
    await truncate(file, 80 * 2 ** 20)
    const begun = process.cpuUsage()
    expect(await readHeader(file)).toEqual(refused)
    expect(process.cpuUsage(begun).user).toBeLessThan(200_000)
  })

  test('nesting, and names of prototypes, do no harm', async () => {
    expect(await read(withHeader(`{"a":${'['.repeat(200_000)}`))).toEqual(refused)
    const odd =
      '{"__proto__":{"dtype":"F16","shape":[1],"data_offsets":[0,4]},"constructor":{"dtype":"F16","shape":[1],"data_offsets":[0,4]}}'
    expect(await read(withHeader(odd))).toEqual({ header: 'read', role: null, family: null })
    expect(Object.prototype).not.toHaveProperty('dtype')
  })

  test('twice as long costs about twice as much', async () => {
    const cost = async (tensors: number) => {
      const shapes = Object.fromEntries(
        Array.from({ length: tensors }, (_, at) => [`lora_unet_blocks_${at}.lora_x`, [1]]),
      )
      const bytes = safetensors(shapes)
      const begun = process.cpuUsage()
      await read(bytes)
      const { user, system } = process.cpuUsage(begun)
      return user + system
    }
    await cost(1000)
    const [small, large] = [await cost(4000), await cost(32_000)]
    expect(large).toBeLessThan(small * 8 * 5 + 200_000)
  })

  test.each([
    ['no magic', Buffer.from('GGUX'.padEnd(40, '\0'))],
    ['cut short', Buffer.from('GGUF')],
  ])('GGUF: %s', async (_what, bytes) => {
    expect(await read(bytes, 'gguf')).toEqual(refused)
  })

  test('GGUF: lengths and counts that no file has name no architecture', async () => {
    const begin = Buffer.from('GGUF\x03\0\0\0')
    const most = Buffer.alloc(16, 0xff)
    expect(await read(Buffer.concat([begin, most, most]), 'gguf')).toMatchObject({ family: null })
    const list = Buffer.concat([
      begin,
      length(0n),
      length(1n),
      length(1n),
      Buffer.from('a'),
      Buffer.from([9, 0, 0, 0, 8, 0, 0, 0]),
      most,
    ])
    expect(await read(list, 'gguf')).toMatchObject({ family: null })
  })

  test('whatever stands there, something is answered', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.json().map((text) => withHeader(text, 8)),
    )
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom('safetensors', 'gguf'), async (some, end) => {
        expect(['read', 'refused']).toContain((await read(some, end)).header)
      }),
      { numRuns: 150 },
    )
  })
})
