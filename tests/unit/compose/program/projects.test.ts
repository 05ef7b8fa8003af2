import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { commandLine, upArguments } from '../../../../electron/compose/program/arguments'
import {
  activeProfiles,
  filesOf,
  findProject,
  guessProjectName,
  normalName,
} from '../../../../electron/compose/program/files'
import { filesReadFor } from '../../../../electron/compose/program/reads'
import { envFileOf, sourcesOf } from '../../../../electron/compose/program/sources'
import { realDisk, type Disk } from '../../../../electron/compose/files/disk'
import { labelledFiles, projectsByLabels } from '../../../../electron/compose/program/projects'
import type { Container } from '../../../../electron/docker/engine'

const port = (hostPort: number, containerPort: number, hostIp = '0.0.0.0') => ({ hostIp, hostPort, containerPort })

const container = (given: {
  labels?: Record<string, string>
  files: string[]
  dir: string
  service?: string
}): Container => ({
  id: 'c1',
  name: 'comfyui-qwen',
  image: 'python:3.11',
  imageId: 'sha256:1',
  state: 'running',
  status: 'Up 3 hours',
  createdAt: 1,
  ports: [port(8188, 8188, '127.0.0.1')],
  labels: given.labels ?? {},
  compose: {
    project: 'comfyui-qwen',
    service: given.service ?? 'comfyui-qwen',
    workingDir: given.dir,
    configFiles: given.files,
    environmentFile: null,
    configHash: 'h',
    oneOff: false,
  },
})

describe('projects by the labels of their containers', () => {
  const around = (exists: (file: string) => boolean) => ({ known: [], engineHost: '127.0.0.1', exists })

  test('files that are here can be managed', () => {
    const [project] = projectsByLabels(
      [container({ dir: '/srv/q', files: ['/srv/q/compose.yaml'] })],
      around(() => true),
    )
    expect(project).toMatchObject({ name: 'comfyui-qwen', files: ['/srv/q/compose.yaml'] })
    expect(project?.reason).toBeUndefined()
  })

  test.each([
    [
      'Windows paths on another system',
      'D:\\Dev\\CoursIA\\comfyui-qwen',
      'D:\\Dev\\CoursIA\\comfyui-qwen\\docker-compose.yml',
    ],
    ['a folder of WSL', '\\\\wsl.localhost\\Ubuntu\\q', '\\\\wsl.localhost\\Ubuntu\\q\\compose.yaml'],
    ['another machine', '/home/somebody/q', '/home/somebody/q/compose.yaml'],
  ])('%s: watched and not managed, for a reason', (_, dir, file) => {
    const [project] = projectsByLabels(
      [container({ dir, files: [file] })],
      around(() => false),
    )
    expect(project?.files).toEqual([file])
    expect(project?.reason).toMatchObject({ problem: 'compose.files-elsewhere', params: { file } })
    expect(project?.services[0]?.guess).toMatchObject({ kind: 'comfyui', url: 'http://127.0.0.1:8188' })
  })

  test('a service that Regie has already is told by its id', () => {
    const [project] = projectsByLabels([container({ dir: '/srv/q', files: ['/srv/q/compose.yaml'] })], {
      ...around(() => true),
      known: [{ id: 'mine', file: '/srv/q/compose.yaml', service: 'comfyui-qwen', project: null }],
    })
    expect(project?.services[0]?.serviceId).toBe('mine')
  })

  test('Compose 1 writes files relative to its folder; a comma may belong to a name', () => {
    const there = new Set(['/srv/a,b/compose.yaml', '/srv/q/v1.yml'])
    const exists = (file: string) => there.has(file)
    expect(labelledFiles(['v1.yml'], '/srv/q', exists)).toEqual(['/srv/q/v1.yml'])
    expect(labelledFiles(['/srv/a', 'b/compose.yaml', '/srv/q/v1.yml'], '/srv/q', exists)).toEqual([
      '/srv/a,b/compose.yaml',
      '/srv/q/v1.yml',
    ])
    expect(labelledFiles(['over.yml'], 'C:\\q', () => false)).toEqual(['C:\\q\\over.yml'])
  })
})

describe('the files of a project', () => {
  let folder: string
  const at = (name: string) => path.join(folder, name)
  beforeEach(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'Regie_Project.'))))
  afterEach(() => rm(folder, { recursive: true }))

  test('a folder’s file is the first of Compose’s names', async () => {
    await writeFile(at('docker-compose.yml'), '')
    expect(await findProject({ file: folder })).toEqual({ file: at('docker-compose.yml') })
    await writeFile(at('compose.yaml'), '')
    expect(await findProject({ file: folder })).toEqual({ file: at('compose.yaml') })
    expect(await findProject({ file: at('docker-compose.yml') })).toEqual({ file: at('docker-compose.yml') })
  })

  test('a folder without one, and a file that is gone, are refused', async () => {
    await expect(findProject({ file: folder })).rejects.toMatchObject({ id: 'compose.no-file' })
    await expect(findProject({ file: at('gone.yaml') })).rejects.toMatchObject({ id: 'compose.file-missing' })
  })

  test('the override twin counts, unless further files are named', async () => {
    await writeFile(at('compose.yaml'), '')
    await writeFile(at('compose.override.yml'), '')
    expect(await filesOf({ file: at('compose.yaml') })).toEqual([at('compose.yaml'), at('compose.override.yml')])
    expect(await filesOf({ file: at('compose.yaml'), overrides: [at('gpu.yaml')] })).toEqual([
      at('compose.yaml'),
      at('gpu.yaml'),
    ])
    expect(await filesOf({ file: at('my.yaml') })).toEqual([at('my.yaml')])
  })

  test('the name: given, from the environment file, from the files, else the folder’s', async () => {
    const file = at('compose.yaml')
    await writeFile(file, 'services: {}\n')
    expect(await guessProjectName({ file })).toBe(normalName(path.basename(folder)))
    await writeFile(file, 'name: From-File\nservices: {}\n')
    expect(await guessProjectName({ file })).toBe('from-file')
    await writeFile(file, 'name: ${REGIE_TEST_UNSET_NAME:-with-default}\nservices: {}\n')
    expect(await guessProjectName({ file })).toBe('with-default')
    await writeFile(at('.env'), "COMPOSE_PROJECT_NAME='from-env'\n")
    expect(await guessProjectName({ file })).toBe('from-env')
    expect(await guessProjectName({ file, project: 'given' })).toBe('given')
  })

  test('COMPOSE_FILE of the environment file counts where the file is among those that it names', async () => {
    for (const name of ['docker-compose.yml', 'gpu.yml', 'other.yml']) await writeFile(at(name), '')
    await writeFile(at('.env'), 'COMPOSE_FILE=docker-compose.yml:gpu.yml\nCOMPOSE_PATH_SEPARATOR=:\n')
    const both = { files: [at('docker-compose.yml'), at('gpu.yml')], folder, isOwn: true }
    expect(await sourcesOf({ file: at('docker-compose.yml') }, realDisk)).toEqual(both)
    expect(await findProject({ file: folder })).toEqual({ file: at('docker-compose.yml') })
    // What was named by itself stays by itself.
    expect(await sourcesOf({ file: at('other.yml') }, realDisk)).toEqual({
      files: [at('other.yml')],
      folder,
      isOwn: false,
    })
    expect(await filesOf({ file: at('docker-compose.yml'), overrides: [at('other.yml')] })).toEqual([
      at('docker-compose.yml'),
      at('other.yml'),
    ])
  })

  test('files that COMPOSE_FILE names in another folder have to be named', async () => {
    await mkdir(at('sub'))
    await writeFile(at('sub/base.yml'), '')
    await writeFile(at('.env'), 'COMPOSE_PATH_SEPARATOR=|\nCOMPOSE_FILE=sub/base.yml|gpu.yml\n')
    expect(await findProject({ file: folder })).toEqual({
      file: at('sub/base.yml'),
      overrides: [at('gpu.yml')],
      envFile: at('.env'),
    })
  })

  test('profiles are those that were given, else COMPOSE_PROFILES', async () => {
    const file = at('compose.yaml')
    await writeFile(at('.env'), 'COMPOSE_PROFILES=gpu, debug\n')
    expect(await activeProfiles({ file })).toEqual(['gpu', 'debug'])
    expect(await activeProfiles({ file, profiles: ['cpu'] })).toEqual(['cpu'])
  })

  test('on Windows paths are parted by a semicolon, and the case of letters does not matter', async () => {
    const texts = new Map([
      ['C:\\Comfy\\.env', 'COMPOSE_FILE=docker-compose.yml;gpu\\gpu.yml\n'],
      ['C:\\Comfy\\docker-compose.yml', ''],
    ])
    const disk: Disk = {
      read: (file) => Promise.resolve(texts.has(file) ? Buffer.from(texts.get(file) ?? '') : null),
      look: (place) => Promise.resolve(texts.has(place) ? 'file' : 'missing'),
      list: () => Promise.resolve(null),
    }
    expect(await sourcesOf({ file: 'C:\\Comfy\\Docker-Compose.yml' }, disk, 'win32')).toMatchObject({ isOwn: true })
    expect(await sourcesOf({ file: 'C:\\Comfy\\docker-compose.yml' }, disk, 'win32')).toEqual({
      files: ['C:\\Comfy\\docker-compose.yml', 'C:\\Comfy\\gpu\\gpu.yml'],
      folder: 'C:\\Comfy',
      isOwn: true,
    })
    expect(envFileOf({ file: 'C:\\Comfy\\compose.yaml' }, 'win32')).toBe('C:\\Comfy\\.env')
  })

  test.each([
    ['Comfy UI.2', 'comfyui2'],
    ['_odd-Name', 'odd-name'],
  ])('%s is named %s', (name, expected) => {
    expect(normalName(name)).toBe(expected)
  })

  test('every file that Compose reads is watched: env_files, extended and included ones, with their variables', async () => {
    const file = at('compose.yaml')
    await mkdir(at('app'))
    await writeFile(at('.env'), 'WHICH=b\n')
    await writeFile(at('app/.env'), 'INNER=deep\n')
    await writeFile(
      file,
      [
        'include: [{ path: app/compose.yaml, project_directory: app, env_file: app/.env }, extra.yaml]',
        'services:',
        '  a: { env_file: a.env, extends: { file: base.yaml, service: x } }',
        '  b: { env_file: ["${WHICH}.env", { path: c.env, required: false }], label_file: labels }',
        '  c: {}',
        '',
      ].join('\n'),
    )
    await writeFile(at('app/compose.yaml'), 'services: { d: { env_file: "${INNER}.env" } }\n')
    const { files, isComplete } = await filesReadFor({ file }, realDisk, {})
    const wanted = ['compose.yaml', '.env', 'compose.override.yml', 'a.env', 'b.env', 'c.env', 'labels', 'base.yaml']
    for (const name of [...wanted, 'app/compose.yaml', 'app/.env', 'app/deep.env', 'extra.yaml'])
      expect(files).toContain(at(name))
    expect(isComplete).toBe(true)
  })

  test('what is included from elsewhere cannot be watched, and a circle ends', async () => {
    const file = at('compose.yaml')
    await writeFile(file, 'include: [compose.yaml, "https://example.com/x.git"]\nservices: {}\n')
    expect(await filesReadFor({ file }, realDisk, {})).toMatchObject({ isComplete: false })
  })
})

describe('the command line', () => {
  const files = ['/p/a.yaml', '/p/b.yaml']
  const project = { files, folder: '/p', isOwn: false, profiles: ['gpu'], project: 'q', envFile: '/p/x.env' }

  test.each([
    ['plugin', '2.26.1-4', ['docker', 'compose', '--ansi', 'never', '--progress', 'plain']],
    ['plugin', '2.10.0', ['docker', 'compose', '--ansi', 'never']],
    ['standalone', '1.29.2', ['docker-compose', '--ansi', 'never']],
    ['standalone', '1.25.0', ['docker-compose', '--no-ansi']],
    ['plugin', '5.0.1', ['docker', 'compose', '--ansi', 'never', '--progress', 'plain']],
  ] as const)('of the %s %s', (program, version, start) => {
    expect(commandLine({ program, version }, project, upArguments(['-odd'], 'always'))).toEqual([
      ...start,
      ...[
        '--file',
        '/p/a.yaml',
        '--file',
        '/p/b.yaml',
        '--project-name',
        'q',
        '--profile',
        'gpu',
        '--env-file',
        '/p/x.env',
      ],
      ...['up', '--detach', '--no-deps', '--force-recreate', '--', '-odd'],
    ])
  })

  test('names no files that Compose finds by itself, and none but its input where that is given', () => {
    const program = { program: 'plugin', version: '2.40.3' } as const
    const own = { ...project, isOwn: true, profiles: [], project: null, envFile: null }
    expect(commandLine(program, own, ['config']).slice(6)).toEqual(['config'])
    expect(commandLine(program, { ...own, isPiped: true }, ['config']).slice(6)).toEqual([
      '--project-directory',
      '/p',
      '--file',
      '-',
      'config',
    ])
  })
})
