import type * as z from 'zod'
import { GenerationParams } from './contract'

const Found = GenerationParams.omit({ batch: true, workflow: true }).partial()
/** What made an image, as it stands in its file. */
export type FoundParams = z.infer<typeof Found>

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** What is looked at of a file: so many parts, and so much text, in bytes. */
const mostParts = 100_000
const mostText = 4 * 2 ** 20
/** How far a graph is followed. */
const mostSteps = 50

const latin1 = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes)

/** UTF-8 where it is that, as most write it, else Latin-1, as the specification has it. */
function readText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return latin1(bytes)
  }
}

/** The text of a part, by its keyword; null for what is none, or compressed. */
function readPart(type: string, data: Uint8Array): [string, string] | null {
  const end = data.indexOf(0)
  if (end < 1) return null
  const keyword = latin1(data.subarray(0, end))
  if (type === 'tEXt') return [keyword, readText(data.subarray(end + 1))]
  if (type !== 'iTXt' || data[end + 1] !== 0) return null
  const language = data.indexOf(0, end + 3)
  const translated = language < 0 ? -1 : data.indexOf(0, language + 1)
  return translated < 0 ? null : [keyword, readText(data.subarray(translated + 1))]
}

/** The plain texts of a PNG by keyword. What is no PNG has none; a torn file gives what came before the tear. */
export function readPngTexts(file: Uint8Array): Map<string, string> {
  const texts = new Map<string, string>()
  if (!signature.every((byte, i) => file[i] === byte)) return texts
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  let left = mostText
  for (let at = 8, part = 0; at + 12 <= file.length && part < mostParts; part += 1) {
    const length = view.getUint32(at)
    const type = latin1(file.subarray(at + 4, at + 8))
    const data = file.subarray(at + 8, at + 8 + length)
    if (data.length < length || type === 'IEND') break
    if ((type === 'tEXt' || type === 'iTXt') && length <= left) {
      left -= length
      const text = readPart(type, data)
      if (text && !texts.has(text[0])) texts.set(...text)
    }
    at += 12 + length
  }
  return texts
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** JSON as Python writes it, which knows NaN. */
function readJson(text: string): unknown {
  for (const written of [text, text.replace(/\b(?:NaN|-?Infinity)\b/g, 'null')]) {
    try {
      return JSON.parse(written)
    } catch {
      // the other spelling
    }
  }
  return null
}

interface Node {
  type: string
  inputs: Record<string, unknown>
}
type Graph = ReadonlyMap<string, Node>

/** The nodes of a graph as it is sent: `{"3": {"class_type": …, "inputs": …}}`. */
function readGraph(text: string): Graph {
  const json = readJson(text)
  const nodes = isObject(json) ? Object.entries(json) : []
  return new Map(
    nodes.flatMap(([id, node]): [string, Node][] =>
      isObject(node) && typeof node['class_type'] === 'string' && isObject(node['inputs'])
        ? [[id, { type: node['class_type'], inputs: node['inputs'] }]]
        : [],
    ),
  )
}

/** The inputs that the widgets of the usual nodes stand for, in their order. */
const widgets: Readonly<Record<string, readonly string[]>> = {
  KSampler: ['seed', '', 'steps', 'cfg', 'sampler_name', 'scheduler'],
  CLIPTextEncode: ['text'],
  EmptyLatentImage: ['width', 'height', 'batch_size'],
  EmptySD3LatentImage: ['width', 'height', 'batch_size'],
  CheckpointLoaderSimple: ['ckpt_name'],
  UNETLoader: ['unet_name'],
}

/** The nodes of a graph as its editor keeps it: widgets by their place, and links in a list of their own. */
function readEditorGraph(text: string): Graph {
  const json = readJson(text)
  if (!isObject(json) || !Array.isArray(json['nodes']) || !Array.isArray(json['links'])) return new Map()
  const sources = new Map(
    json['links'].flatMap((link: unknown): [unknown, string][] =>
      Array.isArray(link) ? [[link[0], String(link[1])]] : [],
    ),
  )
  const nodes: [string, Node][] = []
  for (const node of json['nodes'] as unknown[]) {
    if (!isObject(node) || typeof node['type'] !== 'string') continue
    const names = widgets[node['type']] ?? []
    const values = Array.isArray(node['widgets_values']) ? (node['widgets_values'] as unknown[]) : []
    const own = names.map((name, at): [string, unknown] => [name, values[at]])
    const links = (Array.isArray(node['inputs']) ? (node['inputs'] as unknown[]) : []).flatMap(
      (input): [string, unknown][] => {
        const source = isObject(input) ? sources.get(input['link']) : undefined
        return isObject(input) && typeof input['name'] === 'string' && source !== undefined
          ? [[input['name'], [source, 0]]]
          : []
      },
    )
    nodes.push([String(node['id']), { type: node['type'], inputs: Object.fromEntries([...own, ...links]) }])
  }
  return new Map(nodes)
}

/** The first of some inputs that is found on the way up from a link; each node is looked at once. */
function follow(graph: Graph, link: unknown, names: readonly string[]): unknown {
  const waiting: unknown[] = [link]
  const seen = new Set<string>()
  while (waiting.length > 0 && seen.size < mostSteps) {
    const next = waiting.shift()
    const id: unknown = Array.isArray(next) ? next[0] : undefined
    const node = typeof id === 'string' || typeof id === 'number' ? graph.get(String(id)) : undefined
    if (!node || seen.has(String(id))) continue
    seen.add(String(id))
    for (const name of names) {
      const value = node.inputs[name]
      if (value !== undefined && !Array.isArray(value)) return value
    }
    waiting.push(...Object.values(node.inputs).filter(Array.isArray))
  }
  return undefined
}

/** What the sampler of a graph was asked for. */
function fromGraph(graph: Graph): Record<string, unknown> {
  const sampler = [...graph.values()].find(
    ({ inputs }) => 'steps' in inputs && ('seed' in inputs || 'noise_seed' in inputs),
  )
  if (!sampler) return {}
  const { inputs } = sampler
  const plain = (value: unknown, names: readonly string[]) =>
    Array.isArray(value) ? follow(graph, value, names) : value
  return {
    prompt: follow(graph, inputs['positive'], ['text', 'prompt', 'string', 'value']),
    negativePrompt: follow(graph, inputs['negative'], ['text', 'prompt', 'string', 'value']),
    seed: plain(inputs['seed'] ?? inputs['noise_seed'], ['seed', 'noise_seed', 'value']),
    steps: plain(inputs['steps'], ['steps', 'value']),
    cfg: plain(inputs['cfg'], ['cfg', 'value']),
    sampler: inputs['sampler_name'],
    scheduler: inputs['scheduler'],
    width: follow(graph, inputs['latent_image'], ['width']),
    height: follow(graph, inputs['latent_image'], ['height']),
    checkpoint: follow(graph, inputs['model'], ['ckpt_name', 'unet_name']),
  }
}

/** The last line of an infotext: `Steps: 20, Sampler: Euler a, …`, values with commas in quotes. */
function readPairs(line: string): Map<string, string> {
  const pairs = line.slice(0, 20_000).matchAll(/([A-Za-z][\w /-]{0,40}): ("(?:[^"\\]|\\.)*"|[^,]*)(?:,|$)/g)
  return new Map([...pairs].map(([, key = '', value = '']) => [key.trim(), value.trim().replace(/^"|"$/g, '')]))
}

/** What an infotext says: the prompt, what to leave out, and a line of parameters. */
function fromInfotext(text: string): Record<string, unknown> {
  const lines = text.split(/\r?\n/)
  const at = lines.findLastIndex((line) => /^Steps: \d/.test(line))
  const pairs = at < 0 ? new Map<string, string>() : readPairs(lines[at] ?? '')
  const words = (at < 0 ? lines : lines.slice(0, at)).join('\n')
  const cut = words.search(/^Negative prompt: /m)
  const [width, height] = (pairs.get('Size') ?? '').split('x').map(Number)
  const number = (key: string) => (pairs.has(key) ? Number(pairs.get(key)) : undefined)
  return {
    prompt: (cut < 0 ? words : words.slice(0, cut)).trim(),
    negativePrompt: cut < 0 ? undefined : words.slice(cut + 'Negative prompt: '.length).trim(),
    ...{ seed: number('Seed'), steps: number('Steps'), cfg: number('CFG scale'), width, height },
    ...{ sampler: pairs.get('Sampler'), scheduler: pairs.get('Schedule type'), checkpoint: pairs.get('Model') },
  }
}

const fields = Found.shape

/** What the contract takes of it; null where not even a prompt is left. */
function valid(found: Record<string, unknown>): FoundParams | null {
  const kept = Object.entries(found).filter(([name, value]) => {
    const field = Object.entries(fields).find(([key]) => key === name)?.[1]
    return value !== undefined && value !== '' && field?.safeParse(value).success === true
  })
  const params = Found.parse(Object.fromEntries(kept))
  return params.prompt === undefined ? null : params
}

/**
 * The parameters in a PNG, as the graph of a node editor (`prompt`, else `workflow`) or as an infotext (`parameters`).
 * Null where there are none. Nothing of it is believed but what the contract takes, and no file is read for long.
 */
export function parametersOf(file: Uint8Array): FoundParams | null {
  const texts = readPngTexts(file)
  const ways: [string, (text: string) => Record<string, unknown>][] = [
    ['prompt', (text) => fromGraph(readGraph(text))],
    ['workflow', (text) => fromGraph(readEditorGraph(text))],
    ['parameters', fromInfotext],
  ]
  for (const [keyword, read] of ways) {
    const text = texts.get(keyword)
    const found = text === undefined ? null : valid(read(text))
    if (found) return found
  }
  return null
}
