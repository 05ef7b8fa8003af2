import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explainFailure } from '../../../../electron/compose/program/failures'
import { lastLines } from '../../../../electron/compose/program/messages'
import { hideQuoted, pieceHider, secretsOfEnv } from '../../../../electron/compose/program/words'
import { Problem, reason } from '../../../../shared/problems'

/** As Go prints a text with %q, which is also how a log line quotes it once more. */
const goQuoted = (text: string) => JSON.stringify(text)

/** Every way in which Compose is known to quote a value: 2.x, 2.x in a log line, 1.29, Docker. */
const quotations: ((value: string) => string)[] = [
  (value) => `failed to read /srv/x/.env: Invalid template: ${goQuoted(value)}`,
  (value) => `failed to read /srv/x/.env: line 2: unterminated quoted value "${value}`,
  (value) => `failed to read /srv/x/.env: line 2: unexpected character "$" in variable name ${goQuoted(value)}`,
  (value) =>
    `time="2026-11-29T12:00:00Z" level=error msg=${goQuoted(`failed to read /srv/x/.env: line 2: unexpected character "{" in variable name "${value}"`)}`,
  (value) => `failed to read /srv/x/.env: required variable A is missing a value: ${value}`,
  (value) => `error while interpolating services.a.environment.X: required variable A is missing a value: ${value}`,
  (value) => `Invalid hostPort: ${value}`,
  (value) => `invalid containerPort: ${value}`,
  (value) => `Invalid ip address: ${value}`,
  (value) =>
    `invalid interpolation format for services.a.environment.X.\nYou may need to escape any $ with another $.\n${value}\nand more of ${value}`,
  (value) =>
    `invalid interpolation format for services.a.environment.X: "${value}". You may need to escape any $ with another $`,
  (value) => `ERROR: Invalid interpolation format for "environment" option in service "a": "${value}"`,
  (value) =>
    `ERROR: Missing mandatory value for "environment" option interpolating ["X=${value}"] in service "a": ${value}`,
  (value) => `yaml: unmarshal errors:\n  line 5: cannot unmarshal !!str \`${value}\` into map`,
  (value) => `services.a.cpus must be a number, not '${value}'`,
  (value) => `error decoding 'services[a].cpus': strconv.ParseFloat: parsing ${goQuoted(value)}: invalid syntax`,
  (value) => `time: invalid duration ${goQuoted(value)}`,
  (value) => `invalid reference format: ${value}`,
  (value) => `services.a.ports.0: invalid proto: ${value}`,
]

const secret = fc.stringMatching(/^[A-Za-z0-9${}#!%&*+=@^~.]{8,24}$/)

const survivors = (text: string, value: string) =>
  Array.from({ length: value.length - 5 }, (_, at) => value.slice(at, at + 6)).filter((piece) => text.includes(piece))

/** All that a Problem tells anybody, in both languages. */
function told(output: string): string {
  const why =
    explainFailure(output) ?? reason('compose.failed', { action: 'config', code: 1, output: lastLines(output) })
  const { message, hint, params } = new Problem(why.problem, why.params)
  return [message, hint, JSON.stringify(params)].join('\n')
}

describe('Compose’s words', () => {
  it.each(quotations.map((quote) => [quote('VALUE').slice(0, 90), quote] as const))(
    '%s keeps its value',
    (_, quote) => {
      fc.assert(
        fc.property(secret, (value) => {
          const hidden = hideQuoted(quote(value))
          expect(survivors(`${hidden}\n${told(hidden)}`, value)).toEqual([])
        }),
      )
    },
  )

  it('are still named by their rules', () => {
    const problemOf = (output: string) => explainFailure(hideQuoted(output))?.problem
    expect(problemOf('Error response from daemon: Bind for 0.0.0.0:8188 failed: port is already allocated')).toBe(
      'compose.port-taken',
    )
    expect(problemOf('required variable A is missing a value: set it')).toBe('compose.variable-missing')
    expect(problemOf(quotations[9]?.('x${') ?? '')).toBe('compose.interpolation')
    expect(hideQuoted(quotations[9]?.('x${') ?? '')).toContain('services.a.environment.X')
    expect(problemOf('no such service: web')).toBe('compose.service-missing')
  })

  it('keep what holds no value', () => {
    const plain = 'Container web  Starting\nError response from daemon: Container "a" is unhealthy'
    expect(hideQuoted(plain)).toBe(plain)
  })
})

describe('pieces of known values', () => {
  it('are taken out of any text, in whatever they are wrapped', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{8,24}$/), fc.string(), fc.string(), (value, before, after) => {
        const hide = pieceHider([value])
        for (const text of [`${before}${value}${after}`, `${before}${value.slice(1)}${after}`, JSON.stringify(value)])
          expect(survivors(hide(text), value).filter((piece) => !piece.includes('•'))).toEqual([])
      }),
    )
  })

  it('leave other texts as they are', () => {
    expect(pieceHider(['Osprey-91'])('Container kestrel started')).toBe('Container kestrel started')
    expect(pieceHider([])('anything')).toBe('anything')
  })
})

it('of an environment file, what its names, its logins and its broken lines hold is secret', () => {
  const text = [
    'FORGE_PASSWORD=Kestrel-91',
    'MODEL_DIR=/srv/models',
    'ARGS=--listen --api-auth studio:Harbor-22',
    'OTHER=pa${broken',
    'API_TOKEN=off',
  ].join('\n')

  expect(secretsOfEnv(text)).toEqual([
    'Kestrel-91',
    'Kestrel-91',
    'Kestrel-91',
    'Harbor-22',
    'Harbor-22',
    'Harbor-22',
    'pa${broken',
  ])
})
