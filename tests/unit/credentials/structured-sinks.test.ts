import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { extractValue, renderSink } from '../../../electron/credentials/sinks/format'
import type { StoredSink } from '../../../electron/credentials/record'
import { Problem } from '../../../shared/problems'
import { keyIssue } from '../../../shared/contract'

const hash = '$2b$12$IvAbCdEfGhIjKlMnOpQrStUvWxYz0123456789./ABCDEFGHIJKLM'
const secretOf = (token: string) => ({ username: null, password: null, token })
const sink = (type: StoredSink['type'], key: string): StoredSink => ({
  id: 's',
  type,
  path: '/x/file',
  key,
  field: 'token',
  requires: null,
})
const write = (type: StoredSink['type'], key: string, before: string, value = hash) =>
  renderSink(sink(type, key), secretOf(value), value, Buffer.from(before)).toString('utf8')
const read = (type: StoredSink['type'], key: string, text: string) =>
  extractValue(sink(type, key), Buffer.from(text), secretOf(hash)).value
const problemOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    if (error instanceof Problem) return { id: error.id, ...error.params }
    throw error
  }
  return null
}

describe('a value in a JSON file', () => {
  const before = '{\r\n\t"version" : 2, "é": "ü",\n  "tokens": [ { "bcrypt_hash":"old", "keep": [1,2] } ]\n}'

  it('is replaced, and every other byte stays', () => {
    const after = write('json', '/tokens/0/bcrypt_hash', before)
    expect(after).toBe(before.replace('"old"', `"${hash}"`))
    expect(read('json', '/tokens/0/bcrypt_hash', after)).toBe(hash)
  })

  it('is found by a pointer with escaped steps', () => {
    expect(read('json', '/a~1b/c~0d', '{"a/b":{"c~d":"x"}}')).toBe('x')
  })

  it.each([
    ['/tokens', 'sink.no-pointer'],
    ['/nothing', 'sink.no-pointer'],
    ['/tokens/0/keep', 'sink.no-pointer'],
  ])('is not made up at %s', (pointer, id) => {
    expect(problemOf(() => write('json', pointer, before))).toMatchObject({ id })
  })

  it('is refused in a file that is broken, with the line', () => {
    expect(problemOf(() => write('json', '/a', '{\n "a": "b",\n "c": [\n'))).toMatchObject({ id: 'sink.not-parsed' })
  })

  it('comes back whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (value) => {
        const after = write('json', '/a', '{"a":"", "b": 1}', value)
        expect(JSON.parse(after)).toEqual({ a: value, b: 1 })
      }),
    )
  })
})

describe('a value in a YAML file', () => {
  const before = [
    '# the stack',
    'services:',
    '  comfyui: # the image service',
    '    environment:',
    '      TOKEN: old   # kept',
    "      OTHER: '1'",
    '',
  ].join('\n')

  it('is written as Compose reads it, with comments and order kept', () => {
    const after = write('yaml', '/services/comfyui/environment/TOKEN', before)
    expect(after).toBe(before.replace('old ', () => `'${hash.split('$').join('$$')}' `))
    expect(read('yaml', '/services/comfyui/environment/TOKEN', after)).toBe(hash)
  })

  it('keeps its dollars where no Compose reads it', () => {
    const after = write('yaml', '/auth/token', 'auth: {token: old, user: ann}\n')
    expect(parseYaml(after)).toEqual({ auth: { token: hash, user: 'ann' } })
    expect(read('yaml', '/auth/token', after)).toBe(hash)
  })
})

describe('a key in an INI file', () => {
  const before = '; top\nlevel = 1\r\n[auth]\ntoken: old  \n# note\nname = "ann"\n\n[other]\ntoken = else\n'

  it('is replaced in its own section only', () => {
    const after = write('ini', 'auth.token', before)
    expect(after).toBe(before.replace('token: old', `token: ${hash}`))
    expect(read('ini', 'auth.token', after)).toBe(hash)
    expect(read('ini', 'other.token', after)).toBe('else')
    expect(read('ini', 'auth.name', before)).toBe('ann')
  })

  it.each([
    ['auth.new', before, before.replace('name = "ann"\n', `name = "ann"\nnew = ${hash}\n`)],
    ['fresh.token', 'a = 1', `a = 1\n[fresh]\ntoken = ${hash}\n`],
    ['token', '[auth]\na = 1\n', `token = ${hash}\n[auth]\na = 1\n`],
    ['token', '', `token = ${hash}\n`],
  ])('%s is added where it belongs', (key, text, expected) => {
    expect(write('ini', key, text)).toBe(expected)
    expect(read('ini', key, expected)).toBe(hash)
  })

  it.each(['a#b', 'a;b', '100%', ' a', '"a"'])('refuses %j, which readers take differently', (value) => {
    expect(problemOf(() => write('ini', 'auth.token', before, value))).toMatchObject({ id: 'sink.unsafe-value' })
  })
})

it.each([
  ['json', 'auth/token'],
  ['yaml', ''],
  ['ini', '[auth]'],
  ['env', '1X'],
] as const)('%s refuses the key %j', (type, key) => {
  expect(keyIssue(type, key)).not.toBeNull()
})
