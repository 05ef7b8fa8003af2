/** Samplers of Forge, in its order: the first one is what an unknown name becomes. */
export const samplers: readonly { name: string; aliases: string[] }[] = [
  { name: 'DPM++ 2M', aliases: ['k_dpmpp_2m'] },
  { name: 'DPM++ SDE', aliases: ['k_dpmpp_sde'] },
  { name: 'DPM++ 2M SDE', aliases: ['k_dpmpp_2m_sde'] },
  { name: 'DPM++ 2M SDE Heun', aliases: ['k_dpmpp_2m_sde_heun'] },
  { name: 'DPM++ 2S a', aliases: ['k_dpmpp_2s_a'] },
  { name: 'DPM++ 3M SDE', aliases: ['k_dpmpp_3m_sde'] },
  { name: 'Euler a', aliases: ['k_euler_a', 'k_euler_ancestral'] },
  { name: 'Euler', aliases: ['k_euler'] },
  { name: 'LMS', aliases: ['k_lms'] },
  { name: 'Heun', aliases: ['k_heun'] },
  { name: 'DPM2', aliases: ['k_dpm_2'] },
  { name: 'DPM2 a', aliases: ['k_dpm_2_a'] },
  { name: 'DPM fast', aliases: ['k_dpm_fast'] },
  { name: 'DPM adaptive', aliases: ['k_dpm_ad'] },
  { name: 'Restart', aliases: ['restart'] },
  { name: 'HeunPP2', aliases: ['heunpp2'] },
  { name: 'IPNDM', aliases: ['ipndm'] },
  { name: 'IPNDM_V', aliases: ['ipndm_v'] },
  { name: 'DEIS', aliases: ['deis'] },
  { name: 'DDIM', aliases: ['ddim'] },
  { name: 'DDIM CFG++', aliases: ['ddim_cfgpp'] },
  { name: 'PLMS', aliases: ['plms'] },
  { name: 'UniPC', aliases: ['unipc'] },
  { name: 'LCM', aliases: ['k_lcm'] },
  { name: 'DDPM', aliases: ['ddpm'] },
]

export const schedulers: readonly { name: string; label: string; aliases: string[] | null }[] = [
  { name: 'automatic', label: 'Automatic', aliases: null },
  { name: 'uniform', label: 'Uniform', aliases: null },
  { name: 'karras', label: 'Karras', aliases: null },
  { name: 'exponential', label: 'Exponential', aliases: null },
  { name: 'polyexponential', label: 'Polyexponential', aliases: null },
  { name: 'sgm_uniform', label: 'SGM Uniform', aliases: ['SGMUniform'] },
  { name: 'kl_optimal', label: 'KL Optimal', aliases: null },
  { name: 'align_your_steps', label: 'Align Your Steps', aliases: null },
  { name: 'simple', label: 'Simple', aliases: null },
  { name: 'normal', label: 'Normal', aliases: null },
  { name: 'ddim', label: 'DDIM', aliases: null },
  { name: 'beta', label: 'Beta', aliases: null },
  { name: 'turbo', label: 'Turbo', aliases: null },
  { name: 'align_your_steps_GITS', label: 'Align Your Steps GITS', aliases: null },
  { name: 'align_your_steps_11', label: 'Align Your Steps 11', aliases: null },
  { name: 'align_your_steps_32', label: 'Align Your Steps 32', aliases: null },
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

/** Resolves a sampler as Forge does: exact names only, `DPM++ 2M Karras` split, anything else becomes the first one. */
export function resolveSampler(asked: string, scheduler: string | null): { sampler: string; scheduler: string } {
  let name = asked
  let chosen = scheduler
  for (const { label, name: id } of schedulers) {
    if (!asked.endsWith(` ${label}`)) continue
    const bare = asked.slice(0, -label.length - 1)
    if (samplers.some((sampler) => sampler.name === bare)) [name, chosen] = [bare, chosen ?? id]
  }
  const known = schedulers.find((s) => s.name === chosen || s.label === chosen || s.aliases?.includes(chosen ?? ''))
  return {
    sampler: samplers.find((sampler) => sampler.name === name)?.name ?? samplers[0]?.name ?? '',
    scheduler: known?.label ?? 'Automatic',
  }
}
