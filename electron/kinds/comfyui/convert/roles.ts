import type { InputRole } from '../../../../shared/contract'
import { linkOf } from './api-format'
import type { DrawnNode } from './types'

type Nodes = ReadonlyMap<string, DrawnNode>
export type Roles = ReadonlyMap<string, InputRole>

/** What an input is by its own name, on whatever node. */
const byName: ReadonlyMap<string, InputRole> = new Map<string, InputRole>([
  ['seed', 'seed'],
  ['noise_seed', 'seed'],
  ['steps', 'steps'],
  ['cfg', 'cfg'],
  ['sampler_name', 'sampler'],
  ['scheduler', 'scheduler'],
  ['denoise', 'denoise'],
  ['ckpt_name', 'model'],
  ['unet_name', 'model'],
  ['lora_name', 'lora'],
])

/** Inputs that hold what is written to be drawn, of encoders and of nodes that only hold a text. */
const textNames = /^(?:text|prompt|value|string|text_[gl]|clip_[gl]|t5xxl|llama|caption|positive|positive_prompt)$/i
const negativeNames = /^(?:negative|negative_prompt|neg_text|uncond)$/i
const sizes: ReadonlyMap<string, InputRole> = new Map<string, InputRole>([
  ['width', 'width'],
  ['height', 'height'],
  ['batch_size', 'batch'],
])

export const inputId = (node: string, input: string): string => `${node}.${input}`

/** A sampler, or what guides one: it takes conditioning, and gives no conditioning on. */
const isSampler = ({ type, inputs }: DrawnNode): boolean =>
  (inputs.has('positive') || inputs.has('conditioning')) && /sampl|guider/i.test(type)

/** Takes both kinds of conditioning and hands both on, by its first and its second output. */
const passesBoth = ({ inputs }: DrawnNode): boolean =>
  linkOf(inputs.get('positive')) !== null && linkOf(inputs.get('negative')) !== null

/** Gives roles out; the first one that is given to an input stays. */
class Given {
  readonly roles = new Map<string, InputRole>()
  readonly #seen = new Set<string>()

  constructor(readonly nodes: Nodes) {}

  give(node: string, input: string, role: InputRole): void {
    const id = inputId(node, input)
    if (!this.roles.has(id)) this.roles.set(id, role)
  }

  /**
   * Visits what a link leads to, each output once for each `what`, however many links lead there; `visit` says which of
   * a node's inputs to go on with.
   */
  walk(what: string, from: unknown, visit: (id: string, node: DrawnNode, slot: number) => readonly unknown[]): void {
    const first = linkOf(from)
    const waiting = first ? [first] : []
    // The list grows while it is walked.
    for (const [id, slot] of waiting) {
      const key = `${what} ${slot} ${id}`
      const node = this.nodes.get(id)
      if (!node || this.#seen.has(key)) continue
      this.#seen.add(key)
      for (const value of visit(id, node, slot)) {
        const link = linkOf(value)
        if (link) waiting.push(link)
      }
    }
  }
}

/** Texts that a link leads to, through nodes that hold, join or choose them. */
function giveTexts(given: Given, link: unknown, role: InputRole): void {
  given.walk(`${role} text`, link, (id, { inputs }) => {
    for (const [name, value] of inputs)
      if (typeof value === 'string' && (textNames.test(name) || name.startsWith('string'))) given.give(id, name, role)
    return [...inputs.values()]
  })
}

/** The prompt, or the negative one, that a sampler's input comes from. */
function giveConditioning(given: Given, link: unknown, role: 'prompt' | 'negativePrompt'): void {
  given.walk(role, link, (id, node, slot) => {
    const { inputs, type } = node
    // What is zeroed is no negative prompt, whatever it is made of.
    if (/zero/i.test(type)) return []
    if (passesBoth(node)) return [inputs.get(slot === 1 ? 'negative' : 'positive')]
    const isSecond = slot === 1 && [...inputs.keys()].some((name) => negativeNames.test(name))
    const names = isSecond ? negativeNames : textNames
    const more: unknown[] = []
    for (const [name, value] of inputs) {
      if (names.test(name) && typeof value === 'string') given.give(id, name, role)
      else if (names.test(name)) giveTexts(given, value, role)
      else more.push(value)
    }
    return more
  })
}

/** What the value of a role is: a switch on the way to steps is none. */
const isText = (role: InputRole): boolean => ['sampler', 'scheduler', 'model', 'lora'].includes(role)

/** The input that a value comes from: itself, or that of a node that only holds a value. */
function giveValue(given: Given, node: string, input: string, role: InputRole): void {
  const value = given.nodes.get(node)?.inputs.get(input)
  if (!linkOf(value)) {
    given.give(node, input, role)
    return
  }
  given.walk(`${role} value`, value, (id, { type, inputs }) => {
    if (typeof inputs.get('value') === (isText(role) ? 'string' : 'number')) given.give(id, 'value', role)
    return /primitive|switch|reroute/i.test(type) ? [...inputs.values()] : []
  })
}

/** The size of what a sampler begins with: of the nodes that its latent comes from. */
function giveSize(given: Given, link: unknown): void {
  given.walk('size', link, (id, { inputs, type }) => {
    if (inputs.has('width') && inputs.has('height') && /latent|empty/i.test(type)) {
      for (const [name, role] of sizes) if (inputs.has(name)) giveValue(given, id, name, role)
      return []
    }
    return /vae|encode|scale|load/i.test(type) ? [] : [...inputs.values()]
  })
}

/** Roles that one input is meant to have: of several, those count that are set without opening a subgraph. */
const single: ReadonlySet<InputRole> = new Set<InputRole>([
  ...(['prompt', 'negativePrompt', 'seed', 'width', 'height', 'batch', 'steps', 'cfg'] as const),
  ...(['sampler', 'scheduler', 'denoise'] as const),
])

/** Takes a role from inputs within subgraphs where one outside has it: a prompt of the workflow's own, for one. */
function withoutInner(roles: Roles, outer: ReadonlySet<string> | null): Roles {
  if (!outer) return roles
  const outside = new Set([...roles].flatMap(([id, role]) => (outer.has(id) ? [role] : [])))
  return new Map([...roles].filter(([id, role]) => outer.has(id) || !outside.has(role) || !single.has(role)))
}

/** Gives the roles that names tell: of inputs that a choice brings only where no other has one. */
function giveNamed(given: Given): void {
  for (const isNested of [false, true]) {
    const known = new Set(given.roles.values())
    for (const [id, { inputs }] of given.nodes)
      for (const name of inputs.keys()) {
        if (name.includes('.') !== isNested) continue
        const role = byName.get(name.slice(name.lastIndexOf('.') + 1))
        if (role && !(isNested && known.has(role))) giveValue(given, id, name, role)
      }
  }
}

/**
 * What inputs are to the person who runs a graph, by `node.input`: prompts by following what samplers and guiders take,
 * sizes by what their latent comes from, the rest by their names. Through nodes that only hold a value to that value.
 * `outer`: inputs that are set without opening a subgraph, null where that is not known.
 */
export function rolesOf(nodes: Nodes, outer: ReadonlySet<string> | null): Roles {
  const given = new Given(nodes)
  for (const node of nodes.values()) {
    if (!isSampler(node)) continue
    giveConditioning(given, node.inputs.get('positive') ?? node.inputs.get('conditioning'), 'prompt')
  }
  for (const node of nodes.values()) {
    const { inputs, type } = node
    if (isSampler(node)) giveConditioning(given, inputs.get('negative'), 'negativePrompt')
    if (/sampler/i.test(type))
      for (const name of ['latent_image', 'latent', 'samples']) giveSize(given, inputs.get(name))
  }
  giveNamed(given)
  for (const [id, { type, inputs }] of nodes)
    if (inputs.has('image') && /^LoadImage/.test(type))
      given.give(id, 'image', type.includes('Mask') ? 'mask' : 'image')
  return withoutInner(given.roles, outer)
}
