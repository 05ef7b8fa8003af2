import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fetchPart, knowWhetherItAnswers, reloadOnce } from '../../../renderer/ui/parts'

const root = path.resolve(import.meta.dirname, '../../..')

function storage() {
  const map = new Map<string, string>()
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
  }
}

/** A page as far as a part needs one: its build, its storage, and how often it was loaded again. */
function page() {
  const reload = vi.fn()
  vi.stubGlobal('document', { querySelector: () => ({ src: 'http://panel/assets/index-1.js' }) })
  vi.stubGlobal('sessionStorage', storage())
  vi.stubGlobal('location', { reload, href: 'http://panel/' })
  return reload
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
  knowWhetherItAnswers(() => true)
})

describe('a part of the page', () => {
  it('that could not be fetched once is fetched again', async () => {
    vi.useFakeTimers()
    page()
    const load = vi.fn(() => Promise.resolve('part')).mockRejectedValueOnce(new Error('cut'))
    const part = fetchPart(load)
    await vi.runAllTimersAsync()
    expect(await part).toBe('part')
    expect(load).toHaveBeenCalledTimes(2)
  })

  it('that is gone loads the page again once, and then fails', async () => {
    vi.useFakeTimers()
    const reload = page()
    const load = () => Promise.reject(new Error('404'))
    void fetchPart(load)
    await vi.runAllTimersAsync()
    expect(reload).toHaveBeenCalledTimes(1)

    const after = expect(fetchPart(load)).rejects.toThrow('404')
    await vi.runAllTimersAsync()
    await after
    expect(reload).toHaveBeenCalledTimes(1)
  })

  it('is waited for while the panel does not answer', async () => {
    vi.useFakeTimers()
    const reload = page()
    let answers = false
    knowWhetherItAnswers(() => answers)
    const part = fetchPart(() => (answers ? Promise.resolve('part') : Promise.reject(new Error('away'))))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(reload).not.toHaveBeenCalled()
    answers = true
    await vi.runAllTimersAsync()
    expect(await part).toBe('part')
  })
})

describe('loading the page again', () => {
  it('happens once for a build, and once more for the next', () => {
    const kept = storage()
    const reload = vi.fn()
    expect(reloadOnce('one', kept, reload)).toBe(true)
    expect(reloadOnce('one', kept, reload)).toBe(false)
    expect(reloadOnce('two', kept, reload)).toBe(true)
    expect(reload).toHaveBeenCalledTimes(2)
  })

  it('does not happen where that cannot be remembered', () => {
    const refusing = { getItem: () => null, setItem: () => { throw new Error('blocked') } } // prettier-ignore
    const reload = vi.fn()
    expect(reloadOnce('one', refusing, reload)).toBe(false)
    expect(reload).not.toHaveBeenCalled()
  })
})

/** What fetches code in a way that is not asked for again. */
function bare(text: string): string[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  const lazy = /import \{[^}]*\blazy\b[^}]*\} from 'react'|React\.lazy/.exec(code)
  const imports = code
    .replaceAll(/(?:lazyPart|lazyPage|fetchPart)\(\s*(?:async )?\(\) =>[^;]*?import\([^)]*\)/g, '')
    .replaceAll(/export const fetch\w+ = \(\) => import\([^)]*\)/g, '') // given to one of them, or asked for again by use
    .replaceAll(/typeof import\(|: import\(/g, '')
  return [...(lazy ? ['lazy of react'] : []), ...(imports.match(/\bimport\(\s*'[^']*'/g) ?? [])]
}

describe('the renderer', () => {
  it('fetches all code that comes later through lazyPart, lazyPage or fetchPart', () => {
    const files = readdirSync(path.join(root, 'renderer'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.tsx?$/.test(file),
    )
    expect(files.length).toBeGreaterThan(200)
    const found = files
      // The documentation is a page of its own, which says in words what could not be loaded.
      .filter((file) => !/^(?:ui[\\/]parts\.ts|i18n[\\/]index\.ts|app[\\/]docs[\\/].*)$/.test(file))
      .flatMap((file) =>
        bare(readFileSync(path.join(root, 'renderer', file), 'utf8')).map((what) => `${file}: ${what}`),
      )
    expect(found).toEqual([])
  })

  it('is found where it does not', () => {
    expect(bare("import { lazy, useState } from 'react'\nconst A = lazy(() => import('./A'))")).toEqual([
      'lazy of react',
      "import('./A'",
    ])
    expect(bare("void import('./later').then(run)")).toEqual(["import('./later'"])
    expect(bare("const A = lazyPart(() => import('./A'))")).toEqual([])
  })
})
