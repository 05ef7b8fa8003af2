import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '../../..')
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'))

type Version = readonly [number, number, number]

const parse = (text: string): Version => {
  const [major = 0, minor = 0, patch = 0] = text.split('.').map((part) => Number.parseInt(part, 10) || 0)
  return [major, minor, patch]
}

const compare = (a: Version, b: Version) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]

/** Whether a version is in a range, as far as `engines` use them: comparators, `^`, `~`, `x`, plain versions, `||`. */
function accepts(range: string, version: Version): boolean {
  return range.split('||').some((part) =>
    part
      .trim()
      .replaceAll(/([<>=^~])\s+/g, '$1')
      .split(/\s+/)
      .every((text) => {
        const [, sign = '', rest = ''] = /^([<>=^~]*)v?(.*)$/.exec(text) ?? []
        if (rest === '' || rest === '*') return true
        const bound = parse(rest)
        const order = compare(version, bound)
        const depth = rest.split('.').filter((piece) => /^\d/.test(piece)).length
        switch (sign) {
          case '>=':
            return order >= 0
          case '>':
            return order > 0
          case '<':
            return order < 0
          case '<=':
            return order <= 0
          case '^':
            return order >= 0 && version[0] === bound[0]
          case '~':
            return order >= 0 && version[0] === bound[0] && version[1] === bound[1]
          default:
            return version.slice(0, depth).join('.') === bound.slice(0, depth).join('.')
        }
      }),
  )
}

interface Lock {
  packages: Record<string, { engines?: { node?: string } | string[]; optional?: boolean }>
}

/** The packages that npm would warn of under a version of Node. It leaves out an optional one without a word. */
function warnedOf(version: Version): string[] {
  const { packages } = read('package-lock.json') as Lock // npm's own format
  return Object.entries(packages).flatMap(([name, { engines, optional }]) => {
    if (optional) return []
    const wanted = engines && !Array.isArray(engines) ? engines.node : undefined
    return wanted !== undefined && !accepts(wanted, version) ? [`${name} wants ${wanted}`] : []
  })
}

const { engines } = read('package.json') as { engines: { node: string } } // ours
const supported = engines.node.split('||').map((part) => parse(part.replaceAll(/[^\d.]/g, '')))

it.each(supported)(
  'Node %i.%i.%i, from which on it is supported, installs everything without a warning',
  (...version) => {
    expect(supported.length).toBeGreaterThan(0)
    expect(warnedOf(version)).toEqual([])
  },
)

it('an older Node is warned of what asks for more, and not supported', () => {
  const old: Version = [20, 20, 2]
  expect(accepts(engines.node, old)).toBe(false)
  expect(warnedOf(old).some((line) => line.startsWith('node_modules/electron wants'))).toBe(true)
})
