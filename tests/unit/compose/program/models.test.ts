import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RenderedProject } from '../../../../electron/compose/program/compose'
import { createModels } from '../../../../electron/compose/program/models'
import { Problem, type ProblemId } from '../../../../shared/problems'

const service: RenderedProject['services'][string] = {
  image: 'a',
  containerName: null,
  environment: { TOKEN: 'a-secret', EMPTY: null },
  ports: [],
  volumes: [],
  gpuIds: [],
  command: null,
  entrypoint: null,
  dependsOn: [],
  hasBuild: false,
}
const model = (services: string[], hash = 'h'): RenderedProject => ({
  name: 'p',
  version: '2.40.3',
  hashes: Object.fromEntries(services.map((name) => [name, hash])),
  services: Object.fromEntries(services.map((name) => [name, service])),
})

describe('a rendered project', () => {
  let folder: string
  const at = (name: string) => path.join(folder, name)
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'regie-models-'))
    await writeFile(at('compose.yaml'), 'services: { a: { env_file: a.env } }\n')
  })
  afterEach(() => rm(folder, { recursive: true }))

  /** Models whose Compose is a function, and how often it was asked for what. */
  function setUp(render: (only: string | undefined, count: number) => RenderedProject | Promise<RenderedProject>) {
    const asked: (string | undefined)[] = []
    let environment: NodeJS.ProcessEnv = {}
    let now = 0
    const rendered = createModels({
      render: async (_, only) => {
        asked.push(only)
        return render(only, asked.length)
      },
      surroundings: () => environment,
      now: () => now,
    })
    return {
      asked,
      of: (name = 'a') => rendered({ file: at('compose.yaml'), service: name }),
      setEnvironment: (next: NodeJS.ProcessEnv) => (environment = next),
      wait: (ms: number) => (now += ms),
    }
  }

  test('is asked for once, until a file that it is read from comes or changes, or the environment does', async () => {
    const { of, asked, setEnvironment } = setUp(() => model(['a']))
    const first = await of()
    expect(await of()).toBe(first)
    await writeFile(at('a.env'), 'FOO=1\n')
    const second = await of()
    expect(second).not.toBe(first)
    await writeFile(at('compose.override.yml'), 'services: {}\n')
    await of()
    setEnvironment({ NAME: 'x' })
    await of()
    await of()
    expect(asked).toHaveLength(4)
  })

  test('holds no value of a variable', async () => {
    const { services } = await setUp(() => model(['a'])).of()
    expect(JSON.stringify(services)).not.toContain('a-secret')
    expect(services['a']?.environment['EMPTY']).toBeNull()
  })

  test('one that includes what is not on this machine holds for a minute', async () => {
    await writeFile(at('compose.yaml'), 'include: ["https://example.com/x.git"]\nservices: {}\n')
    const { of, asked, wait } = setUp(() => model(['a']))
    await of()
    wait(59_000)
    await of()
    expect(asked).toHaveLength(1)
    wait(2_000)
    await of()
    expect(asked).toHaveLength(2)
  })

  test('whose files change while they are read is read again', async () => {
    const { of } = setUp(async (_, count) => {
      if (count === 1) await writeFile(at('a.env'), 'FOO=2\n')
      return model(['a'], `h${count}`)
    })
    expect((await of()).hashes).toEqual({ a: 'h2' })
  })

  test('lacks a service whose profile is not on, which then is asked for by itself', async () => {
    const { of, asked } = setUp((only) => model(only === undefined ? ['a'] : ['a', only]))
    expect((await of('b')).services).toHaveProperty('b')
    await of('b')
    expect(asked).toEqual([undefined, 'b'])
  })

  test('of a Compose that knows no such service is the whole one', async () => {
    const { of } = setUp((only) => {
      if (only !== undefined) throw new Problem('compose.service-missing', { service: only })
      return model(['a'])
    })
    expect(Object.keys((await of('b')).services)).toEqual(['a'])
  })

  test.each<[ProblemId, number]>([
    ['compose.yaml', 1],
    ['compose.timeout', 2],
  ])('that failed for %s is asked for %i times', async (problem, times) => {
    const { of, asked } = setUp(() => {
      throw new Problem(problem)
    })
    await expect(of()).rejects.toMatchObject({ id: problem })
    await expect(of()).rejects.toMatchObject({ id: problem })
    expect(asked).toHaveLength(times)
  })
})
