import type Dockerode from 'dockerode'
import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { bundlePrograms } from '../programs'

const root = path.resolve(import.meta.dirname, '../../..')

/** Programs beside node that tests run in a container. */
const programs = [
  ...['/bin/sh', '/bin/cat', '/bin/stty', '/usr/bin/find', '/usr/bin/stat', '/usr/bin/dd'],
  ...['/usr/bin/tee', '/usr/bin/sha256sum', '/bin/mkdir', '/bin/chmod'],
]

/** Changes with whatever the image is made of, so that an image of the same name is always the same image. */
function contentHash(): string {
  const hash = createHash('sha256').update(`${process.version} ${readFileSync(import.meta.filename, 'utf8')}`)
  const folder = path.join(root, 'electron', 'simulator')
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) hash.update(entry.name).update(readFileSync(path.join(entry.parentPath, entry.name)))
  return hash.digest('hex').slice(0, 12)
}

/** Copies a program to a place below `folder`, and the shared libraries that it names to theirs. */
async function copyProgram(program: string, folder: string, place = program): Promise<void> {
  const { stdout } = await promisify(execFile)('ldd', [program])
  const libraries = [...stdout.matchAll(/(\/[^ )\n]+)/g)].map(([, file = '']) => [file, file] as const)
  for (const [from, to] of [[program, place] as const, ...libraries]) {
    const target = path.join(folder, to)
    mkdirSync(path.dirname(target), { recursive: true })
    if (!existsSync(target)) copyFileSync(realpathSync(from), target)
  }
}

/** Lays out the image's files: node, a shell, and the simulator as one bundled program. */
async function layOut(folder: string): Promise<void> {
  const { programs: bundle, remove } = await bundlePrograms({ simulator: 'electron/simulator/main.ts' })
  try {
    mkdirSync(path.join(folder, 'app'), { recursive: true })
    copyFileSync(bundle.simulator, path.join(folder, 'app', 'simulator.js'))
  } finally {
    await remove()
  }
  writeFileSync(path.join(folder, 'app', 'package.json'), '{"type":"module"}')
  await copyProgram(process.execPath, folder, '/bin/node')
  for (const program of programs) await copyProgram(program, folder)
  for (const place of ['tmp', 'etc', 'data']) mkdirSync(path.join(folder, place), { recursive: true })
  writeFileSync(path.join(folder, 'etc', 'passwd'), 'root:x:0:0:root:/:/bin/sh\n')
}

/**
 * Makes sure that the engine holds the image with the simulator, and returns its name. It is packed from this
 * machine's own node, so that it needs neither a base image nor a network; only Linux has programs that fit.
 */
export async function simulatorImage(docker: Dockerode): Promise<string> {
  const tag = contentHash()
  const name = `regie-simulator-test:${tag}`
  const isThere = await docker
    .getImage(name)
    .inspect()
    .then(
      () => true,
      () => false,
    )
  if (isThere) return name
  const folder = await mkdtemp(path.join(os.tmpdir(), 'regie-image-'))
  try {
    await layOut(folder)
    const tar = spawn('tar', ['-C', folder, '-c', '.'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const changes = ['ENV PATH=/bin:/usr/bin', 'ENTRYPOINT ["/bin/node","/app/simulator.js"]', 'EXPOSE 8188 7860']
    const progress = await docker.importImage(tar.stdout, { repo: 'regie-simulator-test', tag, changes })
    await new Promise((resolve, reject) => {
      docker.modem.followProgress(progress, (error, output) => (error ? reject(error) : resolve(output)))
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return name
}
