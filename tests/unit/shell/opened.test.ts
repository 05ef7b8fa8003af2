import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createOpenedFiles, filesAmong } from '../../../electron/shell/opened'
import { panelUrl } from '../../../electron/shell/scheme'
import { temporaryFolder } from '../../support/programs'

describe('the files among a program’s arguments', () => {
  const linux = { cwd: '/home/ann', platform: 'linux', hasLink: false } as const
  const windows = { cwd: 'C:\\Users\\ann', platform: 'win32', hasLink: false } as const

  it('are pictures and workflows, whole, as each system names them', () => {
    expect(filesAmong(['--hidden', 'a.PNG', '/tmp/b.json', 'c.txt', 'main.cjs'], linux)).toEqual([
      '/home/ann/a.PNG',
      '/tmp/b.json',
    ])
    expect(filesAmong(['D:\\out\\a.png', '--allow-file-access', 'b.json'], windows)).toEqual([
      'D:\\out\\a.png',
      'C:\\Users\\ann\\b.json',
    ])
  })

  it('are none of another machine, none with a link, and none that hide an end', () => {
    expect(filesAmong(['\\\\evil\\share\\a.png', '//evil/share/a.png', '\\\\?\\UNC\\evil\\a.png'], windows)).toEqual([])
    expect(filesAmong(['a.png'], { ...linux, hasLink: true })).toEqual([])
    expect(filesAmong(['a.png\0.json', '--x.png'], linux)).toEqual([])
    expect(
      filesAmong(
        Array.from({ length: 50 }, (_, n) => `${n}.png`),
        linux,
      ),
    ).toHaveLength(16)
  })
})

describe('files that were opened', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  beforeEach(async () => {
    folder = await temporaryFolder('regie-opened')
  })
  afterEach(async () => {
    vi.useRealTimers()
    await folder[Symbol.asyncDispose]()
  })

  const put = (name: string, content: Buffer | string) => {
    const file = path.join(folder.path, name)
    writeFileSync(file, content)
    return file
  }
  const pngOf = (size: number) => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(size)])
  const asking =
    (opened: ReturnType<typeof createOpenedFiles>) =>
    async (to: string, method = 'GET') => {
      const answer = await opened.answer(new Request(`${panelUrl}${to}`, { method }))
      return answer && { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) }
    }
  const idOf = (place: string | null) => /^#\/studio\?opened=([0-9a-f]{32})$/.exec(place ?? '')?.[1] ?? ''

  it('are handed over once, by their names alone', async () => {
    const opened = createOpenedFiles()
    const ask = asking(opened)
    const id = idOf(opened.offer([put('a\u202Egnp.png', pngOf(9)), put('flow.json', '{"nodes": []}')]))
    const listed = await ask(`opened/${id}`)
    expect(JSON.parse(String(listed?.bytes))).toEqual(['agnp.png', 'flow.json'])
    expect(String(listed?.bytes)).not.toContain(folder.path)
    expect((await ask(`opened/${id}/0`))?.bytes).toHaveLength(17)
    expect(String((await ask(`opened/${id}/1`))?.bytes)).toBe('{"nodes": []}')
    expect((await ask(`opened/${id}`))?.status).toBe(404)
    expect((await ask(`opened/${id}/0`))?.status).toBe(404)
  })

  it('are empty where they are not what they say, too large, no files, or gone', async () => {
    const fifo = path.join(folder.path, 'pipe.png')
    if (process.platform !== 'win32') execFileSync('mkfifo', [fifo])
    const files = [
      put('script.png', '#!/bin/sh\nrm -rf /\n'),
      put('page.json', '<script>alert(1)</script>'),
      put('large.png', pngOf(64 * 2 ** 20)),
      fifo,
      path.join(folder.path, 'gone.png'),
    ]
    const opened = createOpenedFiles()
    const ask = asking(opened)
    const id = idOf(opened.offer(files))
    for (const at of files.keys()) expect((await ask(`opened/${id}/${at}`))?.bytes, files[at]).toHaveLength(0)
  })

  it('are asked for by nothing else', async () => {
    const opened = createOpenedFiles()
    const ask = asking(opened)
    const id = idOf(opened.offer([put('a.png', pngOf(1))]))
    for (const to of [
      `opened/${'0'.repeat(32)}`,
      `opened/${id}/7`,
      `opened/${id}/../../etc`,
      'opened/',
      `opened/${id}/00x`,
    ])
      expect((await ask(to))?.status ?? 404, to).toBe(404)
    expect((await ask(`opened/${id}`, 'POST'))?.status).toBe(404)
    expect(await ask('api/v1/services')).toBeNull()
    expect(opened.offer(['/tmp/a.txt', '/bin/sh'])).toBeNull()
  })

  it('are forgotten after a minute', async () => {
    vi.useFakeTimers()
    const opened = createOpenedFiles()
    const id = idOf(opened.offer([put('a.png', pngOf(1))]))
    vi.advanceTimersByTime(60_000)
    expect((await asking(opened)(`opened/${id}`))?.status).toBe(404)
  })
})
