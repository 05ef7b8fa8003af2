import path from 'node:path'

/** The scenarios of the replay program; `nvidia-smi.mjs` says what one is made of. */
export type GpuScenario =
  | 'workstation'
  | 'laptop'
  | 'no-driver'
  | 'no-devices'
  | 'version-mismatch'
  | 'unknown-field'
  | 'lost'
  | 'dies'
  | 'hang'
  | 'mute'
  | 'inforom'

/**
 * Environment in which the replay program stands in for nvidia-smi. It is started through a shell script, which
 * Windows does not run: there the machine's own program, or none, is found.
 */
export const nvidiaSmiOnPath = (scenario: GpuScenario = 'workstation') => ({
  PATH: [import.meta.dirname, process.env['PATH'] ?? ''].join(path.delimiter),
  REGIE_REPLAY_SCENARIO: scenario,
})
