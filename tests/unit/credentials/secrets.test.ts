import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fingerprint } from '../../../electron/vault/fingerprint'
import {
  checkField,
  checkInUse,
  generatePassword,
  generateToken,
  madeUpSecret,
  refusalOf,
  sameSecret,
  unusablePart,
} from '../../../electron/credentials/secrets'
import type { Scheme, SecretField } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'

const problemOf = (scheme: Scheme, field: SecretField, value: string) => {
  try {
    checkField(scheme, field, value)
  } catch (error) {
    if (error instanceof Problem) return error.id
    throw error
  }
  return null
}

const hash = `$2b$12$${'a'.repeat(53)}`

describe('generated secrets', () => {
  it('hold only what no reader breaks on, and start with a letter', () => {
    for (const secret of Array.from({ length: 500 }, (_, i) => (i % 2 ? generatePassword() : generateToken()))) {
      expect(secret).toMatch(/^[A-Za-z][A-Za-z0-9._~-]{23,}$/)
    }
  })

  it('do not repeat', () => {
    expect(new Set(Array.from({ length: 1000 }, generatePassword)).size).toBe(1000)
  })

  it('pass the checks of every scheme', () => {
    expect(problemOf('comfyui-login', 'password', generatePassword())).toBeNull()
    expect(problemOf('basic', 'password', generatePassword())).toBeNull()
    expect(problemOf('token', 'token', generateToken())).toBeNull()
  })

  it('made up for a proof have the shape of real ones', () => {
    const real = { username: 'ann', password: 'p', token: hash }

    expect(madeUpSecret('comfyui-login', real)).toMatchObject({
      username: 'ann',
      token: expect.stringMatching(/^\$2b\$12\$[./A-Za-z0-9]{53}$/) as string,
    })
    expect(madeUpSecret('basic', real)).toMatchObject({ username: 'ann', token: null })
    expect(madeUpSecret('token', real)).toMatchObject({ username: null, password: null })
  })
})

describe('a person’s own secret', () => {
  it.each<[string | null, Scheme, SecretField, string]>([
    [null, 'comfyui-login', 'password', 'p:ä, ss$wörd'],
    [null, 'comfyui-login', 'password', 'x'.repeat(72)],
    ['bcrypt.truncates', 'comfyui-login', 'password', 'x'.repeat(73)],
    ['bcrypt.truncates', 'comfyui-login', 'password', 'é'.repeat(37)],
    ['credential.control-characters', 'comfyui-login', 'password', 'two\nlines'],
    ['credential.control-characters', 'comfyui-login', 'username', 'ann\r'],
    [null, 'comfyui-login', 'token', hash],
    ['credential.not-a-hash', 'comfyui-login', 'token', hash.slice(0, 57)],
    [null, 'basic', 'password', 'pa$$word with %'],
    ['credential.separator', 'basic', 'password', 'a:b'],
    ['credential.separator', 'basic', 'username', 'a,b'],
    ['credential.not-ascii', 'basic', 'password', 'pässword'],
    ['credential.blanks', 'basic', 'password', ' edge'],
    ['credential.no-such-field', 'basic', 'token', 'x'],
    [null, 'token', 'token', 'hf_abc'],
    ['credential.blanks', 'token', 'token', 'two words'],
    ['credential.no-such-field', 'token', 'password', 'x'],
    ['credential.control-characters', 'token', 'token', 'a\u2028b'],
  ])('gives %s for %s %s', (expected, scheme, field, value) => {
    expect(problemOf(scheme, field, value)).toBe(expected)
  })

  it('is refused without being repeated', () => {
    const problem = (() => {
      try {
        checkField('basic', 'password', 'hunter2:secret')
      } catch (error) {
        return error
      }
      return null
    })()

    expect(problem).toBeInstanceOf(Problem)
    expect(JSON.stringify(problem) + String(problem)).not.toContain('hunter2')
  })
})

describe('comparing and showing', () => {
  it('is equal only for equal secrets, whatever their length', () => {
    expect(sameSecret('abc', 'abc')).toBe(true)
    expect(sameSecret('abc', 'abcd')).toBe(false)
    expect(sameSecret(null, 'abc')).toBe(false)
    expect(sameSecret(null, null)).toBe(true)
  })

  it('shows the first 12 hex digits of SHA-256', () => {
    expect(fingerprint('abc')).toBe('ba7816bf8f01')
  })
})

describe('a secret that is in use', () => {
  const inUse = (scheme: Scheme, field: SecretField, value: string) => {
    try {
      checkInUse(scheme, field, value)
      return null
    } catch (error) {
      if (error instanceof Problem) return error.id
      throw error
    }
  }

  it.each<[Scheme, SecretField, string]>([
    ['basic', 'password', 's3:cret'],
    ['basic', 'password', 'ab,cd12'],
    ['basic', 'password', 'clé'],
    ['comfyui-login', 'token', 'plain-text'],
    ['comfyui-login', 'password', 'x'.repeat(73)],
    ['token', 'token', 'clé'],
  ])('%s %s %j is taken as it is, and marked', (scheme, field, value) => {
    expect(inUse(scheme, field, value)).toBeNull()
    const secret = { username: 'ann', password: null, token: null, [field]: value }
    expect(unusablePart(scheme, secret)).toEqual({ field, reason: refusalOf(scheme, field, value) })
  })

  it.each<[string, Scheme, SecretField, string]>([
    ['credential.separator', 'basic', 'username', 'a:b'],
    ['credential.control-characters', 'basic', 'password', 'two\nlines'],
    ['credential.not-a-hash', 'comfyui-login', 'token', hash.slice(0, 57)],
    ['credential.not-a-hash', 'comfyui-login', 'token', 'two words'],
    ['credential.blanks', 'token', 'token', 'two words'],
    ['credential.no-such-field', 'token', 'password', 'x'],
  ])('%s: %s %s %j is not', (problem, scheme, field, value) => {
    expect(inUse(scheme, field, value)).toBe(problem)
  })

  it('is marked exactly where it could not be chosen, and the mark never holds it', () => {
    const schemes = fc.constantFrom<Scheme>('comfyui-login', 'basic', 'token')
    const values = fc.string({ unit: fc.constantFrom('a', 'Z', '9', ':', ',', 'é', ' ', '$', '\n'), minLength: 6 })
    fc.assert(
      fc.property(schemes, fc.constantFrom('password' as const, 'token' as const), values, (scheme, field, value) => {
        const isChoosable = problemOf(scheme, field, value) === null
        if (isChoosable) expect(inUse(scheme, field, value)).toBeNull()
        const unusable = unusablePart(scheme, { username: null, password: null, token: null, [field]: value })
        if (problemOf(scheme, field, value) !== 'credential.no-such-field') expect(unusable === null).toBe(isChoosable)
        expect(JSON.stringify(unusable)).not.toContain(JSON.stringify(value).slice(1, -1))
      }),
    )
  })
})
