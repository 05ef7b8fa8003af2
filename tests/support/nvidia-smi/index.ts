import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { allFields } from '../../../electron/gpu/fields'

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
export const nvidiaSmiOnPath = (scenario: GpuScenario | (string & {}) = 'workstation') => ({
  PATH: [import.meta.dirname, process.env['PATH'] ?? ''].join(path.delimiter),
  REGIE_REPLAY_SCENARIO: scenario,
})

/** What the cases were asked for: from before the compute capability, the reasons of a slowdown and the hardware were. */
const columns = allFields
  .filter(({ as }) => as !== 'hardware')
  .map(({ query }) => query)
  .filter((query) => query !== 'compute_cap' && !query.startsWith('clocks_'))

const cases = path.join(import.meta.dirname, '..', '..', 'cases', 'nvidia-smi')

/**
 * Writes a scenario that prints a recorded case, and returns its path: rows (in the order of the columns of their time)
 * where the first line is one, else the whole text as a failure.
 */
export async function scenarioOfCase(name: string, folder: string): Promise<string> {
  const text = readFileSync(path.join(cases, name), 'utf8')
  const gpus = text
    .trim()
    .split('\n')
    .map((line) => Object.fromEntries(line.split(', ').map((words, at) => [columns[at] ?? '', words])))
  const scenario = name.endsWith('.csv') ? { gpus } : { fails: { text: text.trimEnd(), code: 255 } }
  const file = path.join(folder, `${name}.json`)
  await writeFile(file, JSON.stringify(scenario))
  return file
}

/** The replay program itself. */
export const replayProgram = path.join(import.meta.dirname, 'nvidia-smi')
