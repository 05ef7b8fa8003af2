import type { FolderArgument, KindModels } from '../model-folders'

/** What came after the last version of plain Forge. */
const newer = ['qwen-image', 'qwen-image-edit', 'z-image', 'lumina2', 'flux2', 'wan', 'hidream', 'qwen-vl', 'qwen3']

/** Beside its own folder: `modelloader.load_models` and `main_entry.refresh_models` look into both. */
const beside = (name: string): FolderArgument => ({ name, replaces: false, repeats: false })
/** In place of its own folder: `sd_forge_lora/networks.py` and `modules_forge/shared.py` know one alone. */
const instead = (name: string): FolderArgument => ({ name, replaces: true, repeats: false })
/** As often as wanted, beside its own folder: `action="append"` in Neo's `modules/cmd_args.py`. */
const repeated = (name: string): FolderArgument => ({ name, replaces: false, repeats: true })

/** Folders of Forge (`modules/cmd_args.py`, `modules_forge/main_entry.py`). Its embeddings lie beside its models. */
export const forgeModels: KindModels = {
  folders: {
    'stable-diffusion': 'checkpoint',
    vae: 'vae',
    text_encoder: 'text-encoder',
    lora: 'lora',
    lycoris: 'lora',
    controlnet: 'controlnet',
    esrgan: 'upscaler',
    realesrgan: 'upscaler',
    swinir: 'upscaler',
    dat: 'upscaler',
    embeddings: 'embedding',
    hypernetworks: 'other',
    controlnetpreprocessor: 'other',
    gfpgan: 'other',
    codeformer: 'other',
    diffusers: 'other',
  },
  below: 'models',
  homes: ['--data-dir'],
  roots: ['--models-dir'],
  further: {
    '--ckpt-dir': 'checkpoint',
    '--vae-dir': 'vae',
    '--text-encoder-dir': 'text-encoder',
    '--lora-dir': 'lora',
    '--embeddings-dir': 'embedding',
    '--esrgan-models-path': 'upscaler',
    '--controlnet-dir': 'controlnet',
  },
  paths: null,
  adds: {
    by: 'arguments',
    of: {
      checkpoint: beside('--ckpt-dir'),
      vae: beside('--vae-dir'),
      'text-encoder': beside('--text-encoder-dir'),
      upscaler: beside('--esrgan-models-path'),
      lora: instead('--lora-dir'),
      embedding: instead('--embeddings-dir'),
      controlnet: instead('--controlnet-dir'),
    },
  },
  // A model without its encoders is chosen in the same list, with these beside it.
  takes: { checkpoint: ['diffusion-model'] },
  lacks: new Set(newer),
}

/** Forge Neo knows the newer models too, and has arguments that take several folders. */
export const forgeNeoModels: KindModels = {
  ...forgeModels,
  // Those of a ComfyUI whose folder it was given (`--forge-ref-comfy-home`).
  folders: {
    ...forgeModels.folders,
    checkpoints: 'checkpoint',
    diffusion_models: 'checkpoint',
    unet: 'checkpoint',
    clip: 'text-encoder',
    text_encoders: 'text-encoder',
    loras: 'lora',
  },
  roots: ['--models-dir', '--model-ref'],
  further: {
    ...forgeModels.further,
    '--ckpt-dirs': 'checkpoint',
    '--vae-dirs': 'vae',
    '--text-encoder-dirs': 'text-encoder',
    '--lora-dirs': 'lora',
  },
  adds: {
    by: 'arguments',
    of: {
      checkpoint: repeated('--ckpt-dirs'),
      vae: repeated('--vae-dirs'),
      'text-encoder': repeated('--text-encoder-dirs'),
      lora: repeated('--lora-dirs'),
      upscaler: beside('--esrgan-models-path'),
      embedding: instead('--embeddings-dir'),
    },
  },
  lacks: new Set(),
}
