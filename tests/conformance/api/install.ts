import { spawnSync } from 'node:child_process'
import path from 'node:path'

/** Pinned: another version may find other things, and a night is told from another by the panel alone. */
const wanted = 'schemathesis==4.32.5'

const pythons = process.platform === 'win32' ? ['py', 'python'] : ['python3', 'python']

function run(program: string, args: readonly string[]): boolean {
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  return error === undefined && status === 0
}

/**
 * Installs schemathesis into a folder, from wherever pip is set up to take its packages, and returns its program. Throws
 * an Error that says what is missing.
 */
export function installSchemathesis(folder: string): string {
  if (!pythons.some((python) => run(python, ['-m', 'venv', folder])))
    throw new Error('it needs Python 3.10 or newer with its module venv')
  const inside = (name: string) =>
    process.platform === 'win32' ? path.join(folder, 'Scripts', `${name}.exe`) : path.join(folder, 'bin', name)
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', wanted]
  if (!run(inside('python'), pip)) throw new Error(`pip could not install ${wanted}`)
  return inside('schemathesis')
}
