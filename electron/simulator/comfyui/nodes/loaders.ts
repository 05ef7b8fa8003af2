import type { Model } from '../values'
import { passes, type Arguments, type NodeClass, type NodeContext } from './node'

async function load(args: Arguments, context: NodeContext, input: string): Promise<Model> {
  const file = args.text(input)
  await context.load(file)
  return { file, with: [] }
}

/** The model with a LoRA on it. One of weight 0 changes nothing. */
function withLora(args: Arguments): Model {
  const { model } = args.value('model', 'model')
  const weight = args.number('strength_model')
  return weight === 0 ? model : { ...model, with: [...model.with, `${args.text('lora_name')} ${weight}`] }
}

const clip: NodeClass = { run: () => ({ values: [{ kind: 'clip' }] }) }

export const loaders: Record<string, NodeClass> = {
  CheckpointLoaderSimple: {
    run: async (args, context) => ({
      values: [{ kind: 'model', model: await load(args, context, 'ckpt_name') }, { kind: 'clip' }, { kind: 'vae' }],
    }),
  },
  UNETLoader: {
    run: async (args, context) => ({ values: [{ kind: 'model', model: await load(args, context, 'unet_name') }] }),
  },
  CLIPLoader: clip,
  DualCLIPLoader: clip,
  CLIPSetLastLayer: passes('clip'),
  VAELoader: { run: () => ({ values: [{ kind: 'vae' }] }) },
  LoraLoaderModelOnly: { run: (args) => ({ values: [{ kind: 'model', model: withLora(args) }] }) },
  LoraLoader: { run: (args) => ({ values: [{ kind: 'model', model: withLora(args) }, args.value('clip', 'clip')] }) },
  ModelSamplingAuraFlow: passes('model'),
  ModelSamplingFlux: passes('model'),
  ModelSamplingSD3: passes('model'),
  CFGNorm: passes('model'),
  DifferentialDiffusion: passes('model'),
  QwenImage21Cache: passes('model'),
}
