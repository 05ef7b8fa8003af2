import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { largestFile, readCopied } from '../../../electron/docker/read-rate'

describe('the largest file of a folder', () => {
  it('is one below it, whatever the names hold', () => {
    const lines = [
      '2048000 /models/small.safetensors',
      '7000000000 /models/vae/a b;$(reboot) `x`.safetensors',
      '9000000000 /etc/shadow',
      '9000000000 /models/../etc/shadow',
      '9000000000 /modelsish/file',
      'stat: cannot stat x',
      '',
    ]
    expect(largestFile(lines.join('\n'), '/models/')).toBe('/models/vae/a b;$(reboot) `x`.safetensors')
    expect(largestFile('100 /models/put_models_here\n', '/models')).toBeNull()
  })

  it('is below it for any output', () => {
    const word = fc.oneof(fc.constantFrom('/models', '/', '..', ' ', '\n', '99999999', '/etc'), fc.string())
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const found = largestFile(words.join(''), '/models')
        expect(found === null || (found.startsWith('/models/') && !found.split('/').includes('..'))).toBe(true)
      }),
    )
  })
})

describe('what dd says at its end', () => {
  it.each([
    ['64+0 records in\n64+0 records out\n67108864 bytes (67 MB, 64 MiB) copied, 1.6 s, 42 MB/s\n', 67108864, 1.6],
    ['1+0 records in\n1+0 records out\n8388608 bytes (8.0MB) copied, 0.004113 seconds, 1.9GB/s\n', 8388608, 0.004113],
    ['8388608 bytes (8.4 MB, 8.0 MiB) copied, 9.9e-05 s, 84 GB/s\n', 8388608, 9.9e-5],
  ])('%s', (words, bytes, seconds) => expect(readCopied(words)).toEqual({ bytes, seconds }))

  it.each(['', 'dd: failed to open', '0 bytes copied, 0.1 s, 0 B/s', '5 bytes copied, 0 s, Infinity B/s', '8 octets'])(
    'tells nothing: %s',
    (words) => expect(readCopied(words)).toBeNull(),
  )
})
