import { appendFile, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import path from 'node:path'
import type { Update } from '../../shared/contract'
import { mountSmallDisk } from './full-disk'
import { until } from './until'
import type { TestVersion, Updating } from './updating'

type Service = Awaited<ReturnType<Updating['deploy']>>

/** One way in which an update goes wrong. */
export interface Breakage {
  name: string
  version: Omit<TestVersion, 'name'>
  order?: Record<string, unknown>
  /** What is so before it begins. Answers what takes that back. */
  before?: (world: Updating) => Promise<() => Promise<void>>
  /** What somebody does while the update goes on. Answers what takes that back. */
  meanwhile?: (world: Updating, service: Service, updateId: string) => Promise<(() => Promise<void>) | undefined>
  /** How it ends: at which step and why it is rolled back, or that nothing was lost and it has switched. */
  ends: { step: Update['failedStep']; problem: RegExp } | 'switched'
  /** The old container is the very same afterwards; where it is false, it was recreated from the old image. */
  keepsContainer?: false
  /** Somebody else stopped the old version, and it is left so. */
  staysDown?: true
}

const listening = (port: number): Promise<Server | null> =>
  new Promise((resolve) => {
    // Whoever comes is turned away, so that nobody keeps it from closing.
    const server = createServer((socket) => socket.destroy())
    server.once('error', () => resolve(null))
    server.listen(port, '127.0.0.1', () => resolve(server))
  })

/** Resolves when the update has come to a step. */
const at = (world: Updating, updateId: string, step: string) =>
  until(
    `the step ${step}`,
    async () => {
      const { steps, state } = await world.get(updateId)
      if (state !== 'running' && state !== 'rolling-back') throw new Error(`it is ${state}`)
      return steps.some(({ id, state: how }) => id === step && how !== 'waiting')
    },
    60_000,
  )

const node = (script: string) => `/bin/node -e '${script}'`

export const breakages: Breakage[] = [
  {
    name: 'the build fails',
    version: { build: 'RUN ["/bin/sh", "-c", "echo no such package; exit 3"]' },
    ends: { step: 'build', problem: /^compose\./ },
  },
  {
    name: 'a custom node cannot be imported',
    version: { behaviour: { failedImports: ['Some-Pack'] } },
    ends: { step: 'verify', problem: /^updates\.import-failed$/ },
  },
  {
    name: 'health never comes',
    version: { script: `exec ${node('process.on("SIGTERM", () => process.exit()); setInterval(() => {}, 1000)')}` },
    ends: { step: 'start', problem: /^updates\.silent$/ },
  },
  {
    name: 'it ends at its start',
    version: { script: 'echo broken; exit 3' },
    ends: { step: 'start', problem: /^updates\.ended$/ },
  },
  {
    name: 'the picture is black',
    version: { behaviour: { picture: 'black' } },
    ends: { step: 'verify', problem: /^updates\.picture-black$/ },
  },
  {
    name: 'the picture is flat',
    version: { behaviour: { picture: 'flat' } },
    ends: { step: 'verify', problem: /^updates\.picture-flat$/ },
  },
  {
    name: 'the picture has another size',
    version: { behaviour: { picture: 'small' } },
    ends: { step: 'verify', problem: /^updates\.picture-size$/ },
  },
  {
    name: 'the result comes from a cache',
    version: { behaviour: { saysCached: true } },
    ends: { step: 'verify', problem: /^updates\.picture-cached$/ },
  },
  {
    name: 'a node is missing',
    version: { behaviour: { customNodes: ['PackNode'] } },
    ends: { step: 'verify', problem: /^updates\.nodes-missing$/ },
  },
  {
    name: 'the secret is refused',
    version: {
      flags: '--folder /other',
      script: `${node(
        'const fs = require("fs"); fs.mkdirSync("/other/login", { recursive: true }); fs.writeFileSync("/other/login/PASSWORD", "$2b$04$abcdefghijklmnopqrstuuJ0Tt5WvB0V7aZ0u8zVtqV5Qq1N6yHkq\\nregie")',
      )}\nexec /bin/node /app/simulator.js "$@"`,
    },
    ends: { step: 'verify', problem: /^proof\./ },
  },
  {
    name: 'it is open to strangers',
    version: { flags: '--disable-all-custom-nodes' },
    ends: { step: 'verify', problem: /^proof\.open$/ },
  },
  {
    name: 'the test generation fails',
    version: { behaviour: { oomAtStep: 1 } },
    ends: { step: 'verify', problem: /^backend\./ },
  },
  {
    name: 'the test generation hangs',
    version: { behaviour: { hangAtStep: 1 } },
    ends: { step: 'verify', problem: /^updates\.picture-late$/ },
  },
  {
    name: 'the disk is full',
    version: {},
    before: async ({ dataFolder }) => {
      const place = path.join(dataFolder, 'updates')
      const disk = mountSmallDisk(256)
      if (!disk) throw new Error('a small tmpfs needs Linux and the right to mount')
      await rm(place, { recursive: true, force: true })
      await symlink(disk.path, place)
      return async () => {
        await rm(place)
        disk[Symbol.dispose]()
      }
    },
    ends: { step: 'snapshot', problem: /^disk\.full$/ },
  },
  {
    name: 'the first port beside is taken',
    version: {},
    meanwhile: async (world, _, updateId) => {
      const server = await listening(18_800)
      await at(world, updateId, 'start')
      return () => new Promise((resolve) => (server ? server.close(() => resolve()) : resolve()))
    },
    ends: 'switched',
  },
  {
    name: 'another program takes the port at the switch',
    version: {},
    meanwhile: async (world, { port }, updateId) => {
      await at(world, updateId, 'verify')
      // The moment is short: no pause between two tries.
      let taken: Server | null = null
      while (taken === null && (await world.get(updateId)).state === 'running')
        for (let tries = 0; tries < 50 && taken === null; tries++) taken = await listening(port)
      await until('the way back', async () => (await world.get(updateId)).state !== 'running', 60_000)
      await new Promise<void>((resolve) => (taken ? taken.close(() => resolve()) : resolve()))
      return undefined
    },
    ends: { step: 'switch', problem: /^compose\.port|^service\./ },
    keepsContainer: false,
  },
  {
    name: 'it dies with the person’s own outputs',
    // Beside, the outputs are empty; in its place they hold what the old version made.
    version: {
      script: `[ -n "$(find /opt/ComfyUI/output -type f)" ] && exit 3\nexec /bin/node /app/simulator.js "$@"`,
    },
    ends: { step: 'switch', problem: /./ },
    keepsContainer: false,
  },
  {
    name: 'the .env is refused by Compose',
    version: {},
    meanwhile: async (world, { folder }, updateId) => {
      // Read when the build begins, and again for the start.
      await until('an image', async () =>
        (await world.get(updateId)).steps.some(({ doing }) => /Built|FROM/.test(doing ?? '')),
      )
      const file = path.join(folder, '.env')
      const before = await readFile(file)
      await appendFile(file, 'NOT A LINE=x\n')
      return () => writeFile(file, before)
    },
    ends: { step: 'start', problem: /^compose\.env-/ },
  },
  {
    name: 'the names of the old image are removed',
    version: {},
    meanwhile: async (world, { id }, updateId) => {
      await at(world, updateId, 'verify')
      const [container] = await world.containersOf(id)
      const image = await world.docker.client.getImage(container?.ImageID ?? '').inspect()
      for (const tag of image.RepoTags) await world.docker.client.getImage(tag).remove({ force: true })
      return undefined
    },
    ends: 'switched',
  },
  {
    name: 'the person changes a file',
    version: {},
    meanwhile: async (world, { folder }, updateId) => {
      await at(world, updateId, 'verify')
      const file = path.join(folder, 'README.md')
      const before = await readFile(file)
      await appendFile(file, 'my own words\n')
      return () => writeFile(file, before)
    },
    ends: { step: 'switch', problem: /^updates\.files-changed$/ },
  },
  {
    name: 'somebody rotates the credential',
    version: {},
    meanwhile: async (world, { id }, updateId) => {
      await at(world, updateId, 'build')
      const { status } = await world.rest('POST', `credentials/${id}/rotate`)
      if (status !== 409) throw new Error(`a rotation was answered ${status}`)
      return undefined
    },
    ends: 'switched',
  },
  {
    name: 'somebody stops the service',
    version: {},
    meanwhile: async (world, { id }, updateId) => {
      await at(world, updateId, 'verify')
      const [container] = await world.containersOf(id)
      await world.docker.client.getContainer(container?.Id ?? '').stop({ t: 1 })
      return async () => {
        await world.rest('POST', `services/${id}/start`)
        await world.ready(id)
      }
    },
    ends: { step: 'switch', problem: /^updates\.old-stopped$/ },
    staysDown: true,
  },
]
