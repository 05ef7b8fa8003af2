import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { titleOf, type Checkpoint } from './catalog'

const defaults: Record<string, unknown> = {
  samples_save: true,
  samples_format: 'png',
  samples_filename_pattern: '',
  save_images_add_number: true,
  grid_save: true,
  grid_format: 'png',
  return_grid: true,
  enable_pnginfo: true,
  jpeg_quality: 80,
  outdir_samples: '',
  outdir_txt2img_samples: 'outputs/txt2img-images',
  outdir_img2img_samples: 'outputs/img2img-images',
  live_previews_enable: true,
  live_previews_image_format: 'png',
  show_progress_every_n_steps: 10,
  show_progress_type: 'Approx NN',
  live_preview_refresh_period: 1000,
  forge_preset: 'xl',
  forge_additional_modules: [],
  forge_unet_storage_dtype: 'Automatic',
  forge_inference_memory: 1024,
  forge_async_loading: 'Queue',
  forge_pin_shared_memory: 'CPU',
  CLIP_stop_at_last_layers: 1,
  sd_vae: 'Automatic',
  eta_noise_seed_delta: 0,
  randn_source: 'GPU',
  memmon_poll_rate: 8,
  samples_log_stdout: false,
  add_model_hash_to_info: true,
  add_model_name_to_info: true,
  disabled_extensions: [],
  disable_all_extensions: 'none',
}

export type Options = Record<string, unknown>

const file = (folder: string) => path.join(folder, 'config.json')

/** Options of the last run, over the defaults. A settings file that cannot be read is like none. */
export function loadOptions(folder: string, checkpoints: readonly Checkpoint[]): Options {
  const [first] = checkpoints
  const options = {
    ...defaults,
    sd_model_checkpoint: first ? titleOf(first) : null,
    sd_checkpoint_hash: first?.hash ?? '',
  }
  try {
    const saved: unknown = JSON.parse(readFileSync(file(folder), 'utf8'))
    return typeof saved === 'object' && saved !== null ? { ...options, ...saved } : options
  } catch {
    return options
  }
}

export function saveOptions(folder: string, options: Options) {
  writeFileSync(file(folder), `${JSON.stringify(options, null, 4)}\n`)
}
