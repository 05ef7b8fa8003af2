import type { Field, FieldType } from './pydantic'

const field =
  (type: FieldType, nullable: boolean) =>
  (fallback: unknown): Field => ({ type, fallback, nullable })

const text = field('str', false)
const int = field('int', false)
const float = field('float', false)
const bool = field('bool', false)
const maybe = (type: FieldType, fallback: unknown = null): Field => ({ type, fallback, nullable: true })

/** Fields that text-to-image and image-to-image share (modules/api/models.py). */
const common: Record<string, Field> = {
  prompt: text(''),
  negative_prompt: text(''),
  styles: maybe('strings'),
  seed: int(-1),
  subseed: int(-1),
  subseed_strength: float(0),
  seed_resize_from_h: int(-1),
  seed_resize_from_w: int(-1),
  sampler_name: maybe('str'),
  scheduler: maybe('str'),
  batch_size: int(1),
  n_iter: int(1),
  steps: int(50),
  cfg_scale: float(7),
  distilled_cfg_scale: float(3.5),
  width: int(512),
  height: int(512),
  restore_faces: maybe('bool'),
  tiling: maybe('bool'),
  do_not_save_samples: bool(false),
  do_not_save_grid: bool(false),
  eta: maybe('float'),
  denoising_strength: maybe('float'),
  s_min_uncond: maybe('float'),
  s_churn: maybe('float'),
  s_tmax: maybe('float'),
  s_tmin: maybe('float'),
  s_noise: maybe('float'),
  override_settings: maybe('object'),
  override_settings_restore_afterwards: bool(true),
  refiner_checkpoint: maybe('str'),
  refiner_switch_at: maybe('float'),
  disable_extra_networks: bool(false),
  firstpass_image: maybe('str'),
  comments: maybe('object'),
  force_task_id: maybe('str'),
  sampler_index: text('Euler'),
  script_name: maybe('str'),
  script_args: field('list', false)([]),
  send_images: bool(true),
  save_images: bool(false),
  alwayson_scripts: field('object', false)({}),
  infotext: maybe('str'),
}

export const txt2imgFields: Record<string, Field> = {
  ...common,
  enable_hr: bool(false),
  firstphase_width: int(0),
  firstphase_height: int(0),
  hr_scale: float(2),
  hr_upscaler: maybe('str'),
  hr_second_pass_steps: int(0),
  hr_resize_x: int(0),
  hr_resize_y: int(0),
  hr_checkpoint_name: maybe('str'),
  hr_additional_modules: maybe('strings'),
  hr_sampler_name: maybe('str'),
  hr_scheduler: maybe('str'),
  hr_prompt: text(''),
  hr_negative_prompt: text(''),
  hr_cfg: float(1),
  hr_distilled_cfg: float(3.5),
}

export const img2imgFields: Record<string, Field> = {
  ...common,
  denoising_strength: maybe('float', 0.75),
  init_images: maybe('strings'),
  resize_mode: int(0),
  image_cfg_scale: maybe('float'),
  mask: maybe('str'),
  mask_blur_x: int(4),
  mask_blur_y: int(4),
  mask_blur: maybe('int'),
  mask_round: bool(true),
  inpainting_fill: int(0),
  inpaint_full_res: bool(true),
  inpaint_full_res_padding: int(0),
  inpainting_mask_invert: int(0),
  initial_noise_multiplier: maybe('float'),
  latent_mask: maybe('str'),
  include_init_images: bool(false),
}

/** A request's fields, read by name and type. */
export interface Params {
  text: (name: string) => string
  number: (name: string) => number
  flag: (name: string) => boolean
  textOrNull: (name: string) => string | null
  numberOrNull: (name: string) => number | null
  texts: (name: string) => string[] | null
  object: (name: string) => Record<string, unknown>
  all: () => Record<string, unknown>
}

export function paramsOf(values: ReadonlyMap<string, unknown>): Params {
  const textOrNull = (name: string) => {
    const value = values.get(name)
    return typeof value === 'string' ? value : null
  }
  const numberOrNull = (name: string) => {
    const value = values.get(name)
    return typeof value === 'number' ? value : null
  }
  return {
    textOrNull,
    numberOrNull,
    text: (name) => textOrNull(name) ?? '',
    number: (name) => numberOrNull(name) ?? 0,
    flag: (name) => values.get(name) === true,
    texts: (name) => {
      const value = values.get(name)
      return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : null
    },
    object: (name) => {
      const value = values.get(name)
      return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
    },
    all: () => Object.fromEntries(values),
  }
}
