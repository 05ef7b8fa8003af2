import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parametersOf, readPngTexts } from '../../../shared/png-parameters'

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function part(type: string, data: Buffer, length = data.length): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(length)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, data, Buffer.alloc(4)])
}
const png = (...parts: Buffer[]) => Buffer.concat([signature, ...parts, part('IEND', Buffer.alloc(0))])
const text = (keyword: string, value: string) => part('tEXt', Buffer.from(`${keyword}\0${value}`))
const international = (keyword: string, value: string) => part('iTXt', Buffer.from(`${keyword}\0\0\0en\0\0${value}`))

const infotext = `a lighthouse, (dusk:1.2)
long exposure
Negative prompt: text, watermark
Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 42, Size: 832x1216, Model hash: e869ac7d69, Model: "sd_xl, turbo", Version: f2.0`

const graph = {
  '3': {
    class_type: 'KSampler',
    inputs: {
      ...{ seed: 7, steps: 4, cfg: 1, sampler_name: 'euler', scheduler: 'simple', denoise: 1 },
      ...{ model: ['66', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['58', 0] },
    },
  },
  '6': { class_type: 'CLIPTextEncode', inputs: { text: '灯台、夜明け', clip: ['38', 0] } },
  '7': { class_type: 'CLIPTextEncode', inputs: { text: 'blurry', clip: ['38', 0] } },
  '37': { class_type: 'UNETLoader', inputs: { unet_name: 'qwen.safetensors' } },
  '58': { class_type: 'EmptySD3LatentImage', inputs: { width: 1328, height: 1328, batch_size: 1 } },
  '66': { class_type: 'ModelSamplingAuraFlow', inputs: { shift: 3.1, model: ['37', 0] } },
}
const ofGraph = {
  ...{ prompt: '灯台、夜明け', negativePrompt: 'blurry', seed: 7, steps: 4, cfg: 1, sampler: 'euler' },
  ...{ scheduler: 'simple', width: 1328, height: 1328, checkpoint: 'qwen.safetensors' },
}

const editor = {
  nodes: [
    {
      ...{ id: 3, type: 'KSampler', widgets_values: [7, 'randomize', 4, 1, 'euler', 'simple', 1] },
      inputs: [
        { name: 'model', link: 1 },
        { name: 'positive', link: 2 },
        { name: 'negative', link: 3 },
        { name: 'latent_image', link: 4 },
      ],
    },
    { id: 4, type: 'CheckpointLoaderSimple', widgets_values: ['x.safetensors'] },
    { id: 6, type: 'CLIPTextEncode', widgets_values: ['a fox'] },
    { id: 7, type: 'CLIPTextEncode', widgets_values: ['text'] },
    { id: 5, type: 'EmptyLatentImage', widgets_values: [512, 768, 1] },
  ],
  links: [
    [1, 4, 0, 3, 0, 'MODEL'],
    [2, 6, 0, 3, 1, 'CONDITIONING'],
    [3, 7, 0, 3, 2, 'CONDITIONING'],
    [4, 5, 0, 3, 3, 'LATENT'],
  ],
}

describe('the parameters in a PNG', () => {
  it('are read from an infotext, quoted values and prompts of several lines included', () => {
    expect(parametersOf(png(text('parameters', infotext)))).toEqual({
      ...{ prompt: 'a lighthouse, (dusk:1.2)\nlong exposure', negativePrompt: 'text, watermark', seed: 42, steps: 20 },
      ...{ cfg: 7, width: 832, height: 1216, sampler: 'DPM++ 2M', scheduler: 'Karras', checkpoint: 'sd_xl, turbo' },
    })
  })

  it('are read from a graph as it is sent, and as its editor keeps it', () => {
    expect(parametersOf(png(text('prompt', JSON.stringify(graph))))).toEqual(ofGraph)
    expect(parametersOf(png(international('prompt', JSON.stringify(graph))))).toEqual(ofGraph)
    expect(parametersOf(png(text('workflow', JSON.stringify(editor))))).toEqual({
      ...{ prompt: 'a fox', negativePrompt: 'text', seed: 7, steps: 4, cfg: 1, sampler: 'euler', scheduler: 'simple' },
      ...{ width: 512, height: 768, checkpoint: 'x.safetensors' },
    })
  })

  it('are read though Python wrote NaN', () => {
    const odd = JSON.stringify(graph).replace('"denoise":1', '"denoise":NaN')
    expect(parametersOf(png(text('prompt', odd)))?.seed).toBe(7)
  })

  it('are those that the simulated services wrote in the days of 0.1.0', () => {
    const folder = path.resolve(import.meta.dirname, '../../cases/data-folders/0.1.0/whole/images')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.png'))
    expect(files.length).toBeGreaterThan(0)
    for (const name of files) expect(parametersOf(readFileSync(path.join(folder, name)))?.prompt, name).toBeTruthy()
  })

  it('are only what the contract takes', () => {
    const wild = { ...graph['3'].inputs, seed: -1, steps: 1e9, cfg: 'seven', sampler_name: 3, positive: ['6', 0] }
    const found = parametersOf(png(text('prompt', JSON.stringify({ ...graph, '3': { ...graph['3'], inputs: wild } }))))
    expect(found).toEqual({
      prompt: '灯台、夜明け',
      negativePrompt: 'blurry',
      scheduler: 'simple',
      width: 1328,
      height: 1328,
      checkpoint: 'qwen.safetensors',
    })
  })
})

describe('hostile files', () => {
  it.each([
    ['no PNG', Buffer.from('GIF89a')],
    ['an empty file', Buffer.alloc(0)],
    [
      'a part that claims to be gigabytes',
      Buffer.concat([signature, part('tEXt', Buffer.from('prompt\0{}'), 0xfffffff0)]),
    ],
    ['a text without an end of its keyword', png(part('tEXt', Buffer.alloc(100, 'x')))],
    ['a text of more than 4 MB', png(text('prompt', ' '.repeat(5 * 2 ** 20)))],
    [
      'a graph in a circle',
      png(
        text(
          'prompt',
          '{"1":{"class_type":"KSampler","inputs":{"seed":1,"steps":1,"positive":["2",0]}},"2":{"class_type":"x","inputs":{"a":["2",0]}}}',
        ),
      ),
    ],
    [
      'a graph that names prototypes',
      png(
        text(
          'prompt',
          '{"__proto__":{"class_type":"KSampler","inputs":{"seed":1,"steps":1,"positive":["constructor",0]}}}',
        ),
      ),
    ],
    [
      'an editor’s graph of nothing',
      png(text('workflow', '{"nodes":[null,1,{"type":"KSampler","inputs":7}],"links":[null,[]]}')),
    ],
  ])('%s: nothing is found', (_what, file) => {
    expect(parametersOf(file)).toBeNull()
  })

  it('that are torn give what came before the tear, and nothing of what it went through', () => {
    const whole = png(text('parameters', infotext), part('IDAT', Buffer.alloc(500)))
    const afterText = signature.length + 12 + 'parameters\0'.length + Buffer.byteLength(infotext)
    expect(parametersOf(whole.subarray(0, afterText + 40))?.seed).toBe(42)
    for (const end of [afterText - 5, afterText - 200, 20, 9]) expect(parametersOf(whole.subarray(0, end))).toBeNull()
  })

  it('are read in no time: deep JSON, endless lines, a chain of nodes', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, n) => [
        n,
        { class_type: 'x', inputs: { seed: 1, steps: 1, positive: [String(n + 1), 0] } },
      ]),
    )
    const cases = [
      text('prompt', '['.repeat(500_000)),
      text('prompt', JSON.stringify(chain)),
      text('parameters', `Steps: 2, ${'a: "'.repeat(200_000)}`),
      text('parameters', `Steps: 2, ${'x '.repeat(500_000)}`),
      text('parameters', 'Negative prompt: '.repeat(100_000)),
    ]
    for (const [which, hostile] of cases.entries()) {
      const file = png(hostile)
      // The processor's time: others may have the machine meanwhile.
      const begun = process.cpuUsage()
      parametersOf(file)
      expect(process.cpuUsage(begun).user / 1000, `case ${which}`).toBeLessThan(1000)
    }
  })

  it('throw nothing, whatever their bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string({ maxLength: 200 }), (bytes, words) => {
        readPngTexts(Buffer.concat([signature, bytes]))
        parametersOf(png(text('prompt', words), text('parameters', words)))
      }),
    )
  })
})
