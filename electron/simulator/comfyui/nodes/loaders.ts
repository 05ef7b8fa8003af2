import { clipTypes } from '../catalog'
import { float, type NodeClass } from './node'

const loader = { category: 'advanced/loaders', module: 'nodes', outputNode: false } as const

export const loaders: Record<string, NodeClass> = {
  CheckpointLoaderSimple: {
    ...loader,
    displayName: 'Load Checkpoint',
    category: 'loaders',
    outputs: ['MODEL', 'CLIP', 'VAE'],
    inputs: ({ models }) => ({
      required: {
        ckpt_name: [models.checkpoints, { tooltip: 'The name of the checkpoint (model) to load.' }],
      },
    }),
    run: async (args, context) => {
      const file = args.text('ckpt_name')
      await context.load(file)
      return { values: [{ kind: 'model', file }, { kind: 'clip' }, { kind: 'vae' }] }
    },
  },
  UNETLoader: {
    ...loader,
    displayName: 'Load Diffusion Model',
    outputs: ['MODEL'],
    inputs: ({ models }) => ({
      required: {
        unet_name: [models.diffusion_models],
        weight_dtype: [['default', 'fp8_e4m3fn', 'fp8_e4m3fn_fast', 'fp8_e5m2']],
      },
    }),
    run: async (args, context) => {
      const file = args.text('unet_name')
      await context.load(file)
      return { values: [{ kind: 'model', file }] }
    },
  },
  CLIPLoader: {
    ...loader,
    displayName: 'Load CLIP',
    outputs: ['CLIP'],
    inputs: ({ models }) => ({
      required: { clip_name: [models.text_encoders], type: [clipTypes] },
      optional: { device: [['default', 'cpu'], { advanced: true }] },
    }),
    run: () => ({ values: [{ kind: 'clip' }] }),
  },
  VAELoader: {
    ...loader,
    displayName: 'Load VAE',
    category: 'loaders',
    outputs: ['VAE'],
    inputs: ({ models }) => ({ required: { vae_name: [models.vae] } }),
    run: () => ({ values: [{ kind: 'vae' }] }),
  },
  LoraLoaderModelOnly: {
    ...loader,
    displayName: 'LoraLoaderModelOnly',
    category: 'loaders',
    outputs: ['MODEL'],
    inputs: ({ models }) => ({
      required: { model: ['MODEL'], lora_name: [models.loras], strength_model: float(1, -100, 100) },
    }),
    run: (args) => ({ values: [args.value('model', 'model')] }),
  },
  ModelSamplingAuraFlow: {
    displayName: 'ModelSamplingAuraFlow',
    category: 'advanced/model',
    module: 'comfy_extras.nodes_model_advanced',
    outputNode: false,
    outputs: ['MODEL'],
    inputs: () => ({ required: { model: ['MODEL'], shift: float(1.73, 0, 100) } }),
    run: (args) => ({ values: [args.value('model', 'model')] }),
  },
  CFGNorm: {
    displayName: 'CFGNorm',
    category: 'advanced/guidance',
    module: 'comfy_extras.nodes_cfg',
    outputNode: false,
    outputs: ['MODEL'],
    inputs: () => ({ required: { model: ['MODEL'], strength: float(1, 0, 100) } }),
    run: (args) => ({ values: [args.value('model', 'model')] }),
  },
}
