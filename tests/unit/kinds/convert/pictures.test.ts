import { describe, expect, it } from 'vitest'
import { convertWorkflow, parseWorkflow } from '../../../../electron/kinds/comfyui/convert'
import { textToImageBoard } from './board'
import { classes, converted, problemOf, textToImage } from './support'

const be = (length: number, value: number, bytes: 2 | 4) => {
  const buffer = Buffer.alloc(length)
  if (bytes === 2) buffer.writeUInt16BE(value)
  else buffer.writeUInt32BE(value)
  return buffer
}

const part = (type: string, data: Buffer) =>
  Buffer.concat([be(4, data.length, 4), Buffer.from(type), data, Buffer.alloc(4)])

const png = (texts: Record<string, string>) =>
  Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    ...Object.entries(texts).map(([key, value]) => part('tEXt', Buffer.from(`${key}\0${value}`))),
    part('IEND', Buffer.alloc(0)),
  ])

/** EXIF with a text in each of these tags, big-endian, as Pillow writes it. */
function exif(texts: readonly [tag: number, text: string][]): Buffer {
  const head = Buffer.concat([Buffer.from('MM\0*'), be(4, 8, 4), be(2, texts.length, 2)])
  let at = head.length + 12 * texts.length + 4
  const tags = texts.map(([tag, text]) => {
    const length = Buffer.byteLength(text) + 1
    const entry = Buffer.concat([be(2, tag, 2), be(2, 2, 2), be(4, length, 4), be(4, at, 4)])
    at += length
    return entry
  })
  return Buffer.concat([head, ...tags, Buffer.alloc(4), ...texts.map(([, text]) => Buffer.from(`${text}\0`))])
}

function webp(data: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(data.length)
  const picture = Buffer.from('VP8 \x02\0\0\0ab', 'latin1')
  return Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBP', 'latin1'), picture, Buffer.from('EXIF'), size, data])
}

const jpeg = (data: Buffer) => {
  const marked = Buffer.concat([Buffer.from('Exif\0\0'), data])
  return Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xe1]),
    be(2, marked.length + 2, 2),
    marked,
    Buffer.from([0xff, 0xda]),
  ])
}

const read = (bytes: Buffer) => convertWorkflow(parseWorkflow({ name: 'a.png', bytes }), classes)

const api = JSON.stringify(textToImage)
const editor = JSON.stringify(textToImageBoard().file())
const plain = converted(textToImage).api

describe('a picture that carries a workflow', () => {
  it.each([
    ['PNG', png({ workflow: editor, prompt: api })],
    [
      'WebP',
      webp(
        exif([
          [0x110, `prompt:${api}`],
          [0x10f, `workflow:${editor}`],
        ]),
      ),
    ],
    ['JPEG', jpeg(exif([[0x110, `prompt:${api}`]]))],
    [
      'JPEG, all in one text',
      jpeg(exif([[0x9286, `ASCII\0\0\0${JSON.stringify({ prompt: textToImage, workflow: {} })}`]])),
    ],
  ])('is read: %s', (_, bytes) => {
    expect(read(bytes)).toMatchObject({ format: 'image', workflow: { api: plain } })
  })

  it('has what ran before what was drawn, and else what was drawn', () => {
    const other = JSON.stringify({
      ...textToImage,
      '3': { ...textToImage['3'], inputs: { ...textToImage['3'].inputs, seed: 99 } },
    })
    expect(read(png({ workflow: editor, prompt: other })).workflow?.api['3']?.inputs['seed']).toBe(99)
    for (const prompt of ['{}', 'not json'])
      expect(read(png({ workflow: editor, prompt }))).toMatchObject({
        format: 'image',
        formatVersion: '0.4',
        reason: null,
      })
  })

  it('has numbers that JSON does not know, as Python writes them', () => {
    const text = api.replace('"seed":7', '"is_changed":[NaN,-Infinity],"note":"NaN","seed":7')
    const { workflow } = read(png({ prompt: text }))
    expect(workflow?.api['3']?.inputs).toMatchObject({ is_changed: { __value__: [null, null] }, note: 'NaN' })
  })

  it.each([
    ['has none', png({ Software: 'x' }), 'workflow-file.picture-without'],
    ['has none, and no EXIF', webp(Buffer.from('nothing')), 'workflow-file.picture-without'],
    ['has the parameters of another program', png({ parameters: 'a fox\nSteps: 20' }), 'workflow-file.infotext'],
    ['has them in EXIF', jpeg(exif([[0x9286, 'ASCII\0\0\0a fox\nSteps: 20, Seed: 1']])), 'workflow-file.infotext'],
  ])('is refused where it %s', (_, bytes, problem) => {
    expect(problemOf(() => read(bytes))).toBe(problem)
  })

  it('may be torn anywhere: it is read or refused, and nothing else', () => {
    const files = [png({ prompt: api }), webp(exif([[0x110, `prompt:${api}`]])), jpeg(exif([[0x110, `prompt:${api}`]]))]
    for (const file of files)
      for (let end = 0; end < file.length; end += 7) {
        const problem = problemOf(() => read(file.subarray(0, end)))
        expect(problem === null || problem.startsWith('workflow-file.')).toBe(true)
      }
  })
})
