import type { Arguments, NodeClass } from './node'

const images = (args: Arguments, names: readonly string[]) =>
  names.flatMap((name) => args.optional(name, 'image')?.images.slice(0, 1) ?? [])

const edit = (names: readonly string[]): NodeClass => ({
  displayName: names.length > 1 ? 'TextEncodeQwenImageEditPlus' : 'TextEncodeQwenImageEdit',
  category: 'advanced/conditioning',
  module: 'comfy_extras.nodes_qwen',
  outputNode: false,
  outputs: ['CONDITIONING'],
  inputs: () => ({
    required: { clip: ['CLIP'], prompt: ['STRING', { multiline: true, dynamicPrompts: true }] },
    optional: { vae: ['VAE'], ...Object.fromEntries(names.map((name) => [name, ['IMAGE'] as const])) },
  }),
  run: (args) => ({
    values: [{ kind: 'conditioning', text: args.text('prompt'), images: images(args, names) }],
  }),
})

export const conditioning: Record<string, NodeClass> = {
  CLIPTextEncode: {
    displayName: 'CLIP Text Encode (Prompt)',
    category: 'conditioning',
    module: 'nodes',
    outputNode: false,
    outputs: ['CONDITIONING'],
    inputs: () => ({
      required: {
        text: ['STRING', { multiline: true, dynamicPrompts: true, tooltip: 'The text to be encoded.' }],
        clip: ['CLIP', { tooltip: 'The CLIP model used for encoding the text.' }],
      },
    }),
    run: (args) => ({ values: [{ kind: 'conditioning', text: args.text('text'), images: [] }] }),
  },
  ConditioningZeroOut: {
    displayName: 'ConditioningZeroOut',
    category: 'advanced/conditioning',
    module: 'nodes',
    outputNode: false,
    outputs: ['CONDITIONING'],
    inputs: () => ({ required: { conditioning: ['CONDITIONING'] } }),
    run: () => ({ values: [{ kind: 'conditioning', text: '', images: [] }] }),
  },
  TextEncodeQwenImageEdit: edit(['image']),
  TextEncodeQwenImageEditPlus: edit(['image1', 'image2', 'image3']),
}
