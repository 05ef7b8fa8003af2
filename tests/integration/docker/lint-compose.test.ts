import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod'
import { warmCompose } from '../../support/docker/compose-one'
import { templates } from '../../../electron/stacks/templates'
import { createLinter, noFacts, type LintFacts } from '../../../electron/compose/lint'
import { canStandInEnv, setEnvValue } from '../../../electron/compose/files/dotenv'
import { comfyuiEnv, comfyuiQwen, forgeEnv, forgeTurbo } from '../../unit/compose/lint/coursia'
import { long, testRounds } from '../../support/long'
import { folder } from '../simulator/support'

type Kind = Exclude<LintFacts['compose'], null>

/** Both generations of Compose, as far as this machine has them. */
const programs: [Kind, string, string[]][] = (
  [
    ['plugin', 'docker', ['compose']],
    ['standalone', 'docker-compose', []],
  ] satisfies [Kind, string, string[]][]
).filter(([, command, args]) => spawnSync(command, [...args, 'version'], { stdio: 'ignore' }).status === 0)

const Config = z.object({
  services: z.record(z.string(), z.looseObject({ environment: z.record(z.string(), z.string()).default({}) })),
})

/** What `config` makes of the files; it prints `$` as `$$`. */
function configOf([, command, args]: (typeof programs)[number], cwd: string) {
  const { status, stdout, stderr } = spawnSync(command, [...args, 'config'], {
    cwd,
    encoding: 'utf8',
    env: cleanEnvironment,
  })
  const unescaped = (text: string) => text.replaceAll('$$', '$')
  const services = status === 0 ? Config.parse(parse(stdout)).services : {}
  return {
    refused: status === 0 ? null : stderr,
    text: stdout,
    environmentOf: (service: string) =>
      Object.fromEntries(
        Object.entries(services[service]?.environment ?? {}).map(([key, text]) => [key, unescaped(text)]),
      ),
  }
}

/** Without anything that the values of a test could name. */
const { PATH, HOME, DOCKER_CONFIG, [warmCompose]: warm } = process.env
const cleanEnvironment = {
  PATH,
  HOME,
  ...(DOCKER_CONFIG !== undefined && { DOCKER_CONFIG }),
  ...(warm !== undefined && { [warmCompose]: warm }),
}

const linter = () => createLinter({ historyFile: path.join(folder(), 'changes.json'), redact: (text) => text })

const gpus = [{ index: 0, uuid: 'GPU-aaaaaaaa-1111-2222-3333-444444444444', name: 'NVIDIA GeForce RTX 3090' }]

async function write(files: Record<string, string>): Promise<string> {
  const at = folder()
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(at, name), text)
  return at
}

/** Applies the first fix of every finding that has one. */
async function mendAll(cwd: string, compose: Kind) {
  const one = linter()
  const target = { files: { file: cwd }, facts: { ...noFacts, gpus, compose }, check: null }
  const report = await one.report(target)
  const fixes = report.findings.flatMap((finding) => finding.fixes.slice(0, 1).map(({ id }) => id))
  return (await one.fix(target, fixes, report.files)).report
}

for (const [at, program] of programs.entries())
  describe(program[0], at > 0 ? long : {}, () => {
    const [kind] = program

    const accepts = 'accepts %s after every fix, and reads what was meant'
    const isAccepted = async (service: string, yaml: string, env: string) => {
      const cwd = await write({ 'compose.yaml': yaml, '.env': env, 'entrypoint.sh': '#!/bin/bash\r\n' })
      expect(configOf(program, cwd).refused).toBeNull()

      const report = await mendAll(cwd, kind)

      const after = configOf(program, cwd)
      expect(after.refused).toBeNull()
      expect(after.environmentOf(service)['CUDA_VISIBLE_DEVICES']).toBe(gpus[0]?.uuid)
      expect(after.text).toContain('127.0.0.1')
      expect(report.findings.filter(({ fixes }) => fixes.length > 0)).toEqual([])
    }
    it.each([['comfyui-qwen', comfyuiQwen, comfyuiEnv]] as const)(accepts, isAccepted)
    it.each([['forge-turbo', forgeTurbo, forgeEnv]] as const)(accepts, long, isAccepted)

    const some = { few: 10, all: 400 }
    testRounds(
      'values that Regie writes into .env are read as they are, also through env_file',
      some,
      async (numRuns) => {
        const value = fc.string({ unit: 'grapheme-ascii', maxLength: 40 }).filter(canStandInEnv)
        const values = fc.sample(value, { numRuns, seed: 7 }).map((text, at) => [`KEY_${at}`, text] as const)
        const env = values.reduce((text, [key, written]) => setEnvValue(text, key, written), '# head\n')
        const variables = values.map(([key]) => `      ${key}: "\${${key}}"`).join('\n')
        const cwd = await write({
          '.env': env,
          'compose.yaml': `services:\n  a:\n    image: a:1\n    environment:\n${variables}\n  b:\n    image: a:1\n    env_file: .env\n`,
        })

        const read = configOf(program, cwd)

        expect(read.refused).toBeNull()
        expect(read.environmentOf('a')).toEqual(Object.fromEntries(values))
        expect(read.environmentOf('b')).toEqual(Object.fromEntries(values))
      },
    )

    testRounds('values with $ are read as they were meant, once the linter has quoted them', some, async (numRuns) => {
      const letters = Array.from('ab$.Z0/_-$')
      const value = fc
        .array(fc.constantFrom(...letters), { minLength: 2, maxLength: 20 })
        .map((found) => `x$${found.join('')}`)
      // Doubled ones may be meant either way: the unit tests look at them.
      const values = fc
        .sample(
          value.filter((text) => !text.includes('$$') && /\$[A-Za-z_]/.test(text)),
          { numRuns, seed: 11 },
        )
        .map((text, at) => [`KEY_${at}`, text] as const)
      const variables = values.map(([key]) => `      ${key}: "\${${key}}"`).join('\n')
      const cwd = await write({
        '.env': values.map(([key, text]) => `${key}=${text}\n`).join(''),
        'compose.yaml': `services:\n  a:\n    image: a:1\n    environment:\n${variables}\n`,
      })

      await mendAll(cwd, kind)

      expect(configOf(program, cwd).environmentOf('a')).toMatchObject(Object.fromEntries(values))
    })
  })

describe('the ready-made stacks', () => {
  const stacks = path.resolve(import.meta.dirname, '../../../resources/stacks')

  it.each(templates)('$id lints clean', async ({ id, folders }) => {
    const to = path.join(folder(), id)
    await cp(path.join(stacks, id), to, { recursive: true })
    for (const name of ['models', 'outputs', 'cache', ...folders]) await mkdir(path.join(to, name), { recursive: true })
    const example = readFileSync(path.join(to, '.env.example'), 'latin1')
    const filled = ['FORGE_USER', 'FORGE_PASSWORD'].reduce(
      (text, key) => (example.includes(key) ? setEnvValue(text, key, 'dummy-value') : text),
      example,
    )
    await writeFile(path.join(to, '.env'), filled)

    const report = await linter().report({ files: { file: to }, facts: { ...noFacts, gpus }, check: null })

    expect(report.findings.map(({ name, line, reason }) => `${name}:${line} ${reason.message}`)).toEqual([])
  })
})
