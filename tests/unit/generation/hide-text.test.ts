import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createImages } from '../../../electron/generation/images'
import { readPngText } from '../../../electron/generation/png-text'
import { createRedactor } from '../../../electron/vault/redactor'

const user = 'renate'
const secret = 'Zq7mW/4xK+pR9tB2vL8nc%Hy'
const redactor = createRedactor()
redactor.learn(secret)
const redact = (text: string) => redactor.redact(text)

const part = (type: string, data: Buffer) => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  return Buffer.concat([length, Buffer.from(type, 'latin1'), data, Buffer.alloc(4)])
}

let folder: string
let plain: Buffer
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'regie-text-'))
  plain = await sharp({ create: { width: 16, height: 8, channels: 3, background: 'teal' } })
    .png()
    .toBuffer()
})
afterAll(() => rm(folder, { recursive: true }))

/** The picture with these parts in front of its own pixels, behind its header. */
const withParts = (...parts: Buffer[]) => Buffer.concat([plain.subarray(0, 33), ...parts, plain.subarray(33)])

async function keep(bytes: Buffer) {
  const images = createImages({ images: path.join(folder, 'i'), thumbnails: path.join(folder, 't') }, redact)
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += 1000) yield await Promise.resolve(bytes.subarray(at, at + 1000))
  }
  const id = crypto.randomUUID()
  const { image: kept } = await images.keep(id, 0, { pieces: pieces(), room: 2 ** 30 })
  return Buffer.from(await (await images.open(kept, 'x.png')).bytes())
}

const base64 = Buffer.from(`${user}:${secret}`).toString('base64')
const texts: [string, Buffer][] = [
  ['plain', part('tEXt', Buffer.from(`parameters\0a cat, ${secret}, Steps: 4`))],
  ['in base64', part('tEXt', Buffer.from(`parameters\0a cat, Authorization: Basic ${base64}`))],
  ['percent-encoded', part('tEXt', Buffer.from(`parameters\0a cat ${encodeURIComponent(secret)}`))],
  ['in JSON', part('iTXt', Buffer.from(`prompt\0\0\0\0\0${JSON.stringify({ said: JSON.stringify(secret) })}`))],
  ['packed', part('zTXt', Buffer.concat([Buffer.from('workflow\0\0'), deflateSync(Buffer.from(`a cat ${secret}`))]))],
  ['as a keyword', part('tEXt', Buffer.from(`${secret}\0x`))],
]

describe('a secret that a service wrote into a picture', () => {
  it.each(texts)('%s is not kept, and the picture stays the same', async (_, text) => {
    const file = await keep(withParts(text))

    const told = JSON.stringify(readPngText(file))
    expect(told).toContain('[secret ')
    const tail = base64.slice(Math.ceil(((user.length + 1) * 4) / 3))
    for (const spelled of [secret, secret.slice(0, 8), encodeURIComponent(secret), tail.slice(0, 12)]) {
      expect(told).not.toContain(spelled)
      expect(file.includes(spelled)).toBe(false)
    }
    // Strict readers check the sums of the parts.
    const pixels = (bytes: Buffer) => sharp(bytes, { failOn: 'warning' }).raw().toBuffer()
    expect(Buffer.compare(await pixels(file), await pixels(plain))).toBe(0)
  })

  it('is not kept in an animated one of ComfyUI either, which has parts of its own behind the pixels', async () => {
    const comf = (text: string) =>
      Buffer.concat([plain.subarray(0, -12), part('comf', Buffer.from(`prompt\0${text}`)), plain.subarray(-12)])
    const said = JSON.stringify({ text: secret })
    expect(readPngText(comf(said))).toEqual({ prompt: said })
    const file = await keep(comf(said))
    expect([file.includes(secret), readPngText(file)['prompt']]).toEqual([false, expect.stringContaining('[secret ')])
    expect((await sharp(file).raw().toBuffer()).length).toBeGreaterThan(0)
    expect((await sharp(comf('a cat')).raw().toBuffer()).length).toBeGreaterThan(0)
  })

  it('costs the other texts nothing, and a picture without one is kept to the byte', async () => {
    const other = part('tEXt', Buffer.from('Author\0somebody'))
    const [first = ['', Buffer.alloc(0)] as const] = texts
    expect(readPngText(await keep(withParts(other, first[1])))['Author']).toBe('somebody')
    const untouched = withParts(other)
    expect(Buffer.compare(await keep(untouched), untouched)).toBe(0)
  })
})

it('what is no picture is refused, and nothing of it stays', async () => {
  const file = path.join(folder, 'none')
  await writeFile(file, '')
  await expect(keep(Buffer.from('GIF89a and more of it'))).rejects.toMatchObject({ id: 'generation.bad-image' })
  await expect(keep(plain.subarray(0, 20))).rejects.toMatchObject({ id: 'generation.bad-image' })
  expect(await readFile(file)).toHaveLength(0)
})
