import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { extractorOf, variablesFedBy } from '../../../electron/compose/program/variables'
import { placeKey } from '../../../electron/docker/mounts'
import { placeInContainer } from '../../../electron/services/sight'

describe('where a container sees a file', () => {
  const mount = (source: string, destination: string) => ({ containerId: 'c', source, destination })
  it.each<[string, ReturnType<typeof mount>[], string[], string | null, boolean]>([
    ['by itself', [mount('/srv/PASSWORD', '/data/PASSWORD')], ['/srv/PASSWORD'], '/data/PASSWORD', true],
    ['in a folder', [mount('/srv', '/data')], ['/srv/Login/PASSWORD'], '/data/Login/PASSWORD', false],
    ['in the nearest folder', [mount('/srv', '/a'), mount('/srv/in', '/b')], ['/srv/in/x'], '/b/x', false],
    ['behind a link', [mount('/real', '/data')], ['/link/x', '/real/x'], '/data/x', false],
    [
      'on Windows',
      [mount('/run/desktop/mnt/host/d/Stack', '/data')],
      ['D:\\Stack\\Login\\PASSWORD'],
      '/data/Login/PASSWORD',
      false,
    ],
    ['not at all', [mount('/srv', '/data')], ['/srv2/x'], null, false],
    ['from the root', [mount('/', '/host')], ['/etc/x'], '/host/etc/x', false],
  ])('%s', (_, mounts, spellings, inside, byItself) => {
    const found = placeInContainer(mounts, spellings)
    expect([found?.inside ?? null, found?.isMountedByItself ?? false]).toEqual([inside, byItself])
  })
})

describe('a variable that holds a key of an environment file', () => {
  it.each<[string, string, string | null]>([
    ['${TOKEN}', 'a$b', 'a$b'],
    ['$TOKEN', 'x', 'x'],
    ['--auth ${USER:-admin}:${TOKEN}', '--auth ann:p.w', 'p.w'],
    ['${TOKEN:-default}', 'x', 'x'],
    ['a$$b${TOKEN}c', 'a$bVALUEc', 'VALUE'],
    ['pre-${TOKEN}', 'other', null],
  ])('%s', (template, value, expected) => {
    expect(extractorOf(template, 'TOKEN')?.(value) ?? null).toBe(expected)
  })

  it('is none where the key does not stand', () => {
    expect(extractorOf('${OTHER}', 'TOKEN')).toBeNull()
    expect(extractorOf('$$TOKEN', 'TOKEN')).toBeNull()
  })
})

describe('the variables that an environment file feeds', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'regie-fed-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const namesOf = async (yaml: string, file: string, key = 'TOKEN') => {
    await writeFile(path.join(folder, 'compose.yaml'), yaml)
    const spec = { file: path.join(folder, 'compose.yaml'), service: 'web' }
    return (await variablesFedBy(spec, [placeKey(path.join(folder, file))], key)).map(({ name }) => name)
  }
  const service = (lines: string[]) => ['services:', '  web:', ...lines.map((line) => `    ${line}`), ''].join('\n')

  it.each<[string, string[], string, string[]]>([
    ['by another name', ['environment: { API: "${TOKEN}", OTHER: x }'], '.env', ['API']],
    ['in a list', ['environment:', '  - API=${TOKEN}', '  - TOKEN'], '.env', ['API', 'TOKEN']],
    ['by env_file', ['env_file: tokens.env'], 'tokens.env', ['TOKEN']],
    ['by env_file in a list', ['env_file:', '  - path: tokens.env', '    required: false'], 'tokens.env', ['TOKEN']],
    ['not from a file of the same key', ['env_file: tokens.env'], 'clients.env', []],
    ['not from .env unless asked for', ['environment: { OTHER: x }'], '.env', []],
    [
      'not where environment says otherwise',
      ['env_file: tokens.env', 'environment: { TOKEN: fixed }'],
      'tokens.env',
      [],
    ],
  ])('%s', async (_, lines, file, names) => {
    expect(await namesOf(service(lines), file)).toEqual(names)
  })

  it('are none in a file that cannot be read', async () => {
    expect(await namesOf('services: [', '.env')).toEqual([])
  })
})
