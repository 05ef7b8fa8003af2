import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { actFor, pageKeys } from '../../../renderer/ui/page-keys'
import en from '../../../renderer/i18n/en/palette.json'
import fr from '../../../renderer/i18n/fr/palette.json'

const renderer = path.resolve(import.meta.dirname, '../../../renderer')

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) => ({
  ...{ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false },
  ...held,
})

/** What listens to keys wherever the focus is, and has none of a page's. */
// The documentation is a page of its own: its list of findings has arrow keys and Escape.
const others = [
  'app/docs/search-box.ts',
  'app/useShortcuts.ts',
  'features/services/edit/EditDrawer.tsx',
  'ui/Tooltip.tsx',
  'ui/page-keys.ts',
]

describe('keys of pages', () => {
  it('are found by what is pressed, whatever the capitals, with Ctrl or Cmd where the table says so', () => {
    const done: string[] = []
    const does = (name: string) => () => void done.push(name)
    const acts = { brush: does('brush'), undo: does('undo'), redo: does('redo') }
    for (const event of [
      press('b'),
      press('B', { shiftKey: true }),
      press('z', { ctrlKey: true }),
      press('z', { metaKey: true }),
      press('Z', { ctrlKey: true, shiftKey: true }),
      press('y', { ctrlKey: true }),
    ])
      actFor('mask', event, acts)?.()
    expect(done).toEqual(['brush', 'brush', 'undo', 'undo', 'redo', 'redo'])
    for (const event of [
      press('b', { altKey: true }),
      press('b', { ctrlKey: true }),
      press('z'),
      press('e'),
      press('q'),
    ])
      expect([event, actFor('mask', event, acts)]).toEqual([event, undefined])
  })

  it('are one of a kind in each place, and have words in both languages', () => {
    for (const [place, acts] of Object.entries<Record<string, readonly string[]>>(pageKeys)) {
      const keys = Object.values(acts).flat()
      expect([place, keys.length]).toEqual([place, new Set(keys).size])
      for (const words of [en, fr]) {
        const told = Object.keys(Object.entries(words.keysOf).find(([name]) => name === place)?.[1] ?? {})
        expect([place, told.sort()]).toEqual([place, ['title', ...Object.keys(acts)].sort()])
      }
    }
  })

  it('are heard through the table alone: else the dialog of shortcuts would not list them', () => {
    const files = readdirSync(renderer, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file))
    const listening = files
      .filter((file) => /addEventListener\(\s*'key(?:down|up)'/.test(readFileSync(path.join(renderer, file), 'utf8')))
      .map((file) => file.replaceAll('\\', '/'))
    expect(listening.sort()).toEqual(others)
  })
})
