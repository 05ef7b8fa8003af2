import { chmod, chown, lstat, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { fingerprint } from '../../../electron/vault/fingerprint'
import type { SinkInput } from '../../../shared/contract'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'
import { openTestVault, problemOf } from '../vault/support'

const posix = process.platform !== 'win32'

/** A credential with one sink, whose file stood there before. */
async function withSink(folder: string, sink: (stack: string) => Promise<SinkInput>) {
  const opened = await openTestVault(folder)
  const input = await sink(opened.stack)
  await opened.credentials.create({ id: 'one', scheme: 'token', token: 'first-token', sinks: [input] }, 'ann')
  const rotations = await opened.rotationsWith()
  return {
    ...opened,
    file: input.path,
    rotations,
    rotate: (token: string) => rotations.rotate({ id: 'one', token, who: 'ann' }),
  }
}

const env = async (stack: string, text: string): Promise<SinkInput> => {
  const file = path.join(stack, '.env')
  await writeFile(file, text)
  return { type: 'env', path: file, key: 'TOKEN' }
}

describe('a rotation that writes a sink', () => {
  it.runIf(posix)('keeps mode and owner, and leaves no temporary file', async () => {
    await using folder = await temporaryFolder()
    const { vault, file, rotate, stack } = await withSink(folder.path, (at) => env(at, 'TOKEN=old\n'))
    await chmod(file, 0o640)
    const isRoot = process.geteuid?.() === 0
    if (isRoot) await chown(file, 1234, 1235)

    await rotate('second-token')

    const { mode, uid, gid } = await stat(file)
    expect([mode & 0o777, isRoot ? [uid, gid] : null]).toEqual([0o640, isRoot ? [1234, 1235] : null])
    expect(await readdir(stack)).toEqual(['.env'])
    await vault.close()
  })

  it.runIf(posix)('follows a link to its target, which is watched where it lies', async () => {
    await using folder = await temporaryFolder()
    const target = path.join(folder.path, 'elsewhere', 'real.env')
    const { vault, credentials, file, rotate, events } = await withSink(folder.path, async (stack) => {
      await mkdir(path.dirname(target))
      await writeFile(target, 'A=1\nTOKEN=old\n')
      await symlink(target, path.join(stack, 'link.env'))
      return { type: 'env', path: path.join(stack, 'link.env'), key: 'TOKEN' }
    })

    await rotate('second-token')

    expect((await lstat(file)).isSymbolicLink()).toBe(true)
    expect(await readFile(target, 'utf8')).toBe("A=1\nTOKEN='second-token'\n")
    const last = () => {
      const event = events.findLast(({ type }) => type === 'credential')
      return event?.type === 'credential' ? event.credential.state : null
    }
    // Replaced twice, as editors do: the second time it is another file than was watched first.
    for (const round of ['one', 'two']) {
      const start = performance.now()
      await writeFile(`${target}.new`, `TOKEN=${round}\n`)
      await rename(`${target}.new`, target)
      await until('the drift to be told', () => last() === 'drifted', 5_000)
      expect(performance.now() - start).toBeLessThan(2000)
      await credentials.sync('one', { who: 'ann' })
      await until('the end of it', () => last() === 'in-sync', 5_000)
    }
    await vault.close()
  })

  it('keeps the other lines of a file with Windows line ends, and warns', async () => {
    await using folder = await temporaryFolder()
    const { vault, credentials, file, rotate } = await withSink(folder.path, (at) =>
      env(at, '# head\r\nTOKEN=old\r\nB=2\r\n'),
    )

    const rotation = await rotate('second-token')

    expect(rotation.state).toBe('committed')
    expect(await readFile(file, 'utf8')).toBe("# head\r\nTOKEN='second-token'\nB=2\r\n")
    const place = (await credentials.drift('one')).places.find(({ kind }) => kind === 'sink')
    expect(place).toMatchObject({ state: 'same', reason: { problem: 'sink.crlf-lines' } })
    expect((await credentials.get('one')).state).toBe('in-sync')
    await vault.close()
  })

  it('touches no file when one lies in a folder that has gone', async () => {
    await using folder = await temporaryFolder()
    const { vault, credentials, file, stack, rotate } = await withSink(folder.path, (at) => env(at, 'TOKEN=old\n'))
    await mkdir(path.join(stack, 'gone'))
    const both = [
      { type: 'env' as const, path: file, key: 'TOKEN' },
      { type: 'file' as const, path: path.join(stack, 'gone', 'token') },
    ]
    await credentials.update({ id: 'one', sinks: both }, 'ann')
    await rm(path.join(stack, 'gone'), { recursive: true })
    const before = await readFile(file, 'utf8')

    expect((await problemOf(rotate('second-token'))).message).toContain('does not exist')
    expect(await readFile(file, 'utf8')).toBe(before)
    await vault.close()
  })

  // A file that not even root may write: no test as root could make one otherwise.
  it.runIf(process.platform === 'linux')(
    'finds out that a file cannot be written before it is named a sink',
    async () => {
      await using folder = await temporaryFolder()
      const { vault, credentials, stack } = await openTestVault(folder.path)
      const first = path.join(stack, 'first')
      await writeFile(first, 'as it was')
      const sinks = [
        { type: 'file' as const, path: first },
        { type: 'file' as const, path: '/proc/sys/kernel/osrelease' },
      ]

      const problem = await problemOf(credentials.create({ id: 'one', scheme: 'token', sinks }, 'ann'))

      expect([problem.id, problem.params['path']]).toEqual(['sink.not-writable', '/proc/sys/kernel/osrelease'])
      expect(await readFile(first, 'utf8')).toBe('as it was')
      await vault.close()
    },
  )
})

describe('what other hands changed', () => {
  it('is told with the value before and the value now', async () => {
    await using folder = await temporaryFolder()
    const { vault, credentials, file } = await withSink(folder.path, (at) => env(at, 'TOKEN=old\n'))
    const change = async () => (await credentials.drift('one')).places.find(({ kind }) => kind === 'sink')?.change
    expect(await change()).toBeNull()

    await writeFile(file, 'TOKEN=one-hand\n')
    expect(await change()).toMatchObject({ from: fingerprint('first-token'), to: fingerprint('one-hand') })
    await writeFile(file, 'TOKEN=other-hand\n')
    expect(await change()).toMatchObject({ from: fingerprint('one-hand'), to: fingerprint('other-hand') })
    await rm(file)
    expect(await change()).toMatchObject({ from: fingerprint('other-hand'), to: null })
    await credentials.sync('one', { who: 'ann' })
    expect(await change()).toBeNull()
    await vault.close()
  })

  it('while Regie was not running is told from the vault’s value', async () => {
    await using folder = await temporaryFolder()
    const { vault, file } = await withSink(folder.path, (at) => env(at, 'TOKEN=old\n'))
    await vault.close()
    await writeFile(file, 'TOKEN=meanwhile\n')

    const later = await openTestVault(folder.path)

    const places = (await later.credentials.drift('one')).places
    expect(places.find(({ kind }) => kind === 'sink')?.change).toMatchObject({
      from: fingerprint('first-token'),
      to: fingerprint('meanwhile'),
    })
    await later.vault.close()
  })
})
