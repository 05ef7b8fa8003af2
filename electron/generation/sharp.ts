import { createRequire } from 'node:module'
import type Sharp from 'sharp'

/**
 * What sharp loads at its own start, in parts of much the same size: all in one go holds the event loop for 75 ms on a
 * quiet machine, and three times as long on one at work. Names as sharp itself asks for them.
 */
export const sharpParts = [
  'detect-libc',
  'semver/classes/range',
  'semver',
  '@img/colour',
  `@img/sharp-${process.platform}-${process.arch}/sharp.node`,
]

async function load(): Promise<typeof Sharp> {
  const ofSharp = createRequire(createRequire(import.meta.url).resolve('sharp'))
  for (const part of sharpParts) {
    try {
      ofSharp(part)
    } catch {
      // On musl the last has another name. What is really missing sharp itself says, and better.
    }
    await new Promise(setImmediate)
  }
  const { default: sharp } = await import('sharp')
  // It would keep files open, which Windows then neither renames nor deletes.
  sharp.cache(false)
  return sharp
}

let loading: Promise<typeof Sharp> | undefined
/** Loaded at its first use, for which the start of the panel need not wait; others have their turn meanwhile. */
export const loadSharp = () => (loading ??= load())
