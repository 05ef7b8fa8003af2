import { execFile } from 'node:child_process'
import { appendFile, chmod, mkdir, readdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { LeakScans } from '../../../electron/leaks'
import { fingerprint } from '../../../electron/vault/fingerprint'
import type { LeakFinding, LeakScan } from '../../../shared/contract'
import { regiePrograms, temporaryFolder } from '../../support/programs'
import { openTestVault, problemOf } from '../vault/support'

const run = promisify(execFile)

let built: Awaited<ReturnType<typeof regiePrograms<'worker'>>>
beforeAll(async () => {
  built = await regiePrograms({ worker: 'electron/leaks/leak-worker.ts' })
})
afterAll(() => built.remove())

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let test: Awaited<ReturnType<typeof openTestVault>>
let leaks: LeakScans
let place: string
const password = 'correct~horse.battery-9'
let token: string

beforeEach(async () => {
  folder = await temporaryFolder()
  test = await openTestVault(folder.path)
  place = path.join(folder.path, 'place')
  await mkdir(place)
  const sinks = [{ type: 'env' as const, path: path.join(place, 'own.env'), key: 'COMFYUI_TOKEN' }]
  await test.credentials.create({ id: 'qwen', scheme: 'comfyui-login', username: 'comfy', password, sinks }, 'tester')
  token = (await test.credentials.reveal('qwen', 'tester')).token ?? ''
  leaks = new LeakScans({
    credentials: test.credentials,
    worker: built.programs.worker,
    containers: {
      services: () => [],
      traces: () => Promise.reject(new Error('none')),
      log: () => {
        throw new Error('none')
      },
    },
    reportBug: (error) => {
      throw error
    },
  })
})
afterEach(async () => {
  await leaks.close()
  await test.vault.close()
  await folder[Symbol.asyncDispose]()
})

const write = async (name: string, content: string | Buffer) => {
  const file = path.join(place, name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, content, { mode: 0o600 })
  return file
}
const git = async (...args: string[]) => {
  const author = ['-c', 'user.name=tester', '-c', 'user.email=tester@example.invalid', '-c', 'commit.gpgsign=false']
  return (await run('git', ['-C', place, ...author, ...args])).stdout.trim()
}
const files = (options: object = {}) => leaks.scan({ sources: ['files'], folder: place, ...options }, 'tester')
const seen = ({ findings }: LeakScan) =>
  findings.map(({ where, part, spelling, utf16 }) =>
    [path.relative(place, where), ...(part === null ? [] : [part]), spelling, ...(utf16 ? ['utf16'] : [])].join(' '),
  )
/** Everything that is answered, searched for every part of every secret. */
const expectNoValue = (answer: unknown) => {
  const text = JSON.stringify(answer)
  for (const secret of [password, token, token.slice(0, 20), token.slice(-20)]) {
    expect(text).not.toContain(secret)
    expect(text).not.toContain(JSON.stringify(secret).slice(1, -1))
    expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, 16))
  }
}

describe('a scan of files', () => {
  it('finds a value however it is written, with its lines, and never answers it', async () => {
    await write('notes.txt', `one\ntwo ${password}\nthree\nfour ${password} ${password}\n`)
    await write('page.html', `<a href="http://x/?token=${encodeURIComponent(token)}">`)
    await write('compose.yaml', `environment:\n  TOKEN: ${token.replaceAll('$', '$$$$')}\n`)
    await write('request.http', `Authorization: Basic ${Buffer.from(`comfy:${password}`).toString('base64')}\n`)
    await write('secret.yaml', `token: ${Buffer.from(token).toString('base64')}\n`)
    await write('out.txt', Buffer.from(`\uFEFFfirst\r\nsecond ${password}\r\n`, 'utf16le'))
    await write('mangled.env', `TOKEN=${token.slice(0, 40)}\n`)
    await write('swallowed.env', `TOKEN=$2b$12${token.slice(-25)}\n`)
    await write('state.bin', Buffer.concat([Buffer.from([0, 1, 2, 10, 10]), Buffer.from(password)]))

    const scan = await files()

    expect(scan.state).toBe('done')
    expect(seen(scan).toSorted()).toEqual([
      'compose.yaml doubled',
      'mangled.env cut-end',
      'notes.txt plain',
      'out.txt plain utf16',
      'own.env plain',
      'page.html url',
      'request.http basic',
      'secret.yaml base64',
      'state.bin plain',
      'swallowed.env cut-start',
    ])
    const of = (name: string) => scan.findings.find(({ where }) => where.endsWith(name))
    expect(of('notes.txt')).toMatchObject({
      ...{ lines: [2, 4], count: 3, credentialId: 'qwen', field: 'password', generation: 'current' },
      fingerprint: fingerprint(password),
    })
    expect(of('out.txt')?.lines).toEqual([2])
    expect(of('state.bin')?.lines).toEqual([])
    expect(of('mangled.env')).toMatchObject({ severity: 'notice', weight: 'cut' })
    expectNoValue(scan)
  })

  it('tells a sink apart from a leak, and an old value from the present one', async () => {
    await test.rotationsWith().then(async (rotations) => {
      await rotations.rotate({ id: 'qwen', who: 'tester' })
      await rotations.close()
    })
    await write('old.txt', `${password}\n`)

    const scan = await files()

    const of = (name: string) => scan.findings.find(({ where }) => where.endsWith(name))
    expect(of('own.env')).toMatchObject({ severity: 'expected', weight: 'sink', generation: 'current' })
    expect(of('old.txt')).toMatchObject({ severity: 'notice', weight: 'old', generation: 'previous' })
  })

  it.skipIf(process.platform === 'win32')('weighs more where every user of the machine can read it', async () => {
    const file = await write('open.txt', password)
    await chmod(file, 0o644)
    const shut = (await files()).findings.find(({ where }) => where === file)
    await chmod(folder.path, 0o755)
    const open = (await files()).findings.find(({ where }) => where === file)

    expect(shut).toMatchObject({ severity: 'warning', weight: 'file' })
    expect(open).toMatchObject({ severity: 'danger', weight: 'world-readable' })
  })

  it.skipIf(process.platform === 'win32')(
    'follows no link, waits for no pipe, and tells what it did not read',
    async () => {
      await symlink(place, path.join(place, 'circle'))
      await symlink('/etc', path.join(place, 'out'))
      await run('mkfifo', [path.join(place, 'pipe')])
      await write('hole', '')
      await truncate(path.join(place, 'hole'), 2 ** 40)
      await write('deep/down/here.txt', password)

      const scan = await files()

      expect(seen(scan)).toContain(`${path.join('deep', 'down', 'here.txt')} plain`)
      expect(scan.skipped.map(({ why, count }) => [why, count])).toEqual([
        ['sparse', 1],
        ['fifo', 1],
        ['symlink', 2],
      ])
    },
  )

  it('tells what the system does not let it read', async ({ skip }) => {
    const file = await write('locked.txt', password)
    await chmod(file, 0o000)
    const readable = await readFile(file).then(
      () => true,
      () => false,
    )
    if (readable) skip('this user may read everything')

    const scan = await files()

    expect(scan.skipped).toEqual([{ why: 'unreadable', count: 1, first: [`${file} (EACCES)`] }])
  })

  it('looks for the chosen credentials only, and says which values are too short', async () => {
    await test.credentials.create(
      { id: 'short', scheme: 'basic', username: 'me', password: 'tiny', sinks: [] },
      'tester',
    )
    await write('a.txt', `${password} tiny`)

    const scan = await files({ credentialIds: ['short'] })

    expect(scan.findings).toEqual([])
    expect(scan.tooShort).toEqual([{ credentialId: 'short', field: 'password', generation: 'current' }])
  })

  it('changes nothing in the folder, and leaves an entry in the audit log', async () => {
    await write('a.txt', `${password}\n`)
    const stateOf = async () => {
      const names = (await readdir(place, { recursive: true })).toSorted()
      return Promise.all(
        names.map(async (name) => {
          const { mtimeMs, ctimeMs, size, mode } = await stat(path.join(place, name))
          return [name, mtimeMs, ctimeMs, size, mode]
        }),
      )
    }
    const before = await stateOf()

    await files()

    expect(await stateOf()).toEqual(before)
    const { items } = await test.audit.list({ topic: 'leaks', limit: 10 })
    expect(items.map(({ action, who }) => [action, who])).toEqual([
      ['leaks.scan-ended', 'tester'],
      ['leaks.scan-started', 'tester'],
    ])
    expect(items[0]?.details).toMatchObject({ outcome: 'done', found: 1, expected: 1 })
    expectNoValue(items)
  })

  it('refuses what it cannot do', async () => {
    const file = await write('a.txt', '')
    const refusal = async (input: object) => (await problemOf(files(input))).id

    expect(await refusal({ folder: 'relative' })).toBe('leaks.folder-relative')
    expect(await refusal({ folder: path.join(place, 'nowhere') })).toBe('leaks.no-folder')
    expect(await refusal({ folder: file })).toBe('leaks.no-folder')
    expect(await refusal({ folder: undefined })).toBe('leaks.folder-needed')
    expect(await refusal({ credentialIds: ['nobody'] })).toBe('credential.not-found')
    expect((await problemOf(leaks.cancel())).id).toBe('leaks.not-running')
  })

  it('runs once at a time, tells how far it is, and can be cancelled', async () => {
    // Holes take no room on the disk, and long to read.
    await mkdir(path.join(place, 'big'))
    for (let at = 0; at < 100; at++) await writeFile(path.join(place, 'big', `${at}`), '')
    for (let at = 0; at < 100; at++) await truncate(path.join(place, 'big', `${at}`), 2 ** 27)
    await write('a.txt', password)
    const started = await leaks.scan({ sources: ['files'], folder: place, wait: false }, 'tester')

    const busy = await problemOf(files())
    let cancelled: Promise<LeakScan> | null = null
    const watched: LeakScan[] = []
    for await (const state of leaks.watch(new AbortController().signal)) {
      watched.push(state)
      if (state.progress.bytes > 0) cancelled ??= leaks.cancel()
    }

    expect(started.state).toBe('running')
    expect(busy.id).toBe('leaks.busy')
    expect((await cancelled)?.state).toBe('cancelled')
    expect(watched.at(-1)).toMatchObject({ state: 'cancelled', id: started.id, scanned: [{ state: 'cancelled' }] })
    expect(leaks.last()).toEqual(watched.at(-1))
  })
})

describe('a scan of git', () => {
  beforeEach(async () => {
    await git('init', '-q')
  })

  const history = async () => {
    const scan = await leaks.scan({ sources: ['git'], folder: place }, 'tester')
    const about = ({ part, weight, commits, lines, commitCount }: LeakFinding) => ({
      ...{ part, weight, lines, commitCount },
      commits: commits.map(({ id }) => id),
    })
    return { scan, found: scan.findings.map(about) }
  }

  it('finds what was removed long ago, loose and packed, with the commit that brought it', async () => {
    await write('src/config.py', `a = 1\nTOKEN = "${token}"\n`)
    await git('add', 'src')
    await git('commit', '-qm', 'add configuration')
    const commit = await git('rev-parse', 'HEAD')
    await write('src/config.py', 'a = 1\n')
    await git('commit', '-qam', 'remove it')

    const loose = await history()
    await git('gc', '-q', '--prune=now')
    const packed = await history()

    const expected = [{ part: 'src/config.py', weight: 'history', lines: [2], commits: [commit], commitCount: 1 }]
    expect(loose.found).toEqual(expected)
    expect(packed.found).toEqual(expected)
    expect(packed.scan.findings[0]).toMatchObject({ severity: 'danger', fingerprint: fingerprint(token) })
    expectNoValue(packed.scan)
  })

  it('finds what stands in a branch, a message, a stash, and what was amended away', async () => {
    await write('a.txt', 'nothing\n')
    await git('add', 'a.txt')
    await git('commit', '-qm', `the password is ${password}`)
    const message = await git('rev-parse', 'HEAD')
    await git('checkout', '-qb', 'side')
    await write('b.txt', password)
    await git('add', 'b.txt')
    await git('commit', '-qm', 'side')
    await write('b.txt', `${password} again`)
    await git('commit', '-q', '--amend', '-am', 'side')
    await write('a.txt', `stashed ${password}\n`)
    await git('stash', '-q')
    await git('checkout', '-q', '-')

    const { found } = await history()

    expect(found.map(({ part, weight }) => `${part} ${weight}`).toSorted()).toEqual([
      'a.txt history',
      'b.txt history',
      'null history',
      'null unreachable-object',
    ])
    expect(found.find(({ part, weight }) => part === null && weight === 'history')?.commits).toEqual([message])
  })

  it('runs nothing that the repository names, and writes nothing there', async () => {
    await write('a.txt', password)
    await git('add', 'a.txt')
    await git('commit', '-qm', 'a')
    const trap = path.join(folder.path, 'sprung')
    const command = `touch ${trap}`
    for (const name of ['core.fsmonitor', 'core.pager', 'core.sshCommand', 'diff.external', 'core.editor'])
      await git('config', name, command)
    await git('config', 'diff.trap.textconv', command)
    await write('.gitattributes', '* diff=trap\n')
    for (const hook of ['post-index-change', 'reference-transaction', 'pre-commit'])
      await writeFile(path.join(place, '.git/hooks', hook), `#!/bin/sh\n${command}\n`, { mode: 0o755 })
    const index = await stat(path.join(place, '.git/index'))

    const scan = await leaks.scan({ sources: ['git', 'files'], folder: place, skipIgnored: true }, 'tester')

    expect(scan.scanned.map(({ source, state }) => [source, state]).toSorted()).toEqual([
      ['files', 'done'],
      ['git', 'done'],
    ])
    expect(scan.findings.length).toBeGreaterThan(0)
    await expect(stat(trap)).rejects.toThrow('ENOENT')
    expect((await stat(path.join(place, '.git/index'))).mtimeMs).toBe(index.mtimeMs)
    // The trap was set: git by itself steps into it.
    await git('status')
    expect((await stat(trap)).isFile()).toBe(true)
  })

  it('leaves out what git ignores only if asked, in repositories inside too', async () => {
    await write('.gitignore', '*.log\n')
    await write('tracked.txt', password)
    await write('ignored.log', password)
    await write('untracked.txt', password)
    await git('add', '.gitignore', 'tracked.txt')
    await run('git', ['init', '-q', path.join(place, 'inner')])
    await write('inner/.gitignore', 'hidden\n')
    await write('inner/hidden/a.txt', password)
    await write('inner/shown.txt', password)
    await appendFile(path.join(place, '.git/config'), `# ${password}\n`)
    const names = (scan: LeakScan) =>
      scan.findings.flatMap(({ where, severity }) => (severity === 'expected' ? [] : [path.relative(place, where)]))

    const everything = names(await files())
    const asked = names(await files({ skipIgnored: true }))

    const always = ['.git/config', 'inner/shown.txt', 'tracked.txt', 'untracked.txt'].map((name) =>
      path.normalize(name),
    )
    expect(asked.toSorted()).toEqual(always)
    expect(everything.toSorted()).toEqual(
      [...always, ...['ignored.log', 'inner/hidden/a.txt'].map((name) => path.normalize(name))].toSorted(),
    )
  })

  it('tells that a repository is damaged, and reads the rest', async () => {
    await write('a.txt', password)
    await git('add', 'a.txt')
    await git('commit', '-qm', 'a')
    const blob = await git('rev-parse', 'HEAD:a.txt')
    const object = path.join(place, '.git/objects', blob.slice(0, 2), blob.slice(2))
    await chmod(object, 0o644)
    await writeFile(object, 'broken')

    const scan = await leaks.scan({ sources: ['git', 'files'], folder: place }, 'tester')

    expect(scan.state).toBe('done')
    expect(scan.scanned.find(({ source }) => source === 'git')?.reason).toMatchObject({
      ...{ problem: 'leaks.git-unreadable', params: { count: 1 } },
    })
    expect(scan.findings.some(({ where }) => where.endsWith('a.txt'))).toBe(true)
  })
})
