import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createMatcher } from '../../../electron/leaks/matcher'
import { createObjectReader } from '../../../electron/leaks/objects'
import { scanFile } from '../../../electron/leaks/read-file'
import { Scanner } from '../../../electron/leaks/scanner'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'regie-leaks-'))
})
afterAll(() => rm(folder, { recursive: true }))

const scanner = new Scanner(createMatcher([Buffer.from('the-secret')]), 64)
const scan = (file: string) => scanFile(file, scanner, () => undefined)

it.skipIf(process.platform !== 'linux')(
  'tells a file that the system fails to read, and reads the next one',
  async () => {
    const file = path.join(folder, 'a.txt')
    await writeFile(file, `${'x\n'.repeat(100)}the-secret`)

    // Even the administrator may not read what is not mapped.
    const failed = scan('/proc/self/mem')
    const read = scan(file)

    expect(failed).toEqual({ path: '/proc/self/mem', why: 'unreadable', code: 'EIO' })
    expect(read).toMatchObject({ path: file, matches: [{ pattern: 0, count: 1, lines: [101] }] })
  },
)

it('takes what vanished for empty, and opens no device', () => {
  expect(scan(path.join(folder, 'gone.txt'))).toBeNull()
  if (process.platform !== 'win32') expect(scan('/dev/zero')).toEqual({ path: '/dev/zero', why: 'device' })
})

it('takes git’s objects apart wherever its output is cut', () => {
  const output = Buffer.from('aa blob 5\nab\ncd\nbb missing\ncc commit 0\n\ndd blob 3\n\n\n\n\n')
  for (let length = 1; length <= output.length; length++) {
    const seen: string[] = []
    let content = ''
    const reader = createObjectReader({
      begin: ({ id, type }) => seen.push(`${id} ${type}`),
      bytes: (bytes) => (content += bytes.toString()),
      end: () => {
        seen.push(JSON.stringify(content))
        content = ''
      },
      missing: () => seen.push('missing'),
    })

    for (let at = 0; at < output.length; at += length) reader.push(output.subarray(at, at + length))

    expect(seen).toEqual([...['aa blob', '"ab\\ncd"', 'missing', 'cc commit', '""', 'dd blob', '"\\n\\n\\n"']])
  }
})
