import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseHeadlessOptions, usage } from '../../../electron/http/command-line'
import { dataPaths } from '../../../electron/storage/paths'
import { contract, Role } from '../../../shared/contract'
import { engines, scripts } from '../../../package.json'

const root = path.resolve(import.meta.dirname, '../../..')
const readme = readFileSync(path.join(root, 'README.md'), 'utf8')
const docs = readdirSync(path.join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => readFileSync(path.join(root, 'docs', name), 'utf8'))

/** The text under a heading of the second level. */
const section = (title: string): string => {
  const [, text] = readme.split(`\n## ${title}\n`)
  if (text === undefined) throw new Error(`the README has no section “${title}”`)
  return text.split('\n## ')[0] ?? ''
}

/** The words in backticks of the first column of a table's rows. */
const firstColumn = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, word = '']) => word))

const found = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, word = '']) => word)),
]

/** Every source of the program itself. */
const sources = readdirSync(path.join(root, 'electron'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:ts|mjs)$/.test(name))
  .map((name) => readFileSync(path.join(root, 'electron', name), 'utf8'))

/** The templates of all routes, e.g. `/services/{id}/start`. */
function routesOf(part: object): string[] {
  if ('~orpc' in part) {
    const { route } = part['~orpc'] as { route?: { path?: string } } // a procedure of the contract keeps its route there
    return route?.path === undefined ? [] : [route.path]
  }
  return Object.values(part).flatMap((inner: unknown) =>
    typeof inner === 'object' && inner !== null ? routesOf(inner) : [],
  )
}

describe('the README', () => {
  const headless = section('Without a window')

  it('names every option of the command line, and none that there is not', () => {
    const flags = firstColumn(headless).filter((word) => word.startsWith('--'))
    const known = found(usage, /^ {2}(--[a-z-]+)/gm)

    expect(known.length).toBeGreaterThan(4)
    expect(flags.map((flag) => flag.split(' ')[0]).sort()).toEqual([...known].sort())
    // What takes a value is given one of its kind; what is not known throws. Certificate and key go together.
    const values: Record<string, string> = {
      '<url>': 'https://panel.example',
      '<address>': '127.0.0.1',
      '<how>': 'none',
    }
    const given = flags.flatMap((flag) => flag.replace(/<.*>/, (kind) => values[kind] ?? '1').split(' '))
    expect(() => parseHeadlessOptions(given)).not.toThrow()
    for (const flag of found(readme, /npm run headless --(?: -|[^`\n]*? )(-[a-z-]+)/g))
      expect(known).toContain(`-${flag}`)
  })

  it('tells the defaults as they are', () => {
    const { port, host } = parseHeadlessOptions([])

    expect(headless).toMatch(new RegExp(`--port <n>.*\\b${port} if left out`))
    expect(headless).toMatch(new RegExp(`--host <address>.*\`${host.replaceAll('.', '\\.')}\` if left out`))
    const [oldest = 'none'] = /\d+\.\d+/.exec(engines.node) ?? []
    expect(readme).toContain(`${oldest} or newer`)
  })

  it('names every variable of the environment that is read, and none that is not', () => {
    // Regie sets this one in a container, to find its own terminals again.
    const set = new Set(['REGIE_SHELL'])
    const read = found(sources.join('\n'), /\b(REGIE_[A-Z_]+)\b/g).filter((name) => !set.has(name))

    expect(found(readme, /\b(REGIE_[A-Z_]+)\b/g).sort()).toEqual(read.sort())
  })

  it('names only scripts that there are, and every script stands there or on a page of the documentation', () => {
    const named = [...found(readme, /npm run ([a-z][a-z:]*)/g), ...found(readme, /npm (test|start)\b/g)]
    const also = found(section('Working on it'), /\b(test:[a-z0-9]+)/g)
    const known = Object.keys(scripts)

    expect([...named, ...also].filter((name) => !known.includes(name))).toEqual([])
    const everything = [readme, ...docs].join('\n')
    const isNamed = (name: string) =>
      name.startsWith('check:') || new RegExp(`(?:npm (?:run )?|\\bor )${name}\\b|[ ,]${name},`).test(everything)
    expect(known.filter((name) => !isNamed(name) && !also.includes(name))).toEqual([])
  })

  it('knows the roles that there are, and does not say that any is missing', () => {
    const words: Record<Role, RegExp> = { admin: /administrators/, user: /\busers\b/ }

    for (const role of Role.options) expect(section('What it does')).toMatch(words[role])
    expect(section('Not there yet')).not.toMatch(/\brole|administrator/i)
  })

  it('names every place in the data folder', () => {
    const named = firstColumn(section('Where things lie'))
    const all: string[] = Object.values({ ...dataPaths('/data') })
    const places = all.filter((place) => place !== '/data').map((place) => path.basename(place))

    expect(places.length).toBeGreaterThan(12)
    expect(places.filter((place) => !named.includes(place) && !named.includes(`${place}/`))).toEqual([])
  })

  it('calls only what the API has', () => {
    const routes = routesOf(contract)
    const called = found(readme, /127\.0\.0\.1:7420\/api\/v1(\/[\w/-]+)/g)
    const fits = (at: string) =>
      routes.some((route) => new RegExp(`^${route.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(at))

    expect(called.length).toBeGreaterThan(1)
    expect(called.filter((at) => !fits(at))).toEqual([])
  })

  it('leads nowhere that is not there', () => {
    const links = found([readme].join('\n'), /\]\((?!https?:)([^)#]+)\)/g)
    const isThere = (file: string) => {
      try {
        return readFileSync(path.join(root, file)).length > 0
      } catch {
        return false
      }
    }
    expect(links.filter((file) => !isThere(file))).toEqual([])
  })

  it('says nothing is missing that a test shows', () => {
    expect(section('Not there yet')).not.toMatch(/rotation|crash|proven/i)
  })
})

describe('the architecture page', () => {
  const page = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8')

  it('names every room of the house, once', () => {
    const tree = (page.split('```')[1] ?? '').split('\n')
    const named = tree.flatMap((line) => /^ {2}([\w-]+)\/ /.exec(line)?.[1] ?? [])
    const rooms = ['electron', 'renderer', 'shared']
      .flatMap((folder) => readdirSync(path.join(root, folder), { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)

    expect([...named].sort()).toEqual([...rooms].sort())
  })

  it('names only files and folders that there are', () => {
    const places = found(page, /`((?:electron|shared|renderer|tests|vault|services|docker|doctor|logs)\/[\w./-]+)`/g)
    const isThere = (place: string) =>
      [place, `electron/${place}`].some((at) => {
        const folder = path.join(root, path.dirname(at))
        try {
          const name = path.basename(at)
          return readdirSync(folder).some((entry) => entry === name || entry.replace(/\.tsx?$/, '') === name)
        } catch {
          return false
        }
      })

    expect(places.length).toBeGreaterThan(10)
    expect(places.filter((place) => !isThere(place))).toEqual([])
  })
})

describe('the pictures beside the documents', () => {
  it('are those that a document shows, all of them and no others, and small', () => {
    const folder = path.join(root, 'docs', 'screenshots')
    const shown = new Set([readme, ...docs].flatMap((text) => found(text, /screenshots\/([\w.-]+\.png)/g)))
    const kept = readdirSync(folder)

    expect(kept.sort()).toEqual([...shown].sort())
    const bytes = kept.reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0)
    expect(bytes).toBeLessThan(1.5 * 2 ** 20)
  })
})
