import { spawnSync } from 'node:child_process'
import path from 'node:path'

const pythons = process.platform === 'win32' ? ['py', 'python'] : ['python3', 'python']

function run(program: string, args: readonly string[]): boolean {
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  return error === undefined && status === 0
}

/**
 * Installs a package, at a version, into a folder, from wherever pip is set up to take its packages, and returns the
 * program of that name. Throws an Error that says what is missing.
 */
export function installProgram(folder: string, name: string, version: string): string {
  if (!pythons.some((python) => run(python, ['-m', 'venv', folder])))
    throw new Error('it needs Python 3.10 or newer with its module venv')
  const inside = (program: string) =>
    process.platform === 'win32' ? path.join(folder, 'Scripts', `${program}.exe`) : path.join(folder, 'bin', program)
  const wanted = `${name}==${version}`
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', wanted]
  if (!run(inside('python'), pip)) throw new Error(`pip could not install ${wanted}`)
  return inside(name)
}
