import fc from 'fast-check'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { readAsCompose1, readEnvFile, type OuterVariables } from '../../../electron/compose/files/dotenv'
import { substitute } from '../../../electron/compose/files/interpolation'
import { long, testRounds } from '../../support/long'
import { folder } from '../simulator/support'
import { composeConfig, programs, type ComposeProgram } from './programs'

const binary = (text: string) => Buffer.from(text, 'utf8').toString('latin1')
const utf8 = (text: string) => Buffer.from(text, 'latin1').toString('utf8')

const pieces = fc.constantFrom(
  ...['$', '${', '}', '{', '$$', 'A', 'B', '${A}', '${B:-x}', '${A:+y}', '${C-', '${E:-', '$A', '$no', '${A?', '${1}'],
  ...[
    '"',
    "'",
    '\\',
    ' ',
    '#',
    ' #',
    '\t',
    'é',
    '\u00a0',
    '0',
    '\\n',
    '\\$',
    '\\0101',
    '\\"',
    '\\c',
    '=',
    ':',
    '-',
    '+',
  ],
  ...['word', '2b', ','],
)
const value = fc.oneof(
  fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
  fc.array(pieces, { maxLength: 6 }).map((parts) => `"${parts.join('').replaceAll('"', '')}"`),
  fc.array(pieces, { maxLength: 6 }).map((parts) => `'${parts.join('').replaceAll("'", '')}'`),
)
const line = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(fc.constantFrom('A', 'B', 'D_1', 'e.f', 'export F'), value).map(([k, v]) => `${k}=${v}`),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('A', ' G ', 'H\t'), value).map(([k, v]) => `${k} = ${v}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('# a comment', '', '  ', 'ALONE', 'K: v', '#A=1', 'export L=1 # x', 'é=1', 'A B=1'),
  },
)
const envText = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 6 }), fc.constantFrom('\n', '\r\n'))
  .map(([lines, end]) => `${lines.join(end)}${end}`)

/** The same texts in each run: what differs is the code. */
const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number): T[] =>
  fc.sample(arbitrary, { numRuns: count, seed: 20261129 })

const outer: OuterVariables = {
  compose1: new Map(),
  compose2: new Map([['OUT', 'from outside']]),
}

/** What the reader says of a file: the last value of each key, null where that generation does not take it. */
function read(text: string, generation: 1 | 2) {
  const { entries, refusals } = readEnvFile(binary(text), outer)
  const values = new Map<string, string>()
  const assigned =
    generation === 2
      ? entries.map((entry) => ({
          key: entry.key,
          value: entry.read?.compose2 ?? null,
        }))
      : readAsCompose1(binary(text), outer.compose1)
  for (const { key, value: found } of assigned) if (found !== null) values.set(utf8(key), utf8(found))
  return { values, isRefused: refusals.length > 0 }
}

const sorted = (values: ReadonlyMap<string, string>) => [...values].sort(([a], [b]) => (a < b ? -1 : 1))

/** One project whose services read one file each: a single call for all of them. */
function projectOf(texts: readonly string[]) {
  const at = folder({ '.env': 'OUT=from outside\n' })
  const services = Object.fromEntries(texts.map((_, index) => [`s${index}`, { image: 'x', env_file: `f${index}.env` }]))
  texts.forEach((text, index) => writeFileSync(path.join(at, `f${index}.env`), text))
  writeFileSync(path.join(at, 'compose.yaml'), stringify({ services }))
  return at
}

/** The text that Compose names as the one that it refuses, with its words. */
const refusedIn = (words: string | null, place: RegExp, texts: readonly string[]) =>
  words === null
    ? null
    : [texts[Number(place.exec(words)?.[1])], words.split('\n').filter((one) => !one.startsWith('time='))]

/** Compose, by its generation: the first of this machine in every run, a further one at night. */
const group = (program: ComposeProgram, body: () => void) =>
  describe(`Compose ${program.generation}`, program === programs[0] ? {} : long, body)

for (const program of programs)
  group(program, () => {
    const { generation } = program
    const texts = [
      ...sample(envText, 400),
      ...readFileSync('tests/cases/compose/nested-defaults/all.env', 'utf8')
        .split('\n')
        .map((one) => `A=abc#def\nB1=ov\n${one}\n`),
    ]

    it('reads environment files as the reader does', () => {
      const taken = texts.filter((text) => generation === 1 || !read(text, generation).isRefused)
      expect(taken.length).toBeGreaterThan(100)
      const config = composeConfig(program, projectOf(taken))

      expect(refusedIn(config.refused, /f(\d+)\.env/, taken)).toBeNull()
      taken.forEach((text, index) => {
        expect(sorted(config.environmentOf(`s${index}`)), JSON.stringify(text)).toEqual(
          sorted(read(text, generation).values),
        )
      })
    })

    if (generation !== 2) return // the first generation tells neither in one run

    testRounds('refuses what the reader says that it refuses', { few: 4, all: 25 }, (rounds) => {
      const refused = texts.filter((text) => read(text, generation).isRefused)
      expect(refused.length).toBeGreaterThan(20)

      for (const text of refused.slice(-rounds))
        expect([text, composeConfig(program, projectOf([text])).refused]).not.toEqual([text, null])
    })

    testRounds('fills variables into the Compose file as the reader does', { few: 4, all: 20 }, (rounds) => {
      const at = folder({ '.env': 'A=abc#def\nB=\n' })
      const variables = new Map([
        ['A', 'abc#def'],
        ['B', ''],
      ])
      const template = fc.array(pieces, { maxLength: 9 }).map((parts) => parts.join(''))
      const templates = sample(template, 600)
      const accepted = templates.filter((text) => substitute(text, variables).refusal === null)
      const write = (values: readonly string[]) =>
        writeFileSync(
          path.join(at, 'compose.yaml'),
          stringify({
            services: {
              a: {
                image: 'x',
                environment: Object.fromEntries(values.map((text, index) => [`K${index}`, text])),
              },
            },
          }),
        )
      expect(accepted.length).toBeGreaterThan(100)
      write(accepted)
      const config = composeConfig(program, at)

      expect(refusedIn(config.refused, /environment\.K(\d+)/, accepted)).toBeNull()
      const values = config.environmentOf('a')
      accepted.forEach((text, index) => {
        expect([text, values.get(`K${index}`)]).toEqual([text, substitute(text, variables).text])
      })
      for (const text of templates.filter((one) => substitute(one, variables).refusal !== null).slice(0, rounds)) {
        write([text])
        expect([text, composeConfig(program, at).refused]).not.toEqual([text, null])
      }
    })
  })
