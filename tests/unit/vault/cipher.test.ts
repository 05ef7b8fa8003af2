import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { seal, unseal } from '../../../electron/vault/cipher'
import { Problem } from '../../../shared/problems'

const key = randomBytes(32)

const problemOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    if (error instanceof Problem) return error.id
    throw error
  }
  return null
}

describe('sealing', () => {
  it('opens what it sealed, under the same key and context', () => {
    const sealed = seal(key, 'häsh $2b$', 'record:a:1')

    expect(unseal(key, sealed, 'record:a:1').toString('utf8')).toBe('häsh $2b$')
  })

  it('never uses an IV twice and never shows the plain text', () => {
    const all = Array.from({ length: 200 }, () => seal(key, 'the same secret', 'c'))

    expect(new Set(all.map((sealed) => sealed.subarray(4, 16).toString('hex'))).size).toBe(200)
    expect(all.every((sealed) => !sealed.includes('secret'))).toBe(true)
  })

  it('refuses another record or version as tampered', () => {
    const sealed = seal(key, 'x', 'record:a:1')

    expect(problemOf(() => unseal(key, sealed, 'record:a:2'))).toBe('vault.tampered')
    expect(problemOf(() => unseal(key, sealed, 'record:b:1'))).toBe('vault.tampered')
  })

  it('refuses another key', () => {
    expect(problemOf(() => unseal(randomBytes(32), seal(key, 'x', 'c'), 'c'))).toBe('vault.tampered')
  })

  it('refuses a flip of any single bit', () => {
    const sealed = seal(key, 'secret', 'c')

    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const altered = Buffer.from(sealed)
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      // A flip in the version byte may look like a newer format; either way nothing opens.
      expect(['vault.tampered', 'vault.newer']).toContain(problemOf(() => unseal(key, altered, 'c')))
    }
  })

  it('refuses every truncation', () => {
    const sealed = seal(key, 'secret', 'c')

    for (let length = 0; length < sealed.length; length++) {
      const found = problemOf(() => unseal(key, sealed.subarray(0, length), 'c'))
      expect(found).toBe(length < 32 ? 'vault.truncated' : 'vault.tampered')
    }
  })

  it('names a newer format instead of calling it damaged', () => {
    const sealed = seal(key, 'x', 'c')
    sealed[3] = 2

    expect(problemOf(() => unseal(key, sealed, 'c'))).toBe('vault.newer')
  })
})
