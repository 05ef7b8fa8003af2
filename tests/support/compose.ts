import { execFile, execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { TestDocker } from './docker'

/** A Compose program of this machine, and the environment in which it is the one that is found. */
export interface TestCompose {
  generation: 1 | 2
  own: NodeJS.ProcessEnv
  /** What it is called with. */
  command: string[]
}

const find = (program: string): string | null => {
  try {
    return execFileSync('which', [program], { encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return null
  }
}

/** The Compose programs of this machine: the plugin where there is one, and `docker-compose` by itself. */
export async function composePrograms(): Promise<TestCompose[]> {
  const found: TestCompose[] = []
  const version = async (command: string, args: string[]) =>
    promisify(execFile)(command, args).then(
      ({ stdout }) => stdout.trim().replace(/^v/, ''),
      () => null,
    )
  if ((await version('docker', ['compose', 'version', '--short'])) !== null)
    found.push({ generation: 2, own: process.env, command: ['docker', 'compose'] })
  const standalone = find('docker-compose')
  const release = standalone === null ? null : await version(standalone, ['version', '--short'])
  if (standalone !== null && release !== null) {
    // A folder with nothing else in it, so that no plugin is found before.
    const cache = path.resolve(import.meta.dirname, '../../node_modules/.cache/regie-compose')
    const folder = path.join(cache, standalone.replaceAll(/\W/g, '_'))
    mkdirSync(folder, { recursive: true })
    const link = path.join(folder, 'docker-compose')
    if (!existsSync(link)) await symlink(standalone, link).catch(() => undefined)
    const own = { ...process.env, PATH: folder }
    found.push({ generation: release.startsWith('1.') ? 1 : 2, own, command: [standalone] })
  }
  return found
}

/** A Compose project in a folder of its own, taken away with all that it made. */
export async function composeProject({ client, host }: TestDocker, prefix = 'regie-test') {
  const name = `${prefix}-${randomBytes(4).toString('hex')}`
  const root = await mkdtemp(path.join(os.tmpdir(), `${name}-`))
  const folder = path.join(root, name)
  await mkdir(folder)
  const at = (file: string) => path.join(folder, file)
  const own = { filters: { label: [`com.docker.compose.project=${name}`] } }
  const containers = () => client.listContainers({ all: true, ...own })
  return {
    name,
    folder,
    file: at('compose.yaml'),
    at,
    write: async (file: string, text: string) => writeFile(at(file), text),
    read: async (file: string) => readFile(at(file), 'utf8'),
    containers,
    /** The one container of a service, for acting behind the panel's back. */
    async container(service: string) {
      const found = (await containers()).find((item) => item.Labels['com.docker.compose.service'] === service)
      if (!found) throw new Error(`${service} has no container`)
      return client.getContainer(found.Id)
    },
    /** Runs Compose as the user would in a terminal. */
    async compose(program: TestCompose, ...args: string[]) {
      const [command = '', ...rest] = program.command
      const env = { ...program.own, DOCKER_HOST: host }
      return promisify(execFile)(command, [...rest, ...args], { cwd: folder, env })
    },
    async remove() {
      for (const { Id } of await containers()) await client.getContainer(Id).remove({ force: true, v: true })
      for (const { Id } of await client.listNetworks(own)) await client.getNetwork(Id).remove()
      await rm(root, { recursive: true, force: true })
    },
  }
}
export type TestProject = Awaited<ReturnType<typeof composeProject>>
