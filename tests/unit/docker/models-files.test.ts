import { describe, expect, test } from 'vitest'
import { bytesOfPiece, goOnWith, piecesOf, readFiles } from '../../../electron/docker/models/copying'
import { createRate } from '../../../electron/docker/models/rate'
import { readPrinted } from '../../../electron/docker/read-rate'

const mib = 2 ** 20

describe('the files of a folder', () => {
  test('are read with any name that a line can hold', () => {
    const listed = `12 1700000000 /from/b/it's $(x) & "y".safetensors\n0 -5 /from/a\n`
    expect(readFiles(listed, '/from')).toEqual([
      { path: 'a', bytes: 0, changedAt: -5, pieces: [] },
      { path: `b/it's $(x) & "y".safetensors`, bytes: 12, changedAt: 1_700_000_000, pieces: [] },
    ])
  })
  test.each(['12 1 /other/a', 'x 1 /from/a', '12 1 /from/../etc/passwd', 'second line of a name'])(
    'are refused as a whole for %j, so that none is left behind unseen',
    (line) => {
      expect(() => readFiles(`1 1 /from/ok\n${line}\n`, '/from')).toThrow(
        expect.objectContaining({ id: 'models.odd-name' }),
      )
    },
  )
  test('go on with what was copied of them only while they are the same', () => {
    const of = (path: string, bytes: number, changedAt: number, pieces: string[] = []) => ({
      path,
      bytes,
      changedAt,
      pieces,
    })
    const before = [
      of('same', 5, 1, ['x']),
      of('grown', 5, 1, ['y']),
      of('touched', 5, 1, ['z']),
      of('gone', 5, 1, ['w']),
    ]
    const now = [of('same', 5, 1), of('grown', 6, 1), of('touched', 5, 2), of('new', 5, 1)]
    expect(goOnWith(now, before).map(({ path, pieces }) => [path, pieces])).toEqual([
      ['same', ['x']],
      ['grown', []],
      ['touched', []],
      ['new', []],
    ])
  })
  test('are cut into pieces, the last of which may be short', () => {
    expect([0, 1, mib, mib + 1].map((bytes) => piecesOf(bytes, 1))).toEqual([0, 1, 1, 2])
    expect(bytesOfPiece({ bytes: mib + 1 }, 0, 1)).toBe(mib)
    expect(bytesOfPiece({ bytes: mib + 1 }, 1, 1)).toBe(1)
  })
})

test('a rate is that of the last moments', () => {
  let now = 0
  const rate = createRate(() => now)
  expect(rate.add(10)).toBeNull()
  now = 1000
  expect(rate.add(990)).toBe(1000)
  for (let second = 2; second <= 60; second++) {
    now = second * 1000
    rate.add(10)
  }
  expect(rate.add(0)).toBe(10)
})

test.each([
  ['67108864 1.6\n', { bytes: 67_108_864, seconds: 1.6 }],
  ['67108864 2e-3', { bytes: 67_108_864, seconds: 0.002 }],
  ['12 1.6', null],
  ['67108864 0', null],
  ['Traceback', null],
  ['', null],
])('what an interpreter printed: %j', (printed, read) => {
  expect(readPrinted(printed)).toEqual(read)
})
