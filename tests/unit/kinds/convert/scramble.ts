import type { Graph } from '../../../../electron/kinds/comfyui/graph'
import { Board, type Ref } from './board'

/** Random graphs, and random ways to draw one in the editor. */

type Random = () => number

/** mulberry32: the same numbers for the same seed. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const pick = <T>(random: Random, list: readonly T[]): T => {
  const found = list[Math.floor(random() * list.length)]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}

/** Of each class: what is linked, its widgets in order with values, and what it gives. */
const kinds = {
  CheckpointLoaderSimple: {
    links: [],
    widgets: { ckpt_name: ['a.safetensors', 'b.safetensors'] },
    gives: ['MODEL', 'CLIP', 'VAE'],
  },
  EmptyLatentImage: { links: [], widgets: { width: [512, 768], height: [640], batch_size: [1, 2] }, gives: ['LATENT'] },
  LoadImage: { links: [], widgets: { image: ['cat.png', 'dog.png'] }, gives: ['IMAGE', 'MASK'] },
  CLIPTextEncode: { links: [['clip', 'CLIP']], widgets: { text: ['a fox', '', 'x, y'] }, gives: ['CONDITIONING'] },
  ConditioningZeroOut: { links: [['conditioning', 'CONDITIONING']], widgets: {}, gives: ['CONDITIONING'] },
  LoraLoader: {
    ...{
      links: [
        ['model', 'MODEL'],
        ['clip', 'CLIP'],
      ],
      gives: ['MODEL', 'CLIP'],
    },
    widgets: { lora_name: ['l.safetensors'], strength_model: [1, 0.5], strength_clip: [1] },
  },
  KSampler: {
    links: [
      ['model', 'MODEL'],
      ['positive', 'CONDITIONING'],
      ['negative', 'CONDITIONING'],
      ['latent_image', 'LATENT'],
    ],
    widgets: {
      seed: [1, 2 ** 40],
      steps: [4, 20],
      cfg: [1, 7.5],
      sampler_name: ['euler'],
      scheduler: ['simple'],
      denoise: [1, 0.6],
    },
    gives: ['LATENT'],
  },
  VAEDecode: {
    links: [
      ['samples', 'LATENT'],
      ['vae', 'VAE'],
    ],
    widgets: {},
    gives: ['IMAGE'],
  },
  VAEEncode: {
    links: [
      ['pixels', 'IMAGE'],
      ['vae', 'VAE'],
    ],
    widgets: {},
    gives: ['LATENT'],
  },
  ImageScale: {
    ...{ links: [['image', 'IMAGE']], gives: ['IMAGE'] },
    widgets: { upscale_method: ['lanczos', 'area'], width: [640], height: [480, 512], crop: ['disabled'] },
  },
  SaveImage: { links: [['images', 'IMAGE']], widgets: { filename_prefix: ['x', 'y/z'] }, gives: [] },
} as const satisfies Record<
  string,
  {
    links: readonly (readonly [string, string])[]
    widgets: Record<string, readonly unknown[]>
    gives: readonly string[]
  }
>

type Kind = keyof typeof kinds
const first: readonly Kind[] = ['CheckpointLoaderSimple', 'EmptyLatentImage', 'LoadImage', 'CLIPTextEncode']
const all: readonly Kind[] = [
  'CheckpointLoaderSimple',
  'CLIPTextEncode',
  'ConditioningZeroOut',
  'LoraLoader',
  'KSampler',
  'VAEDecode',
  'VAEEncode',
  'ImageScale',
  'SaveImage',
]

const isKind = (type: string): type is Kind => Object.hasOwn(kinds, type)
const kindOf = (type: string) => {
  if (!isKind(type)) throw new Error(type)
  return kinds[type]
}

/** A graph whose every node gives to a result. */
export function randomGraph(random: Random): Graph {
  const graph: Graph = {}
  const given = new Map<string, [string, number][]>()
  let next = 1
  const add = (type: Kind) => {
    const { links, widgets, gives } = kinds[type]
    if (links.some(([, of]) => !given.has(of))) return
    const id = String(next)
    next += 1
    const linked = links.map(([name, of]): [string, unknown] => [name, pick(random, given.get(of) ?? [])])
    const lists = Object.entries<readonly unknown[]>(widgets)
    const values = lists.map(([name, list]): [string, unknown] => [name, pick(random, list)])
    graph[id] = { class_type: type, inputs: Object.fromEntries([...values, ...linked]) }
    for (const [slot, of] of gives.entries()) given.set(of, [...(given.get(of) ?? []), [id, slot]])
  }
  for (const type of first) add(type)
  for (let i = 0; i < 4 + random() * 14; i += 1) add(pick(random, all))
  add('VAEEncode')
  add('VAEDecode')
  add('SaveImage')
  return used(graph)
}

const linkIn = (value: unknown): [string, number] | null => (Array.isArray(value) ? (value as [string, number]) : null)

/** What a result depends on. */
function used(graph: Graph): Graph {
  const keep = new Set(Object.keys(graph).filter((id) => graph[id]?.class_type === 'SaveImage'))
  for (const id of keep) for (const value of Object.values(graph[id]?.inputs ?? {})) keep.add(linkIn(value)?.[0] ?? id)
  return Object.fromEntries(Object.entries(graph).filter(([id]) => keep.has(id)))
}

/** The nodes of a subgraph, and the names of what goes in and out of it. */
interface Wrapped {
  board: Board
  host: number
  ids: ReadonlySet<string>
  inputs: Map<string, { at: Ref; from: Ref | null; type: string; value?: unknown }>
  outputs: Map<string, number>
}

/** Draws a graph in the editor in one of many ways. Returns the file, and what the nodes are called then. */
export function scrambled(graph: Graph, random: Random): { file: unknown; names: ReadonlyMap<string, string> } {
  const root = new Board()
  const ids = Object.keys(graph).toSorted(() => random() - 0.5)
  const wrap = random() < 0.7 ? wrapOf(ids, random) : null
  const names = new Map(ids.map((id) => [id, wrap?.ids.has(id) === true ? `${wrap.host}:${id}` : id]))
  let extra = 2000
  const free = () => (extra += 1)

  /** Something harmless on the way: a reroute, or a node that is bypassed. */
  const detour = (board: Board, from: Ref, type: string): Ref => {
    const chance = random()
    if (chance < 0.12) return board.add(free(), 'Reroute', { outputs: [type], inputs: { '': { type: '*', from } } })
    if (chance < 0.2 && type === 'CONDITIONING')
      return board.add(free(), 'ConditioningZeroOut', {
        mode: 4,
        outputs: [type],
        inputs: { conditioning: { type, from } },
      })
    if (chance < 0.2 && type === 'IMAGE')
      return board.add(free(), 'ImageScale', {
        ...{ mode: 4, values: ['area', 1, 1, 'center'], outputs: [type], inputs: { image: { type, from } } },
      })
    return from
  }

  /** Where a value is had on the board that wants it. */
  const reach = (board: Board, [id, slot]: [string, number], type: string): Ref => {
    const isInside = wrap?.ids.has(id) === true
    if (!wrap || isInside === (board === wrap.board)) return detour(board, [Number(id), slot], type)
    const key = `${id} ${slot}`
    if (isInside) {
      const known = wrap.outputs.get(key) ?? wrap.outputs.size
      if (!wrap.outputs.has(key)) {
        wrap.outputs.set(key, known)
        wrap.board.output(key, type, detour(wrap.board, [Number(id), slot], type))
      }
      return detour(board, [wrap.host, known], type)
    }
    const known = wrap.inputs.get(key) ?? { at: wrap.board.input(key, type), from: [Number(id), slot] as Ref, type }
    wrap.inputs.set(key, known)
    return detour(wrap.board, known.at, type)
  }

  for (const id of ids) {
    const { class_type: type, inputs } = graph[id] ?? { class_type: '', inputs: {} }
    const { links, widgets, gives } = kindOf(type)
    const board = wrap?.ids.has(id) === true ? wrap.board : root
    const slots: Parameters<Board['add']>[2] = {
      inputs: {},
      outputs: [...gives],
      pos: [random() * 900, random() * 900],
    }
    for (const [name, of] of links) {
      const link = linkIn(inputs[name])
      if (link) slots.inputs = { ...slots.inputs, [name]: { type: of, from: reach(board, link, of) } }
    }
    const values: unknown[] = []
    for (const name of Object.keys(widgets)) {
      const value = inputs[name]
      const way = random()
      // The value stands elsewhere; what is kept here is stale.
      if (way < 0.15) {
        const from = board.add(free(), 'PrimitiveNode', { values: [value, 'fixed'], outputs: ['*'] })
        slots.inputs = { ...slots.inputs, [name]: { type: '*', widget: true, from } }
      } else if (way < 0.35 && wrap && board === wrap.board) {
        const at = wrap.board.input(`${id} ${name}`, '*')
        wrap.inputs.set(`${id} ${name}`, { at, from: null, type: '*', value })
        slots.inputs = { ...slots.inputs, [name]: { type: '*', widget: true, from: at } }
      }
      values.push(
        way < 0.15 || (way < 0.35 && board === wrap?.board) ? (typeof value === 'number' ? 1 : 'stale') : value,
      )
      if (name === 'seed') values.push('randomize')
    }
    if (type === 'LoadImage') values.push('image')
    board.add(Number(id), type, { ...slots, values })
  }
  if (random() < 0.5) root.add(free(), 'Note', { values: ['a note'] })
  if (random() < 0.5) root.add(free(), 'SaveImage', { mode: 2, values: ['muted'] })
  return { file: root.file(hosted(root, wrap), random() < 0.5 ? 0.4 : 1), names }
}

function wrapOf(ids: readonly string[], random: Random): Wrapped {
  const chosen = ids.filter(() => random() < 0.4)
  return { board: new Board('inner'), host: 1000, ids: new Set(chosen), inputs: new Map(), outputs: new Map() }
}

/** Puts the node that stands for a subgraph onto the board. */
function hosted(root: Board, wrap: Wrapped | null): Board[] {
  if (!wrap) return []
  const entries = [...wrap.inputs].map(([name, { from, type, value }]) => {
    const widget = value !== undefined
    return [name, { type, widget, ...(from ? { from } : {}) }] as const
  })
  const values = [...wrap.inputs.values()].flatMap(({ value }) => (value === undefined ? [] : [value]))
  root.add(wrap.host, 'inner', { values, inputs: Object.fromEntries(entries), outputs: [...wrap.outputs.keys()] })
  return [wrap.board]
}
