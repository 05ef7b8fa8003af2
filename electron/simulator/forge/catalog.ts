/** Samplers of Forge, in its order: the first one is what an unknown name becomes. */
export const samplers: readonly { name: string; aliases: string[]; options: Record<string, unknown> }[] = [
  { name: 'DPM++ 2M', aliases: ['k_dpmpp_2m'], options: { scheduler: 'karras' } },
  {
    name: 'DPM++ SDE',
    aliases: ['k_dpmpp_sde'],
    options: { scheduler: 'karras', second_order: true, brownian_noise: true },
  },
  { name: 'DPM++ 2M SDE', aliases: ['k_dpmpp_2m_sde'], options: { scheduler: 'exponential', brownian_noise: true } },
  {
    name: 'DPM++ 2M SDE Heun',
    aliases: ['k_dpmpp_2m_sde_heun'],
    options: { scheduler: 'exponential', brownian_noise: true, solver_type: 'heun' },
  },
  {
    name: 'DPM++ 2S a',
    aliases: ['k_dpmpp_2s_a'],
    options: { scheduler: 'karras', uses_ensd: true, second_order: true },
  },
  {
    name: 'DPM++ 3M SDE',
    aliases: ['k_dpmpp_3m_sde'],
    options: { scheduler: 'exponential', discard_next_to_last_sigma: true, brownian_noise: true },
  },
  { name: 'Euler a', aliases: ['k_euler_a', 'k_euler_ancestral'], options: { uses_ensd: true } },
  { name: 'Euler', aliases: ['k_euler'], options: {} },
  { name: 'LMS', aliases: ['k_lms'], options: {} },
  { name: 'Heun', aliases: ['k_heun'], options: { second_order: true } },
  {
    name: 'DPM2',
    aliases: ['k_dpm_2'],
    options: { scheduler: 'karras', discard_next_to_last_sigma: true, second_order: true },
  },
  {
    name: 'DPM2 a',
    aliases: ['k_dpm_2_a'],
    options: { scheduler: 'karras', discard_next_to_last_sigma: true, uses_ensd: true, second_order: true },
  },
  { name: 'DPM fast', aliases: ['k_dpm_fast'], options: { uses_ensd: true } },
  { name: 'DPM adaptive', aliases: ['k_dpm_ad'], options: { uses_ensd: true } },
  { name: 'Restart', aliases: ['restart'], options: { scheduler: 'karras', second_order: true } },
  { name: 'HeunPP2', aliases: ['heunpp2'], options: {} },
  { name: 'IPNDM', aliases: ['ipndm'], options: {} },
  { name: 'IPNDM_V', aliases: ['ipndm_v'], options: {} },
  { name: 'DEIS', aliases: ['deis'], options: {} },
  { name: 'DDIM', aliases: ['ddim'], options: {} },
  { name: 'DDIM CFG++', aliases: ['ddim_cfgpp'], options: {} },
  { name: 'PLMS', aliases: ['plms'], options: {} },
  { name: 'UniPC', aliases: ['unipc'], options: {} },
  { name: 'LCM', aliases: ['k_lcm'], options: {} },
  { name: 'DDPM', aliases: ['ddpm'], options: {} },
]

interface Scheduler {
  name: string
  label: string
  aliases: string[] | null
  default_rho: number
  need_inner_model: boolean
}

const scheduler = (name: string, label: string, about: Partial<Scheduler> = {}): Scheduler => ({
  name,
  label,
  aliases: null,
  default_rho: -1,
  need_inner_model: false,
  ...about,
})

export const schedulers: readonly Scheduler[] = [
  scheduler('automatic', 'Automatic'),
  scheduler('uniform', 'Uniform', { need_inner_model: true }),
  scheduler('karras', 'Karras', { default_rho: 7 }),
  scheduler('exponential', 'Exponential'),
  scheduler('polyexponential', 'Polyexponential', { default_rho: 1 }),
  scheduler('sgm_uniform', 'SGM Uniform', { aliases: ['SGMUniform'], need_inner_model: true }),
  scheduler('kl_optimal', 'KL Optimal'),
  scheduler('align_your_steps', 'Align Your Steps'),
  scheduler('simple', 'Simple', { need_inner_model: true }),
  scheduler('normal', 'Normal', { need_inner_model: true }),
  scheduler('ddim', 'DDIM', { need_inner_model: true }),
  scheduler('beta', 'Beta', { need_inner_model: true }),
  scheduler('turbo', 'Turbo', { need_inner_model: true }),
  scheduler('align_your_steps_GITS', 'Align Your Steps GITS'),
  scheduler('align_your_steps_11', 'Align Your Steps 11'),
  scheduler('align_your_steps_32', 'Align Your Steps 32'),
]

export interface Checkpoint {
  file: string
  name: string
  /** First ten digits of the SHA-256; null until Forge has computed it. */
  hash: string | null
}

export const installedCheckpoints: readonly Checkpoint[] = [
  { file: 'sd_xl_turbo_1.0_fp16.safetensors', name: 'sd_xl_turbo_1.0_fp16', hash: 'e869ac7d69' },
  { file: 'sd_xl_base_1.0.safetensors', name: 'sd_xl_base_1.0', hash: '31e35c80fc' },
]

/** `name.safetensors [hash]`, as the options and `/sd-models` show a checkpoint. */
export const titleOf = ({ file, hash }: Checkpoint) => (hash === null ? file : `${file} [${hash}]`)

/** A checkpoint by title, file name, bare name or hash. */
export function findCheckpoint(checkpoints: readonly Checkpoint[], asked: string): Checkpoint | null {
  const matches = (c: Checkpoint) => [titleOf(c), c.file, c.name, c.hash].includes(asked)
  return checkpoints.find(matches) ?? null
}

/**
 * Resolves a sampler as Forge does: exact names only, `DPM++ 2M Karras` split. `sampler` is null for any other, which
 * Forge takes for the first one, and Neo refuses.
 */
export function resolveSampler(asked: string, scheduler: string | null): { sampler: string | null; scheduler: string } {
  let name = asked
  let chosen = scheduler
  for (const { label, name: id } of schedulers) {
    if (!asked.endsWith(` ${label}`)) continue
    const bare = asked.slice(0, -label.length - 1)
    if (samplers.some((sampler) => sampler.name === bare)) [name, chosen] = [bare, chosen ?? id]
  }
  const known = schedulers.find((s) => s.name === chosen || s.label === chosen || s.aliases?.includes(chosen ?? ''))
  return {
    sampler: samplers.find((sampler) => sampler.name === name)?.name ?? null,
    scheduler: known?.label ?? 'Automatic',
  }
}
