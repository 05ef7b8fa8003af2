import { access, constants } from 'node:fs/promises'
import path from 'node:path'

/** Where drivers put the program, beside PATH: under sudo or systemd WSL's folder is often missing from it. */
function knownPlaces(env: NodeJS.ProcessEnv): string[] {
  if (process.platform !== 'win32') return ['/usr/bin/nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi']
  const windows = env['SystemRoot'] ?? 'C:\\Windows'
  const programs = env['ProgramFiles'] ?? 'C:\\Program Files'
  return [
    path.join(windows, 'System32', 'nvidia-smi.exe'),
    path.join(programs, 'NVIDIA Corporation', 'NVSMI', 'nvidia-smi.exe'),
  ]
}

/** The path of nvidia-smi, PATH first; `null` where there is none, as always on macOS. */
export async function findNvidiaSmi(env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  const name = process.platform === 'win32' ? 'nvidia-smi.exe' : 'nvidia-smi'
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(path.delimiter).filter(Boolean)
  for (const file of [...folders.map((folder) => path.join(folder, name)), ...knownPlaces(env)]) {
    try {
      await access(file, process.platform === 'win32' ? constants.F_OK : constants.X_OK)
      return file
    } catch {
      // Not here.
    }
  }
  return null
}
