import { spawnSync } from 'node:child_process'
import path from 'node:path'

const pythons = process.platform === 'win32' ? ['py', 'python'] : ['python3', 'python']

function run(program: string, args: readonly string[]): boolean {
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  return error === undefined && status === 0
}

/** Makes a Python of its own in a folder, and gives the way to a program in it. */
function pythonIn(folder: string): (program: string) => string {
  if (!pythons.some((python) => run(python, ['-m', 'venv', folder])))
    throw new Error('it needs Python 3.10 or newer with its module venv')
  return (program) =>
    process.platform === 'win32' ? path.join(folder, 'Scripts', `${program}.exe`) : path.join(folder, 'bin', program)
}

function install(python: string, wanted: string, options: readonly string[] = []) {
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...options, wanted]
  if (!run(python, pip)) throw new Error(`pip could not install ${wanted}`)
}

/**
 * Installs a package, at a version, into a folder, from wherever pip is set up to take its packages, and returns the
 * program of that name. Throws an Error that says what is missing.
 */
export function installProgram(folder: string, name: string, version: string): string {
  const inside = pythonIn(folder)
  install(inside('python'), `${name}==${version}`)
  return inside(name)
}

/** Installs packages, each with its version, into a Python of its own in a folder; answers that Python. */
export function installPackages(folder: string, wanted: readonly string[]): string {
  const python = pythonIn(folder)('python')
  for (const each of wanted) install(python, each)
  return python
}

/** Fetches a package as `installProgram` does, alone, and returns the folder in which its files lie. */
export function installFiles(folder: string, name: string, version: string): string {
  const files = path.join(folder, 'files')
  install(pythonIn(path.join(folder, 'python'))('python'), `${name}==${version}`, ['--no-deps', '--target', files])
  return files
}
