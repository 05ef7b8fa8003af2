import { decode } from 'fast-png'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseBehaviour } from '../../../electron/simulator/behaviour'
import { allKinds } from '../../../electron/kinds'
import { parseCommand } from '../../../electron/simulator/cli'
import { openFernet, sealFernet } from '../../../electron/simulator/comfyui/fernet'
import { decide, type Attempt } from '../../../electron/simulator/comfyui/login'
import { repr, toBool, toFloat, toInt } from '../../../electron/simulator/comfyui/python'
import { popItem, pushItem, removeItem, type QueueItem } from '../../../electron/simulator/comfyui/queue'
import { parseEnv } from '../../../electron/simulator/forge/account'
import { parseInfotext, writeInfotext } from '../../../electron/simulator/forge/infotext'
import { parseMultipart } from '../../../electron/simulator/http/forms'
import { encodePng, readPngTexts } from '../../../electron/simulator/media/png'
import { decodeImage, encodeJpeg, resize } from '../../../electron/simulator/media/raster'
import { sampleOf } from '../../../electron/simulator/media/samples'

describe('the queue', () => {
  const item = (number: number): QueueItem => [number, String(number), {}, {}, []]
  const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 40 })

  test('gives up its items in the order of their numbers', () => {
    fc.assert(
      fc.property(numbers, (given) => {
        const heap: QueueItem[] = []
        for (const number of given) pushItem(heap, item(number))
        const taken = given.map(() => popItem(heap)?.[0])
        expect(taken).toEqual([...given].sort((a, b) => a - b))
        expect(popItem(heap)).toBeNull()
      }),
    )
  })

  test('stays in order when an item is taken out', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 40 }), (given) => {
        const heap: QueueItem[] = []
        for (const number of given) pushItem(heap, item(number))
        const [gone = 0, ...rest] = given
        expect([removeItem(heap, String(gone)), removeItem(heap, 'nobody')]).toEqual([true, false])
        expect(rest.map(() => popItem(heap)?.[0])).toEqual([...rest].sort((a, b) => a - b))
      }),
    )
  })

  test('is laid out as Python lays out a heap', () => {
    const heap: QueueItem[] = []
    for (const number of [34, -35, -50, 7.5]) pushItem(heap, item(number))
    expect(heap.map(([number]) => number)).toEqual([-50, 7.5, -35, 34])
  })
})

describe('the decision of ComfyUI-Login', () => {
  const attempt: Attempt = {
    method: 'GET',
    path: '/queue',
    accept: '*/*',
    authorization: null,
    queryToken: null,
    origin: null,
    session: 'none',
  }

  test('reads the token only when a header or query may hold it', () => {
    const never = () => {
      throw new Error('read')
    }
    expect(decide({ ...attempt, session: 'logged-in', authorization: 'Bearer' }, null, never)).toBe('allow')
    expect(decide({ ...attempt, session: 'guest', method: 'DELETE' }, null, never)).toBe('pretend')
    expect(decide(attempt, 'https://app.example', never)).toBe('refuse')
  })
})

describe('Python’s conversions', () => {
  test.each([
    ['20', 20],
    [' -7 ', -7],
    ['1_000', 1000],
    [64.9, 64],
    [true, 1],
  ])('int(%j) is %i', (value, number) => expect(toInt(value)).toBe(number))

  test.each(['', '64.9', 'abc', null, []])('int(%j) is refused', (value) => {
    expect(() => toInt(value)).toThrow(/^(invalid literal for int|int\(\) argument)/)
  })

  test('float and bool', () => {
    expect([toFloat('1e3'), toFloat(' 2 '), toBool('false'), toBool(''), toBool([]), toBool({ a: 1 })]).toEqual([
      1000,
      2,
      true,
      false,
      false,
      true,
    ])
    expect(() => toFloat('x')).toThrow("could not convert string to float: 'x'")
  })

  test('repr', () => {
    expect(repr({ a: [1, 'b', null, true, "it's"] })).toBe(`{'a': [1, 'b', None, True, "it's"]}`)
  })
})

describe('cookies', () => {
  const key = Buffer.alloc(32, 7).toString('base64url')

  test('come back, and only with their own key and untouched', () => {
    const sealed = sealFernet(key, 'hello')
    expect(openFernet(key, sealed)).toBe('hello')
    expect(openFernet(Buffer.alloc(32, 8).toString('base64url'), sealed)).toBeNull()
    expect(openFernet(key, `${sealed.slice(0, -8)}AAAAAAA=`)).toBeNull()
    expect(openFernet(key, 'short')).toBeNull()
  })

  test('the example of the Fernet specification opens', () => {
    const token = 'gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA=='
    expect(openFernet('cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=', token)).toBe('hello')
  })
})

describe('PNG files', () => {
  test('hold the pixels and the texts that went in, read by an independent decoder', async () => {
    const data = Uint8Array.from({ length: 7 * 5 * 3 }, (_, i) => (i * 37) % 256)
    const file = await encodePng({ width: 7, height: 5, data }, { prompt: 'été', workflow: '{}' })
    const decoded = decode(file, { checkCrc: true })
    expect([decoded.width, decoded.height, decoded.channels, decoded.depth]).toEqual([7, 5, 3, 8])
    expect(Buffer.from(decoded.data)).toEqual(Buffer.from(data))
    expect(decoded.text).toEqual({ prompt: 'été', workflow: '{}' })
    expect(decodeImage(file)).toEqual({ width: 7, height: 5, data })
  })

  test('keep a text that Latin-1 cannot hold in UTF-8', async () => {
    const file = await encodePng({ width: 1, height: 1, data: new Uint8Array(3) }, { parameters: 'a 🦊 — naïve' })
    expect(file.includes('iTXt')).toBe(true)
    expect(readPngTexts(file)).toEqual({ parameters: 'a 🦊 — naïve' })
  })

  test('anything else has no texts and is no picture', () => {
    expect(readPngTexts(Buffer.from('no picture'))).toEqual({})
    expect([decodeImage(Buffer.from('no picture')), decodeImage(Buffer.alloc(0))]).toEqual([null, null])
  })
})

describe('pictures that come in', () => {
  test('a JPEG is read back nearly as it was', () => {
    const raster = { width: 16, height: 16, data: new Uint8Array(768).fill(120) }
    const back = decodeImage(encodeJpeg(raster))
    expect([back?.width, back?.height]).toEqual([16, 16])
    expect(Math.abs((back?.data[100] ?? 0) - 120)).toBeLessThan(4)
  })

  test('shrinking averages, and cropping keeps the aspect', () => {
    const data = new Uint8Array(4 * 2 * 3)
    data.fill(200, 0, 6)
    data.fill(200, 12, 18)
    const left = { width: 4, height: 2, data }
    expect([...resize(left, 2, 1).data]).toEqual([200, 200, 200, 0, 0, 0])
    expect([...resize(left, 1, 1, true).data]).toEqual([100, 100, 100])
  })
})

describe('texts', () => {
  test('Forge’s parameters are read back as they were written', () => {
    const facts = {
      prompt: 'a fox,\nin snow',
      negativePrompt: 'blurry',
      steps: 4,
      sampler: 'Euler a',
      scheduler: 'Turbo',
      cfg: 1,
      seed: 3,
      width: 512,
      height: 768,
      modelHash: null,
      model: 'turbo, the second',
      denoising: 0.5,
    }
    expect(parseInfotext(writeInfotext(facts))).toMatchObject({
      Prompt: 'a fox,\nin snow',
      'Negative prompt': 'blurry',
      Model: 'turbo, the second',
      'Size-1': '512',
      'Size-2': '768',
      'Denoising strength': '0.5',
    })
    expect(parseInfotext('just a prompt')).toEqual({ Prompt: 'just a prompt', 'Negative prompt': '' })
  })

  test('.env lines may be quoted, commented and exported', () => {
    const text = '# note\nA=1\nexport B=\'x # y\'\nC="q" # end\nD= plain # end\r\nE=\nnot a line\n'
    expect([...parseEnv(text)]).toEqual([
      ['A', '1'],
      ['B', 'x # y'],
      ['C', 'q'],
      ['D', 'plain'],
      ['E', ''],
    ])
  })

  test('a multipart body is split into fields and files, bytes unchanged', () => {
    const bytes = Buffer.from([0, 13, 10, 45, 45, 255])
    const body = Buffer.concat([
      Buffer.from('--b\r\nContent-Disposition: form-data; name="type"\r\n\r\ninput\r\n--b\r\n'),
      Buffer.from(
        'Content-Disposition: form-data; name="image"; filename="a b.png"\r\nContent-Type: image/png\r\n\r\n',
      ),
      bytes,
      Buffer.from('\r\n--b--\r\n'),
    ])
    const form = parseMultipart(body, 'b')
    expect([...form.fields]).toEqual([['type', 'input']])
    expect(form.files.get('image')).toEqual({ filename: 'a b.png', bytes })
  })

  test.each([
    ['mp4', 'clip.mp4'],
    ['webm', 'clip.webm'],
    ['avif', 'picture.avif'],
    ['exr', 'picture.exr'],
    ['png16', 'deep.png'],
  ] as const)('its %s is the file that a real program wrote', (kind, file) => {
    expect(sampleOf(kind).bytes).toEqual(readFileSync(path.resolve(import.meta.dirname, '../../cases/media', file)))
  })

  test('a behaviour file may name any part, and nothing else', () => {
    expect(parseBehaviour('{"stepMs":0,"oomAtStep":3}')).toEqual({ stepMs: 0, oomAtStep: 3 })
    expect(() => parseBehaviour('{')).toThrow('the behaviour file is not JSON')
    expect(() => parseBehaviour('{"oomAtStep":0}')).toThrow(/oomAtStep/)
    expect(() => parseBehaviour('{"speed":1}')).toThrow(/speed/)
  })

  test('the command line has the ports of the real programs as defaults', () => {
    expect(parseCommand(['comfyui', '--folder', 'x'])).toMatchObject({
      kind: 'comfyui',
      port: 8188,
      portWasGiven: false,
    })
    expect(parseCommand(['forge', '--folder', 'x'])).toMatchObject({ port: 7860, protect: 'both', api: true })
    expect(parseCommand(['forge', '--folder', 'x', '--nowebui', '--no-api', '--port=1'])).toMatchObject({
      port: 1,
      portWasGiven: true,
      nowebui: true,
      api: false,
    })
  })

  test.each(allKinds)('it plays $id as the kind says', ({ id, simulator }) => {
    const command = parseCommand([...simulator, '--folder', 'x'])
    expect(command.kind === 'forge' && command.neo).toBe(id === 'forge-neo')
    expect(id.startsWith(command.kind)).toBe(true)
  })
})
