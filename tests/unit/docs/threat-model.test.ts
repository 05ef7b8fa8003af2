import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '../../..')
const page = readFileSync(path.join(root, 'docs/threat-model.md'), 'utf8')
const named = [...page.matchAll(/`(tests\/[^`]+)` › “([^”]+)”/g)].map(([, file = '', name = '']) => ({ file, name }))

/** The claims: every point of the sections before what is not protected. */
const claims = (page.split('\n## What Regie does not protect')[0] ?? '')
  .split('\n')
  .filter((line) => line.startsWith('- '))

describe('the threat model', () => {
  it('names only tests that there are', () => {
    const isThere = ({ file, name }: (typeof named)[number]) => {
      const at = path.join(root, file)
      const text = existsSync(at) ? readFileSync(at, 'utf8') : ''
      return ["'", '"', '`'].some((quote) => text.includes(`${quote}${name}${quote}`))
    }
    expect(named.filter((one) => !isThere(one))).toEqual([])
  })

  it('claims nothing without a test', () => {
    expect(claims.length).toBeGreaterThan(30)
    expect(claims.filter((claim) => !/› “/.test(claim))).toEqual([])
  })

  it('writes every test’s name so that it is looked for', () => {
    expect(page.match(/tests\/[\w/.-]+\.(test|spec)\.ts/g)?.length).toBe(named.length + 1)
  })
})
