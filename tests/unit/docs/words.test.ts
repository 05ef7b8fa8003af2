import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { words as commandWords } from '../../../electron/command/words'
import { doctorLines } from '../../../electron/doctor/lines'
import { rotationLines } from '../../../electron/rotation/lines'
import { updateLines } from '../../../electron/updates/lines'
import { en } from '../../../renderer/i18n/en'
import { fr } from '../../../renderer/i18n/fr'
import { problems, type Language } from '../../../shared/problems'
import { escapeRegExp } from '../../../shared/regexp'

const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/words.md'), 'utf8')

interface Forbidden {
  word: string
  instead: string
  because: string
  pattern: RegExp
}

/** A forbidden word as it is found in a text: whole, whatever its case, with any ending where it ends in `*`. */
function patternOf(word: string): RegExp {
  const isOpen = word.endsWith('*')
  const bare = escapeRegExp(word.replace(/\*$/, ''))
  return new RegExp(`(?<![\\p{L}\\d_-])${bare}${isOpen ? '\\p{L}*' : ''}(?![\\p{L}\\d_])`, 'iu')
}

/** The table of forbidden words under a heading. */
function forbiddenUnder(heading: string): Forbidden[] {
  const section = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/^\| `([^`]+)` +\| ([^|]+)\| ([^|]+)\|$/gm)].map(
    ([, word = '', instead = '', because = '']) => ({
      ...{ word, instead: instead.trim(), because: because.trim() },
      pattern: patternOf(word),
    }),
  )
}

const flatten = (value: unknown, at: string): [string, string][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => flatten(inner, `${at}.${key}`))
    : [[at, String(value)]]

/** Every string that a person may read, by where it stands. */
const strings: Record<Language, [string, string][]> = {
  en: [
    ...flatten(en, 'renderer/i18n/en'),
    ...flatten(doctorLines, 'electron/doctor/lines'),
    ...flatten(rotationLines, 'electron/rotation/lines'),
    ...flatten(updateLines, 'electron/updates/lines'),
    ...flatten(commandWords.en, 'electron/command/words/en'),
    ...Object.entries(problems).flatMap(([id, entry]) => flatten(entry.en, `shared/problems ${id}`)),
  ],
  fr: [
    ...flatten(fr, 'renderer/i18n/fr'),
    ...flatten(commandWords.fr, 'electron/command/words/fr'),
    ...Object.entries(problems).flatMap(([id, entry]) => flatten(entry.fr, `shared/problems ${id}`)),
  ],
}

/** What is quoted word for word, or named as a program spells it: no word of ours. */
const withoutQuotes = (text: string) =>
  text
    .replaceAll(/\{\{\w+\}\}/g, ' ')
    .replaceAll(/“[^”]*”|« [^»]* »/g, ' ')
    .replaceAll(/(?:--|\.|\/)[\w./-]+/g, ' ')

function found(language: Language, forbidden: readonly Forbidden[]): string[] {
  return strings[language].flatMap(([at, text]) =>
    forbidden
      .filter(({ pattern }) => pattern.test(withoutQuotes(text)))
      .map(({ word, instead, because }) => `${at} says “${word}”; say “${instead}”, ${because}: ${text}`),
  )
}

describe.each([
  ['en', 'Forbidden in English'],
  ['fr', 'Forbidden in French'],
] as const)('the glossary (%s)', (language, heading) => {
  const forbidden = forbiddenUnder(heading)

  it('has a reason and something better for each forbidden word', () => {
    expect(forbidden.length).toBeGreaterThan(15)
    expect(forbidden.filter(({ instead, because }) => instead === '' || because === '')).toEqual([])
    const rows = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0]?.match(/^\| `/gm)
    expect(rows).toHaveLength(forbidden.length)
  })

  it('has none of its forbidden words in any string', () => {
    expect(strings[language].length).toBeGreaterThan(1500)
    expect(found(language, forbidden)).toEqual([])
  })

  it('does not forbid what it asks for', () => {
    const asked = forbidden.flatMap(({ instead }) => instead.split(', '))
    expect(asked.filter((words) => forbidden.some(({ pattern }) => pattern.test(words)))).toEqual([])
  })
})

describe('a forbidden word', () => {
  it('is found whole, in any case and with any ending where the table says so', () => {
    const sink = patternOf('sink*')
    expect(['Sink', 'two sinks.', '(sink)'].every((text) => sink.test(text))).toBe(true)
    expect(['unsinkable', 'cousin kind'].some((text) => sink.test(text))).toBe(false)
    expect(patternOf('preuve').test('éprouve, preuves')).toBe(false)
    expect(patternOf('à éviter').test('Ce qu’il faut À ÉVITER')).toBe(true)
  })
})
