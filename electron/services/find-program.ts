import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import path from 'node:path'
import { lookUp } from './environment'

async function isProgram(file: string): Promise<boolean> {
  try {
    if (!(await stat(file)).isFile()) return false
    await access(file, process.platform === 'win32' ? constants.F_OK : constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * The file that a command names, found as the system does: a path is taken from `cwd`, a bare name is looked for in
 * PATH (with PATHEXT on Windows). `null` when there is none that may be run.
 */
export async function findProgram(command: string, env: NodeJS.ProcessEnv, cwd: string): Promise<string | null> {
  const endings =
    process.platform === 'win32' && path.extname(command) === ''
      ? (lookUp(env, 'PATHEXT') ?? '.EXE;.COM').split(';').filter(Boolean)
      : ['']
  const isPath = path.basename(command) !== command
  const folders = isPath ? [cwd] : (lookUp(env, 'PATH') ?? '').split(path.delimiter).filter(Boolean)
  for (const folder of folders)
    for (const ending of endings) {
      const file = path.resolve(cwd, folder, command + ending)
      if (await isProgram(file)) return file
    }
  return null
}
