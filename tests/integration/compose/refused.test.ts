import fc from 'fast-check'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createCompose } from '../../../electron/compose/program'
import { createProgram } from '../../../electron/compose/program/program'
import { Problem } from '../../../shared/problems'
import { folder } from '../simulator/support'
import { programs } from './programs'

const compose = () =>
  createCompose({
    engine: {
      containers: () => [],
      environment: () => ({}),
      status: () => ({ state: 'connecting' }) as never, // `config` asks no engine
    },
    redact: (text) => text,
    known: () => [],
  })

const using = 'services:\n  a:\n    image: x\n    environment: { P: "${P}" }\n'

/** Files that Compose refuses for a value, each with the line that is to be named. */
const refused: [name: string, files: (secret: string) => Record<string, string>, line: number | null][] = [
  ['a $ that begins no variable', (secret) => ({ '.env': `A=1\nP=${secret}\${9\n`, 'compose.yaml': using }), 2],
  ['an open quote', (secret) => ({ '.env': `P="${secret}\n`, 'compose.yaml': using }), 1],
  ['no name', (secret) => ({ '.env': `A=1\n${secret}$\n`, 'compose.yaml': using }), 2],
  ['a message that is a password', (secret) => ({ '.env': `P=x\${B:?${secret}}\n`, 'compose.yaml': using }), 1],
  [
    'an env_file',
    (secret) => ({ 'f.env': `P=${secret}\${\n`, 'compose.yaml': 'services: { a: { image: x, env_file: f.env } }\n' }),
    1,
  ],
  [
    'a port',
    (secret) => ({ '.env': `P=${secret}\n`, 'compose.yaml': 'services: { a: { image: x, ports: ["${P}:80"] } }\n' }),
    null,
  ],
  [
    'the Compose file',
    (secret) => ({ 'compose.yaml': `services:\n  a:\n    image: x\n    environment:\n      - "P=${secret}\${9"\n` }),
    null,
  ],
  [
    'a number',
    (secret) => ({ '.env': `P=${secret}\n`, 'compose.yaml': 'services: { a: { image: x, cpus: "${P}" } }\n' }),
    null,
  ],
]

const hasSecond = programs.some(({ generation }) => generation === 2)

describe.runIf(hasSecond)('what Compose refuses', () => {
  it('a folder that is gone: told as that, and not as a missing Compose', async () => {
    const program = createProgram({ environment: () => ({}), redact: (text) => text })
    await program.find()
    const cwd = folder({ 'compose.yaml': using })
    const project = {
      folder: cwd,
      files: [`${cwd}/compose.yaml`],
      isOwn: false,
      project: 'gone',
      profiles: [],
      envFile: null,
    }
    await rm(cwd, { recursive: true })
    await expect(program.run({ project, arguments: ['config'], timeoutMs: 20_000 })).rejects.toMatchObject({
      id: 'compose.file-missing',
      params: { file: `${cwd}/compose.yaml` },
    })
  })

  it.each(refused)('%s: told without the value', async (_, filesOf, line) => {
    const secrets = fc.sample(fc.stringMatching(/^[A-Z][a-z0-9#!%*+~.]{9,16}$/), { numRuns: 2, seed: 8 })
    for (const secret of secrets) {
      const cwd = folder(filesOf(secret))
      const failure: unknown = await compose()
        .config({ file: `${cwd}/compose.yaml` })
        .catch((error: unknown) => error)

      if (!(failure instanceof Problem)) throw new Error('Compose takes these files')
      const told = JSON.stringify([failure.message, failure.hint, failure.params, failure.stack])
      for (let at = 0; at + 6 <= secret.length; at++) expect(told).not.toContain(secret.slice(at, at + 6))
      if (line !== null) expect([failure.id, failure.params['line']]).toEqual(['compose.env-line', line])
    }
  })

  it('the case from the field: file, key and line, and no part of the value', async () => {
    const failure: unknown = await compose()
      .config({ file: path.resolve('tests/cases/compose/refused-env-file/compose.yaml') })
      .catch((error: unknown) => error)

    if (!(failure instanceof Problem)) throw new Error('Compose takes these files')
    expect([failure.id, failure.params]).toEqual([
      'compose.env-line',
      { file: '.env', line: 2, key: 'COMFYUI_PASSWORD' },
    ])
    expect(JSON.stringify([failure.message, failure.hint, failure.stack])).not.toContain('9fort')
  })
})
