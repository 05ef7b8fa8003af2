import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  appendDurably,
  fileErrorCode,
  moveAside,
  readIfPresent,
  writeFileAtomic,
  writeInPlace,
} from '../../../electron/storage/files'
import { temporaryFolder } from '../../support/programs'

const posix = process.platform !== 'win32'

describe('replacing a file atomically', () => {
  it('writes exactly the given bytes and leaves no temporary file', async () => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'token')
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0x00, 0x0d, 0x0a, 0xff])

    await writeFileAtomic(file, bytes)

    expect(await readFile(file)).toEqual(bytes)
    expect(await readdir(folder.path)).toEqual(['token'])
  })

  it.runIf(posix)('gives a new file to its owner only and keeps the mode of an old one', async () => {
    await using folder = await temporaryFolder()
    const [fresh, old] = [path.join(folder.path, 'fresh'), path.join(folder.path, 'old')]
    await writeFile(old, 'x')
    await chmod(old, 0o640)

    await writeFileAtomic(fresh, 'a')
    await writeFileAtomic(old, 'a')

    expect((await stat(fresh)).mode & 0o777).toBe(0o600)
    expect((await stat(old)).mode & 0o777).toBe(0o640)
  })

  it.runIf(posix && process.getuid?.() === 0)('keeps the owner', async () => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'owned')
    await writeFile(file, 'x')
    const { chown } = await import('node:fs/promises')
    await chown(file, 1234, 1235)

    await writeFileAtomic(file, 'y')

    const { uid, gid } = await stat(file)
    expect({ uid, gid }).toEqual({ uid: 1234, gid: 1235 })
  })

  it.runIf(posix)('follows a link to its target, even one that does not exist yet', async () => {
    await using folder = await temporaryFolder()
    const target = path.join(folder.path, 'target')
    const link = path.join(folder.path, 'link')
    await symlink('target', link)

    await writeFileAtomic(link, 'first')
    await writeFileAtomic(link, 'second')

    expect(await readFile(target, 'utf8')).toBe('second')
    expect((await readdir(folder.path)).sort()).toEqual(['link', 'target'])
  })

  it('leaves the old content and no temporary file when the replacement fails', async () => {
    await using folder = await temporaryFolder()
    const target = path.join(folder.path, 'a-folder')
    await mkdir(path.join(target, 'inside'), { recursive: true })

    const error = await writeFileAtomic(target, 'x').catch((thrown: unknown) => thrown)

    expect(fileErrorCode(error)).not.toBeNull()
    expect(await readdir(folder.path)).toEqual(['a-folder'])
    expect(await readdir(target)).toEqual(['inside'])
  })

  it('shows every concurrent reader one whole version or another', async () => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'busy')
    const versions = ['a', 'b'].map((letter) => letter.repeat(200_000))
    await writeFileAtomic(file, versions[0] ?? '')
    const progress = { writing: true }

    const writer = (async () => {
      for (let i = 1; i <= 30; i++) await writeFileAtomic(file, versions[i % 2] ?? '')
      progress.writing = false
    })()
    const seen = new Set<string>()
    while (progress.writing) seen.add(await readFile(file, 'utf8'))
    await writer

    expect([...seen].every((text) => versions.includes(text))).toBe(true)
  })
})

describe('rewriting a file in place', () => {
  it('keeps the file itself, so that a mount of it shows the new content', async () => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'mounted')
    await writeFile(file, 'a long old content')
    const before = (await stat(file)).ino

    await writeInPlace(file, 'short')

    expect(await readFile(file, 'utf8')).toBe('short')
    expect((await stat(file)).ino).toBe(before)
  })
})

describe('the smaller calls', () => {
  it('reads null where there is no file and throws where there is a folder', async () => {
    await using folder = await temporaryFolder()

    expect(await readIfPresent(path.join(folder.path, 'none'))).toBeNull()
    await expect(readIfPresent(folder.path)).rejects.toMatchObject({ code: 'EISDIR' })
  })

  it('appends behind what is there', async () => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'log')

    await appendDurably(file, 'one\n')
    await appendDurably(file, 'two\n')

    expect(await readFile(file, 'utf8')).toBe('one\ntwo\n')
  })

  it('moves a file aside under a name that is not taken', async () => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'vault.json')
    await writeFile(file, 'new damage')
    await writeFile(`${file}.unreadable-1000`, 'older damage')

    const kept = await moveAside(file, 1000)

    expect(kept).toBe(`${file}.unreadable-1001`)
    expect(await readFile(kept, 'utf8')).toBe('new damage')
    expect(await readFile(`${file}.unreadable-1000`, 'utf8')).toBe('older damage')
  })
})
