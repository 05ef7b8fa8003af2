import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { doctorLines } from '../../../electron/doctor/lines'
import { rotationLines } from '../../../electron/rotation/lines'
import { updateLines } from '../../../electron/updates/lines'
import { en } from '../../../renderer/i18n/en'
import { resolveLanguage } from '../../../renderer/i18n'
import { fr } from '../../../renderer/i18n/fr'

const flatten = (value: unknown, path = ''): [string, string][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => flatten(inner, path === '' ? key : `${path}.${key}`))
    : [[path, String(value)]]

/** Lines of evidence: their English is the panel's own, and comes with them. */
const lines = new Map(
  flatten({
    ...{ doctor: { line: doctorLines }, credentials: { rotation: { lines: rotationLines } } },
    updates: { steps: { lines: updateLines } },
  }),
)
const english = new Map([...flatten(en), ...lines])
const french = new Map(flatten(fr))
const placesOf = (text: string) => [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name))].sort()

describe('the words of the panel', () => {
  it('exist in English and French under the same keys', () => {
    expect([...french.keys()].sort()).toEqual([...english.keys()].sort())
  })

  it('are kept once: no page has English of its own for a line of evidence', () => {
    const own = flatten(en).map(([key]) => key)
    expect(lines.size).toBeGreaterThan(90)
    expect(own.filter((key) => lines.has(key))).toEqual([])
  })

  it('are listed with every topic that has a file, so that all of them are checked here', () => {
    const files = readdirSync(path.resolve(import.meta.dirname, '../../../renderer/i18n/en'))
    const topics = files.filter((file) => file.endsWith('.json')).map((file) => path.basename(file, '.json'))
    expect(Object.keys(en).sort()).toEqual(topics.sort())
  })

  it('have the same places for values in both languages, but for a one that need not be written', () => {
    const differing = [...english.keys()].filter((key) => {
      const optional = key.endsWith('_one') ? 'count' : ''
      const places = (words: typeof english) => placesOf(words.get(key) ?? '').filter((name) => name !== optional)
      return places(english).join() !== places(french).join()
    })
    expect(differing).toEqual([])
  })

  it('have a form for one and a form for many wherever there is one of the two', () => {
    const keys = new Set(english.keys())
    const other = (key: string) =>
      key.endsWith('_one') ? key.replace(/_one$/, '_other') : key.replace(/_other$/, '_one')
    expect([...keys].filter((key) => /_(one|other)$/.test(key) && !keys.has(other(key)))).toEqual([])
  })

  it('are never empty', () => {
    const empty = [...english, ...french].filter(([, text]) => text.trim() === '').map(([key]) => key)
    expect(empty).toEqual([])
  })
})

describe('the language of the panel', () => {
  it('is the one that was chosen, whatever the system says', () => {
    expect(resolveLanguage('en', ['fr-FR'])).toBe('en')
  })

  it('is the first of the system’s languages that there are words for', () => {
    expect(resolveLanguage('system', ['de-CH', 'fr-CH', 'en'])).toBe('fr')
  })

  it('is English where the system speaks none of them', () => {
    expect(resolveLanguage('system', ['de-CH'])).toBe('en')
  })
})
