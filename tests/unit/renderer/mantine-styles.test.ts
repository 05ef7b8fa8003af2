import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '../../..')
const renderer = path.join(root, 'renderer')
const styles = path.join(root, 'node_modules/@mantine/core/styles')

/** Parts that have a style of their own under another name, or share one that everybody loads. */
const styleOf = (part: string) => path.join(styles, `${part}.css`)
const importOf = (part: string) => `@mantine/core/styles/${part}.css`

const sources = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.tsx'))
  .map((name) => ({ name, text: readFileSync(path.join(renderer, name), 'utf8') }))

const partsIn = (text: string) =>
  [...text.matchAll(/import \{([^}]+)\} from '@mantine\/core'/g)]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.trim())
    .filter((name) => /^[A-Z]/.test(name) && existsSync(styleOf(name)))

test('a part of Mantine that not everybody loads is styled by whoever shows it, whichever page was open before', () => {
  const shared = readFileSync(path.join(renderer, 'ui/theme/mantine.css'), 'utf8')
  const missing = sources.flatMap(({ name, text }) =>
    partsIn(text)
      .filter((part) => !shared.includes(importOf(part)) && !text.includes(importOf(part)))
      .map((part) => `${name}: ${part}`),
  )
  expect(sources.flatMap(({ text }) => partsIn(text)).length).toBeGreaterThan(50)
  expect(missing).toEqual([])
})
