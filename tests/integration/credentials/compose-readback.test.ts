import fc from 'fast-check'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test, type TestContext } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod'
import type { StoredSink } from '../../../electron/credentials/record'
import { generatePassword, generateToken } from '../../../electron/credentials/secrets'
import { renderSink } from '../../../electron/credentials/sinks/format'
import { composePrograms, type TestCompose } from '../../support/compose'
import { long } from '../../support/long'
import { temporaryFolder } from '../../support/programs'
import { tell } from '../../support/tell'

const Config = z.object({ services: z.record(z.string(), z.object({ environment: z.record(z.string(), z.string()) })) })

const hash = fc.stringMatching(/^\$2b\$12\$[./A-Za-z0-9]{53}$/)

/** As the panel makes them, by names: hashes with their dollars, passwords, tokens. */
const secrets = (count: number, prefix: string): [key: string, value: string][] =>
  fc
    .sample(hash, { numRuns: count })
    .map((text, at) => [`${prefix}_${at}`, [text, generatePassword(), generateToken()][at % 3] ?? text])

function write(type: 'env' | 'yaml', text: string, key: string, token: string): string {
  const sink: StoredSink = { id: 's', type, path: '/x/file', key, field: 'token', requires: null }
  const secret = { username: null, password: null, token, sessionKey: null }
  return renderSink(sink, secret, token, Buffer.from(text)).toString('utf8')
}

/** What `config` makes of a folder's files, by Compose's own program; it prints `$` as `$$`. */
async function configOf({ command: [program = '', ...first], own }: TestCompose, cwd: string) {
  const { PATH, HOME, DOCKER_CONFIG } = own
  const env = { PATH, HOME, ...(DOCKER_CONFIG === undefined ? {} : { DOCKER_CONFIG }) }
  const run = async (...args: string[]) => promisify(execFile)(program, [...first, ...args], { cwd, env })
  const { services } = Config.parse(parse((await run('config')).stdout))
  const release = (await run('version', '--short')).stdout.trim().replace(/^v/, '')
  const environmentOf = (service: string) =>
    Object.fromEntries(
      Object.entries(services[service]?.environment ?? {}).map(([key, text]) => [key, text.replaceAll('$$', '$')]),
    )
  return { name: first.length > 0 ? `docker compose ${release}` : `docker-compose ${release}`, environmentOf }
}

const programs = await composePrograms()

/** As many values as that, each read by each of these programs. */
async function readBack(count: number, by: readonly TestCompose[], context: TestContext) {
  await using folder = await temporaryFolder()
  const inEnv = secrets(count, 'ENV')
  const inYaml = secrets(count / 5, 'YAML')
  // Some keys stand there already, among lines of all kinds, with both endings; the others are added.
  const found = inEnv.map(
    ([key], at) => ['# note\r\n', '', `${key}=old\r\n`, `${key}="a 'b' $c"\n`, `O${at}='x' # y\n`][at % 5],
  )
  const env = inEnv.reduce((text, [key, value]) => write('env', text, key, value), `\ufeff${found.join('')}`)
  const yaml = [
    'services:',
    '  env:',
    '    image: a:1',
    '    environment:',
    ...inEnv.map(([key]) => `      ${key}: "\${${key}}"`),
    '  yaml:',
    '    image: a:1',
    '    environment: # ours',
    ...inYaml.map(([key]) => `      ${key}: old # kept`),
    '',
  ].join('\n')
  const place = (key: string) => `/services/yaml/environment/${key}`
  const compose = inYaml.reduce((text, [key, value]) => write('yaml', text, place(key), value), yaml)
  await writeFile(path.join(folder.path, '.env'), env)
  await writeFile(path.join(folder.path, 'compose.yaml'), compose)

  for (const program of by) {
    const read = await configOf(program, folder.path)

    // No secret may stand in a failure's words.
    const wrong = [
      ...inEnv.map((pair) => ['env', ...pair] as const),
      ...inYaml.map((pair) => ['yaml', ...pair] as const),
    ]
      .filter(([service, key, value]) => read.environmentOf(service)[key] !== value)
      .map(([, key]) => key)
    expect(wrong).toEqual([])
    tell(context, `Property tests: ${inEnv.length + inYaml.length} values read back through ${read.name}`)
  }
}

const everyValue = 'Compose’s own programs read every value that a sink was given'
test.skipIf(programs.length === 0)(everyValue, (context) => readBack(50, programs.slice(0, 1), context))
test.skipIf(programs.length === 0)(`${everyValue}, 600 of them`, long, (context) => readBack(500, programs, context))
