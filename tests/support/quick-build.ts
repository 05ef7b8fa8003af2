import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { quickBcrypt } from './programs'

const root = path.resolve(import.meta.dirname, '../..')

/** Inside the project, so that the packages with native parts resolve. */
const folder = path.join(root, 'node_modules', '.cache', 'regie-quick')

/** The program of `quickBuild`. */
export const quickHeadless = path.join(folder, 'dist', 'main', 'headless.js')

/** The same file at a second place, or a copy of it where the disk has no links. */
function put(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    cpSync(from, to)
  }
}

function putAll(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)]
    if (entry.isDirectory()) putAll(source, target)
    else put(source, target)
  }
}

/**
 * Makes a second copy of the build, unless there is one of it, whose panels need no time for bcrypt: a demo panel makes a
 * hash at its first start, and each password is one more. Else it is the build, file by file.
 */
export function quickBuild(): void {
  const builtAt = String(statSync(path.join(root, 'dist', '.built')).mtimeMs)
  const made = path.join(folder, 'of-build')
  if (existsSync(made) && readFileSync(made, 'utf8') === builtAt) return
  rmSync(folder, { recursive: true, force: true })
  putAll(path.join(root, 'dist'), path.join(folder, 'dist'))
  putAll(path.join(root, 'resources'), path.join(folder, 'resources'))
  const worker = path.join(folder, 'dist', 'main', 'bcrypt-worker.cjs')
  if (!existsSync(worker)) throw new Error('the build has no bcrypt-worker.cjs any more')
  // Unlinked first: it is the build's own file.
  rmSync(worker)
  writeFileSync(worker, `import(${JSON.stringify(pathToFileURL(quickBcrypt).href)})\n`)
  writeFileSync(made, builtAt)
}
