import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { scanFolder } from '../../../electron/models/scan'
import { openOrdinary } from '../../../electron/storage/ordinary'
import { writeFully } from '../../../electron/storage/files'

let root: string
const at = (...parts: string[]) => path.join(root, ...parts)
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'regie-scan-'))
  await mkdir(at('models/loras'), { recursive: true })
  await mkdir(at('private'))
  await writeFile(at('private/a.safetensors'), 'a')
  await writeFile(at('private/key'), 'k')
  await writeFile(at('models/loras/own.safetensors'), 'o')
})
afterEach(() => rm(root, { recursive: true, force: true }))

const { signal } = new AbortController()
const names = async (folder: string, within: string[] | null) =>
  (await scanFolder(at(folder), 100, within, signal)).files.map(({ name }) => name)

describe.skipIf(process.platform === 'win32')('links', () => {
  test('of a container lead to what it mounts, and nowhere else', async () => {
    await symlink(at('private'), at('models/loras/far'))
    await symlink(at('private/key'), at('models/loras/key.safetensors'))
    await symlink(at('models/loras/own.safetensors'), at('models/loras/same.safetensors'))
    expect(await names('models/loras', [at('models')])).toEqual(['own.safetensors', 'same.safetensors'])
    expect(await names('models/loras', null)).toEqual([
      'far/a.safetensors',
      'key.safetensors',
      'own.safetensors',
      'same.safetensors',
    ])
  })

  test('in place of the folder itself are followed no further', async () => {
    await symlink(at('private'), at('models/vae'))
    expect(await scanFolder(at('models/vae'), 100, [at('models')], signal)).toMatchObject({
      state: 'absent',
      files: [],
    })
    expect(await names('models/vae', [at('models'), at('private')])).toEqual(['a.safetensors'])
  })

  test('are never a removed file', async () => {
    await symlink(at('private/key'), at('models/loras/x.safetensors.regie-removed'))
    expect(await names('models/loras', null)).toEqual(['own.safetensors'])
  })
})

describe.skipIf(process.platform === 'win32')('an ordinary file', () => {
  test('is neither a link nor a pipe, and nobody waits for one', async () => {
    await symlink(at('private/key'), at('link'))
    await promisify(execFile)('mkfifo', [at('pipe')])
    await expect(openOrdinary(at('link'))).rejects.toMatchObject({ code: 'ELOOP' })
    await expect(openOrdinary(at('pipe'))).rejects.toMatchObject({ code: 'EINVAL' })
    const file = await openOrdinary(at('private/key'))
    expect(await file.readFile('utf8')).toBe('k')
    await file.close()
  })
})

test('what a write did not take is written after it, at its place', async () => {
  const kept = Buffer.alloc(8)
  const handle = {
    write: (bytes: Uint8Array, from: number, _length: number, to: number) => {
      kept[to] = bytes[from] ?? 0
      return Promise.resolve({ bytesWritten: 1, buffer: bytes })
    },
  }
  await writeFully(handle as unknown as Parameters<typeof writeFully>[0], Buffer.from('abcd'), {
    from: 0,
    to: 4,
    at: 3,
  })
  expect(kept.toString('latin1')).toBe('\0\0\0abcd\0')
})
