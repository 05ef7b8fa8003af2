import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import path from 'node:path'
import { Problem, reason, type ProblemId, type Reason } from '../../shared/problems'
import type { Machine } from '../system/machine'

/** The program, or why there is none. */
export type Located = { program: string } | { reason: Reason }

/** Where the program that stands in for nvidia-smi was named; the first that names one counts. */
export interface NamedPrograms {
  /** In Regie's settings. */
  setting: string | null
  /** By the variable REGIE_NVIDIA_SMI. */
  environment: string | null
}

/** Where drivers put the program, beside PATH: under sudo or systemd WSL's folder is often missing from it. */
function knownPlaces(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  if (platform !== 'win32') return ['/usr/bin/nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi']
  const windows = env['SystemRoot'] ?? 'C:\\Windows'
  const programs = env['ProgramFiles'] ?? 'C:\\Program Files'
  return [
    path.win32.join(windows, 'System32', 'nvidia-smi.exe'),
    path.win32.join(programs, 'NVIDIA Corporation', 'NVSMI', 'nvidia-smi.exe'),
  ]
}

/** The files that are tried, in order: PATH first, then where drivers put it. */
export function placesOfNvidiaSmi(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  const paths = platform === 'win32' ? path.win32 : path.posix
  const name = platform === 'win32' ? 'nvidia-smi.exe' : 'nvidia-smi'
  // A relative folder in PATH would name another program in each working folder.
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(paths.delimiter).filter((folder) => paths.isAbsolute(folder))
  return [...folders.map((folder) => paths.join(folder, name)), ...knownPlaces(env, platform)]
}

/** Whether the system can run it: a file, with the right to execute it; on Windows one that needs no shell. */
async function isProgram(file: string, platform: NodeJS.Platform): Promise<boolean> {
  try {
    if (!(await stat(file)).isFile()) return false
    if (platform === 'win32') return /\.(?:exe|com)$/i.test(file)
    await access(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Why a named program cannot be used, from its path alone; null where nothing speaks against it. */
export function faultOfPath(program: string, platform: NodeJS.Platform): Reason | null {
  const paths = platform === 'win32' ? path.win32 : path.posix
  const isPlain = paths.isAbsolute(program) && !program.includes('\0')
  return isPlain ? null : reason('gpu.program-path', { program: program.slice(0, 200) })
}

/** Throws a Problem unless this names a program that Regie may run: a whole path, a file, executable. */
export async function checkNamedProgram(program: string, platform: NodeJS.Platform): Promise<void> {
  const fault = faultOfPath(program, platform)
  if (fault) throw new Problem<ProblemId>(fault.problem, fault.params)
  if (!(await isProgram(program, platform))) throw new Problem('gpu.program-missing', { program })
}

/** Why there is no nvidia-smi, and where it comes from on this machine. */
export const noProgram = ({ isWsl }: Pick<Machine, 'isWsl'>): Reason =>
  reason(isWsl ? 'gpu.no-program-wsl' : 'gpu.no-program')

/**
 * The program to ask: the one that is named in the settings, else by REGIE_NVIDIA_SMI, else the one that is found. A
 * named one that cannot be run is told; no other is taken in its place.
 */
export async function locateNvidiaSmi(
  named: NamedPrograms,
  { platform, isWsl }: Pick<Machine, 'platform' | 'isWsl'>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Located> {
  const program = named.setting ?? named.environment
  if (program !== null) {
    const fault = faultOfPath(program, platform)
    if (fault) return { reason: fault }
    return (await isProgram(program, platform)) ? { program } : { reason: reason('gpu.program-missing', { program }) }
  }
  for (const file of placesOfNvidiaSmi(env, platform)) if (await isProgram(file, platform)) return { program: file }
  return { reason: noProgram({ isWsl }) }
}
