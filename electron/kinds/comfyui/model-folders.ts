import type { KindModels } from '../model-folders'

/**
 * Folders of ComfyUI, as its `folder_paths.py` has them (0.38.1), with the older names that it still reads.
 */
export const comfyuiModels: KindModels = {
  folders: {
    checkpoints: 'checkpoint',
    diffusion_models: 'diffusion-model',
    unet: 'diffusion-model',
    text_encoders: 'text-encoder',
    clip: 'text-encoder',
    vae: 'vae',
    loras: 'lora',
    controlnet: 'controlnet',
    t2i_adapter: 'controlnet',
    upscale_models: 'upscaler',
    latent_upscale_models: 'upscaler',
    embeddings: 'embedding',
    clip_vision: 'other',
    style_models: 'other',
    diffusers: 'other',
    vae_approx: 'other',
    gligen: 'other',
    hypernetworks: 'other',
    photomaker: 'other',
    classifiers: 'other',
    model_patches: 'other',
    audio_encoders: 'other',
  },
  below: 'models',
  homes: ['--base-directory'],
  roots: [],
  further: {},
  paths: { file: 'extra_model_paths.yaml', argument: '--extra-model-paths-config' },
  adds: {
    by: 'file',
    names: {
      checkpoint: 'checkpoints',
      'diffusion-model': 'diffusion_models',
      'text-encoder': 'text_encoders',
      vae: 'vae',
      lora: 'loras',
      controlnet: 'controlnet',
      upscaler: 'upscale_models',
      embedding: 'embeddings',
    },
  },
  takes: {},
  lacks: new Set(),
}
