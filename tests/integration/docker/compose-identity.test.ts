import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { filesOf, findProject } from '../../../electron/compose/program/files'
import { composeNames, overrideNames } from '../../../electron/compose/program/sources'
import type { ComposeSpec } from '../../../shared/contract'
import { composePrograms, composeProject, type TestCompose, type TestProject } from '../../support/compose'
import { describeWithDocker, type TestDocker } from '../../support/docker'
import { describeCompose, long, testRounds } from '../../support/long'
import { freePort } from '../../support/ports'
import { composePanel, type ComposePanel } from './compose-services'

const programs = await composePrograms()
const cases = path.resolve(import.meta.dirname, '../../cases/compose')

/** A variable in the environment of service `a` for each file that Compose merges. */
const markOf = (name: string) => `B_${name.replaceAll(/\W/g, '_')}`
const textOf = (name: string) =>
  `version: "2.4"\nservices:\n  a:\n    image: x\n    environment: { ${markOf(name)}: "1" }\n`

/** A folder of `tests/cases/compose`, a service and a file in it, and variables that the service is given. */
type Case = [folder: string, service: string, file: string, environment: Record<string, string>]

await describeWithDocker('which project it is', (docker: TestDocker) => {
  describeCompose(programs, {}, (program) => {
    let panel: ComposePanel
    beforeAll(async () => {
      panel = await composePanel({ docker, own: program.own })
    })
    afterAll(async () => {
      await panel.close()
      expect(panel.bugs).toEqual([])
    })

    const rounds = { few: 1, all: program.generation === 2 ? 25 : 4 }
    testRounds('is what Compose says, whatever files lie there', rounds, async (numRuns) => {
      const root = await mkdtemp(path.join(os.tmpdir(), 'regie-identity-'))
      const gpu = 'gpu/extra.yml'
      // 1.29 refuses several default names or override files.
      const maxLength = program.generation === 1 ? 1 : 2
      const layout = fc.record({
        names: fc.subarray([...composeNames], { minLength: 1, maxLength }),
        overrides: fc.subarray([...overrideNames], { maxLength }),
        /** Which of the files COMPOSE_FILE names, if it is set. */
        set: fc.option(fc.subarray([0, 1, 2], { minLength: 1, maxLength: 2 })),
      })
      let count = 0
      try {
        await fc.assert(
          fc.asyncProperty(layout, async ({ names, overrides, set }) => {
            const folder = path.join(root, `p${count++}`)
            await mkdir(path.join(folder, 'gpu'), { recursive: true })
            for (const name of [...names, ...overrides, gpu]) await writeFile(path.join(folder, name), textOf(name))
            const there = [...names, ...overrides, gpu]
            const named = set?.flatMap((at) => there[at] ?? [])
            if (named && named.length > 0)
              await writeFile(path.join(folder, '.env'), `COMPOSE_FILE=${named.join(path.delimiter)}\n`)
            const by = await inTerminal(program, docker, folder, ['config'])
            const found = await findProject({ file: folder })
            const expected = [...new Set(by.match(/B_\w+/g))].sort()
            const files = (await filesOf(found)).map((file) => markOf(path.relative(folder, file))).sort()
            expect(files).toEqual(expected)
            const config = await panel.compose.config(found)
            expect(Object.keys(config.services['a']?.environment ?? {}).sort()).toEqual(expected)
          }),
          { numRuns },
        )
      } finally {
        await rm(root, { recursive: true, force: true })
      }
    })
  })

  const [main] = programs.filter(({ generation }) => generation === 2)
  describe.skipIf(main === undefined)('of the cases from the field', () => {
    const program = main ?? { generation: 2, own: process.env, command: [] }
    let project: TestProject
    let panel: ComposePanel
    beforeAll(async () => {
      project = await composeProject(docker)
      panel = await composePanel({ docker, own: program.own })
    })
    afterAll(async () => {
      await panel.close()
      await project.remove()
      expect(panel.bugs).toEqual([])
    })

    /** A case as it is, but for its image, and for what only one on a machine can have. */
    async function lay(name: string): Promise<string> {
      const folder = path.join(project.folder, name)
      await cp(path.join(cases, name), folder, { recursive: true })
      for (const file of ['compose.yaml', 'docker-compose.yml', 'app/compose.yaml', 'forge/compose.yaml']) {
        const place = path.join(folder, file)
        const text = await readFile(place, 'utf8').catch(() => null)
        if (text === null) continue
        const port = String(await freePort())
        const own = text
          .replaceAll(/image: .*/g, `image: ${docker.image}`)
          .replace(/container_name: .*/, `container_name: ${project.name}`)
          .replaceAll(/18\d{3}:/g, `${port}:`)
          .replace('"18203"', `"${port}"`)
        await writeFile(place, own)
      }
      return folder
    }

    const fromTheField = [
      ['name-from-variable', 'comfyui-nvidia', 'compose.yaml', {}],
      ['compose-file-variable', 'comfyui', 'docker-compose.yml', { EXTRA: 'from-gpu-file' }],
      ['env-file-hash', 'a', 'compose.yaml', {}],
      ['compose-file-variable', 'forge', 'docker-compose.yml', {}],
      ['include', 'comfyui', 'compose.yaml', {}],
      ['profiles-only', 'auto', 'docker-compose.yml', {}],
    ] satisfies Case[]
    const asCompose = async (...[name, service, file, environment]: Case) => {
      const folder = await lay(name)
      const spec: ComposeSpec = { file: path.join(folder, file), service }
      const named = JSON.parse(await inTerminal(program, docker, folder, ['config', '--format', 'json'])) as {
        name: string
      }
      expect(await panel.compose.projectName(spec)).toBe(named.name)

      // Of the project's name there is one on the machine: made under one of its own, which the test takes away.
      const own = `${project.name}-${name}`
      await inTerminal(program, docker, folder, ['-p', own, 'create', service])
      const filters = { label: [`com.docker.compose.project=${own}`] }
      try {
        const [made] = (await docker.client.listContainers({ all: true, filters })).filter(
          ({ Labels }) => Labels['com.docker.compose.service'] === service,
        )
        if (!made) throw new Error('no container was made')
        const found = await panel.changesOf({ ...spec, project: own }, made.Id)
        expect(found).toEqual({ known: true, changes: [] })
        const config = await panel.compose.rendered({ ...spec, project: own })
        expect(Object.keys(config.services[service]?.environment ?? {})).toEqual(
          expect.arrayContaining(Object.keys(environment)),
        )
      } finally {
        for (const { Id } of await docker.client.listContainers({ all: true, filters }))
          await docker.client.getContainer(Id).remove({ force: true, v: true })
        for (const { Id } of await docker.client.listNetworks({ filters })) await docker.client.getNetwork(Id).remove()
      }
    }
    const asItIs = '%s, %s: the CLI’s project and container, and nothing pending'
    test.each(fromTheField.slice(0, 1))(asItIs, asCompose)
    test.each(fromTheField.slice(1))(asItIs, long, asCompose)

    test('profiles are offered where every service has one, and their services when one is chosen', long, async () => {
      const folder = await lay('profiles-only')
      const profiles = ['auto', 'auto-cpu', 'comfy', 'download']
      expect(await panel.compose.readProject({ file: folder })).toMatchObject({ profiles, services: [] })
      const chosen = await panel.compose.readProject({ file: folder, profiles: ['auto'] })
      expect(chosen).toMatchObject({ activeProfiles: ['auto'], services: [{ name: 'auto' }] })
    })

    test(
      'what Compose finds by itself need not be named again, and what its containers were made from is told',
      long,
      async () => {
        const folder = await lay('compose-file-variable')
        const [first, gpu] = ['docker-compose.yml', 'docker-compose.gpu.yml'].map((file) => path.join(folder, file))
        const read = await panel.compose.readProject({ file: folder })
        expect(read).toMatchObject({ files: [first, gpu], overrides: [] })
      },
    )
  })
})

/** What Compose prints for a user in that folder. Rejects with what it says when it fails. */
function inTerminal(program: TestCompose, { host }: TestDocker, folder: string, args: string[]): Promise<string> {
  const [command = '', ...rest] = program.command
  return new Promise((resolve, reject) => {
    execFile(
      command,
      [...rest, ...args],
      { cwd: folder, env: { ...program.own, DOCKER_HOST: host, PWD: folder }, maxBuffer: 4e6 },
      (error, stdout, stderr) => (error ? reject(new Error(stderr)) : resolve(stdout)),
    )
  })
}
