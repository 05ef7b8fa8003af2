import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { crashDumps, trimCrashDumps } from '../../../electron/support/crashes'

const dayMs = 24 * 60 * 60_000

test('of crash dumps the last five of a month stay; what else lies there is let be', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'regie-crashes-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const now = Date.now()
  await mkdir(path.join(folder, 'pending'))
  await writeFile(path.join(folder, 'settings.dat'), '')
  for (const days of [0, 1, 2, 3, 4, 5, 40]) {
    for (const name of [`${days}.dmp`, `${days}.meta`]) {
      const file = path.join(folder, 'pending', name)
      await writeFile(file, 'dump')
      await utimes(file, (now - days * dayMs) / 1000, (now - days * dayMs) / 1000)
    }
  }

  await trimCrashDumps(folder, now)

  const left = [0, 1, 2, 3, 4].flatMap((days) => [`${days}.dmp`, `${days}.meta`])
  expect((await readdir(path.join(folder, 'pending'))).sort()).toEqual(left)
  expect(await readdir(folder)).toContain('settings.dat')
  expect((await crashDumps(folder)).map(({ bytes }) => bytes)).toEqual([4, 4, 4, 4, 4])
  await rm(path.join(folder, 'pending', '0.dmp'))
  await trimCrashDumps(folder, now + 40 * dayMs)
  expect(await crashDumps(folder)).toEqual([])
  // Nor does it mind a folder that there never was.
  await trimCrashDumps(path.join(folder, 'none'))
})
