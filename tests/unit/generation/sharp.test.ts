import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { sharpParts } from '../../../electron/generation/sharp'

test('what is loaded in parts is what sharp itself loads, and nothing else', () => {
  const sharp = createRequire(import.meta.url).resolve('sharp')
  const code = `
    require(process.argv[1])
    const ofSharp = require('node:module').createRequire(process.argv[1])
    const isLoaded = (part) => { try { return ofSharp.resolve(part) in require.cache } catch { return null } }
    console.log(JSON.stringify(JSON.parse(process.argv[2]).map(isLoaded)))`
  const told = execFileSync(process.execPath, ['-e', code, sharp, JSON.stringify(sharpParts)], { encoding: 'utf8' })
  // null: not installed, as the native part of that name is not on musl.
  const [native, ...others] = (JSON.parse(told) as (boolean | null)[]).toReversed()
  expect(native).not.toBe(false)
  expect(others).toEqual([true, true, true, true])
})
