import { compare } from 'bcryptjs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeAllOrNone } from '../../../electron/credentials/credentials'
import { fingerprint } from '../../../electron/vault/fingerprint'
import { temporaryFolder } from '../../support/programs'
import { everythingIn, openTestVault, problemOf } from '../vault/support'

describe('adding a credential', () => {
  it('generates what is left out and writes every sink at once', async () => {
    await using folder = await temporaryFolder()
    const { credentials, stack } = await openTestVault(folder.path)
    const [login, env, file] = ['PASSWORD', '.env', 'api.token'].map((name) => path.join(stack, name)) as [
      string,
      string,
      string,
    ] // three names give three paths
    await writeFile(env, '# keep\nPORT=8188\nTOKEN=old\n')

    const made = await credentials.create(
      {
        id: 'comfy',
        scheme: 'comfyui-login',
        username: 'ann',
        sinks: [
          { type: 'comfyui-login', path: login },
          { type: 'env', path: env, key: 'TOKEN' },
          { type: 'env', path: env, key: 'RAW', field: 'password' },
          { type: 'file', path: file },
        ],
      },
      'bob',
    )

    const secret = await credentials.reveal('comfy', 'bob')
    expect(await compare(secret.password ?? '', secret.token ?? '')).toBe(true)
    expect(await readFile(login, 'utf8')).toBe(`${secret.token ?? ''}\nann`)
    expect(await readFile(env, 'utf8')).toBe(
      `# keep\nPORT=8188\nTOKEN='${secret.token ?? ''}'\nRAW='${secret.password ?? ''}'\n`,
    )
    expect(await readFile(file, 'utf8')).toBe(secret.token)
    expect(made).toMatchObject({ version: 1, state: 'in-sync', drifted: 0, username: 'ann', lastProof: null })
    expect(made.fingerprints.token).toBe(fingerprint(secret.token ?? ''))
    expect(made.sinks.map(({ requires }) => requires)).toEqual(['restart', 'restart', 'restart', 'nothing'])
  })

  it('takes a person’s own secret, and the hash alone of an existing ComfyUI-Login', async () => {
    await using folder = await temporaryFolder()
    const { credentials } = await openTestVault(folder.path)
    const token = `$2b$12$${'a'.repeat(53)}`

    await credentials.create({ id: 'hub', scheme: 'token', token: 'hf_own' }, 'ann')
    await credentials.create({ id: 'comfy', scheme: 'comfyui-login', token }, 'ann')
    await credentials.create({ id: 'forge', scheme: 'basic', username: 'u', password: 'p$1' }, 'ann')

    expect(await credentials.reveal('hub', 'ann')).toEqual({ token: 'hf_own' })
    expect(await credentials.reveal('comfy', 'ann')).toEqual({ username: 'regie', token })
    expect(await credentials.reveal('forge', 'ann')).toEqual({ username: 'u', password: 'p$1' })
  })

  it('keeps nothing when one sink cannot be written: no record, no file, no learned secret', async () => {
    await using folder = await temporaryFolder()
    const { credentials, stack, redactor } = await openTestVault(folder.path)
    const first = path.join(stack, 'first')
    await writeFile(first, 'as it was')
    await mkdir(path.join(stack, 'in-the-way'))
    const create = (second: string) =>
      problemOf(
        credentials.create(
          {
            id: 'x',
            scheme: 'token',
            token: 'my-own-token',
            sinks: [
              { type: 'file', path: first },
              { type: 'file', path: second },
            ],
          },
          'ann',
        ),
      )

    const folderInTheWay = await create(path.join(stack, 'in-the-way'))
    const noFolder = await create(path.join(stack, 'missing', 'token'))

    expect(folderInTheWay.id).toBe('sink.directory')
    expect(noFolder.id).toBe('sink.no-folder')
    expect(await readFile(first, 'utf8')).toBe('as it was')
    expect(credentials.has('x')).toBe(false)
    expect(redactor.redact('my-own-token')).toBe('my-own-token')
  })

  it('puts every sink back, also where it cannot be told how another is to be written', async () => {
    await using folder = await temporaryFolder()
    const [first, second] = ['first', 'second'].map((name) => path.join(folder.path, name)) as [string, string] // two names
    await writeFile(first, 'as it was')
    await writeFile(second, 'so was this')
    const secret = { username: null, password: null, token: 'the-new-token' }
    const writes = [first, second].map((file) => ({
      credentialId: 'x',
      sink: { id: file, type: 'file', path: file, key: null, field: 'token', requires: 'nothing' } as const,
      secret,
    }))
    const writeMode = (file: string) =>
      file === second ? Promise.reject(new Error('the engine is gone')) : Promise.resolve('replace' as const)

    await expect(writeAllOrNone({ writeMode }, writes)).rejects.toThrow('the engine is gone')

    expect(await readFile(first, 'utf8')).toBe('as it was')
    expect(await readFile(second, 'utf8')).toBe('so was this')
  })

  it('refuses what cannot work, by name', async () => {
    await using folder = await temporaryFolder()
    const { credentials, stack, paths } = await openTestVault(folder.path)
    const file = path.join(stack, 'token')
    await credentials.create({ id: 'first', scheme: 'token', sinks: [{ type: 'file', path: file }] }, 'ann')
    const refused = async (input: Parameters<typeof credentials.create>[0]) =>
      (await problemOf(credentials.create(input, 'ann'))).id

    expect(await refused({ id: 'first', scheme: 'token' })).toBe('credential.exists')
    expect(await refused({ id: 'b', scheme: 'token', sinks: [{ type: 'file', path: file }] })).toBe('sink.taken')
    expect(await refused({ id: 'b', scheme: 'token', sinks: [{ type: 'file', path: 'token' }] })).toBe('sink.relative')
    expect(await refused({ id: 'b', scheme: 'token', sinks: [{ type: 'file', path: paths.vault }] })).toBe(
      'sink.own-file',
    )
    expect(await refused({ id: 'b', scheme: 'basic', sinks: [{ type: 'comfyui-login', path: `${file}2` }] })).toBe(
      'sink.wrong-scheme',
    )
    expect(
      await refused({ id: 'b', scheme: 'token', sinks: [{ type: 'file', path: `${file}2`, field: 'password' }] }),
    ).toBe('credential.no-such-field')
    expect(await refused({ id: 'b', scheme: 'token', password: 'x' })).toBe('credential.no-such-field')
    expect(await refused({ id: 'b', scheme: 'comfyui-login', password: 'x'.repeat(73) })).toBe('bcrypt.truncates')
    expect(await refused({ id: 'b', scheme: 'comfyui-login', password: 'x', token: `$2b$04$${'a'.repeat(53)}` })).toBe(
      'credential.mismatch',
    )
  })

  it('answers the same id only once, even when asked at the same time', async () => {
    await using folder = await temporaryFolder()
    const { credentials } = await openTestVault(folder.path)

    const all = await Promise.allSettled(
      Array.from({ length: 5 }, () => credentials.create({ id: 'one', scheme: 'comfyui-login' }, 'ann')),
    )

    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await credentials.list()).toHaveLength(1)
  })
})

describe('changing and deleting', () => {
  it('writes a new user name and new sinks, and leaves a removed sink as it is', async () => {
    await using folder = await temporaryFolder()
    const { credentials, stack } = await openTestVault(folder.path)
    const [login, file] = [path.join(stack, 'PASSWORD'), path.join(stack, 'token')]
    await credentials.create(
      { id: 'c', scheme: 'comfyui-login', sinks: [{ type: 'comfyui-login', path: login }] },
      'ann',
    )
    const { token = '' } = await credentials.reveal('c', 'ann')

    await credentials.update({ id: 'c', username: 'eve' }, 'ann')
    const renamed = await readFile(login, 'utf8')
    const changed = await credentials.update({ id: 'c', sinks: [{ type: 'file', path: file }] }, 'ann')

    expect(renamed).toBe(`${token}\neve`)
    expect(changed).toMatchObject({ username: 'eve', version: 1, state: 'in-sync' })
    expect(await readFile(file, 'utf8')).toBe(token)
    expect(await readFile(login, 'utf8')).toBe(renamed)
  })

  it('changes nothing when a new sink cannot be written', async () => {
    await using folder = await temporaryFolder()
    const { credentials, stack } = await openTestVault(folder.path)
    await credentials.create({ id: 'c', scheme: 'token' }, 'ann')

    const problem = await problemOf(
      credentials.update({ id: 'c', sinks: [{ type: 'file', path: path.join(stack, 'no', 'token') }] }, 'ann'),
    )

    expect(problem.id).toBe('sink.no-folder')
    expect((await credentials.get('c')).sinks).toEqual([])
  })

  it('deletes what no service uses, and leaves its sinks', async () => {
    await using folder = await temporaryFolder()
    const { credentials, stack, events } = await openTestVault(folder.path)
    const file = path.join(stack, 'token')
    await credentials.create(
      { id: 'c', scheme: 'token', token: 'tok-en', sinks: [{ type: 'file', path: file }] },
      'ann',
    )

    await credentials.remove('c', 'ann')

    expect((await problemOf(credentials.get('c'))).id).toBe('credential.not-found')
    expect(await readFile(file, 'utf8')).toBe('tok-en')
    expect(events.at(-1)).toEqual({ type: 'credential-removed', id: 'c' })
  })

  it('does not delete what a service uses', async () => {
    await using folder = await temporaryFolder()
    const user = { id: 'svc', kind: 'comfyui', runtime: 'process', url: 'http://127.0.0.1:9', running: false } as const
    const { credentials } = await openTestVault(folder.path, { users: [user] })
    await credentials.create({ id: 'c', scheme: 'token' }, 'ann')

    const problem = await problemOf(credentials.remove('c', 'ann'))

    expect(problem.id).toBe('credential.in-use')
    expect(problem.message).toContain('svc')
  })
})

describe('drift', () => {
  it('names every sink that says something else, and sync puts it right', async () => {
    await using folder = await temporaryFolder()
    const { credentials, stack } = await openTestVault(folder.path)
    const at = (name: string) => path.join(stack, name)
    await credentials.create(
      {
        id: 'c',
        scheme: 'comfyui-login',
        username: 'ann',
        sinks: [
          { type: 'comfyui-login', path: at('PASSWORD') },
          { type: 'env', path: at('.env'), key: 'TOKEN' },
          { type: 'env', path: at('other.env'), key: 'TOKEN' },
          { type: 'file', path: at('token') },
          { type: 'file', path: at('gone') },
        ],
      },
      'ann',
    )
    const { token = '' } = await credentials.reveal('c', 'ann')
    await writeFile(at('PASSWORD'), `${token}\r\nann\r\n`)
    await writeFile(at('.env'), `TOKEN=${token}\n`.replace('$2b$04$', '$2b$04$Iv'))
    await writeFile(at('token'), 'edited by hand\n')
    const { rm } = await import('node:fs/promises')
    await rm(at('gone'))
    await rm(at('other.env'))
    await mkdir(at('other.env'))

    const drift = await credentials.drift('c')

    expect(drift.places.map(({ kind, state, reason }) => [kind, state, reason?.problem])).toEqual([
      ['vault', 'source', undefined],
      ['sink', 'drifted', 'sink.crlf'],
      ['sink', 'drifted', 'sink.mangled'],
      ['sink', 'unreadable', 'sink.directory'],
      ['sink', 'drifted', undefined],
      ['sink', 'missing', 'sink.missing'],
    ])
    expect(drift.drifted).toBe(5)
    expect(await credentials.get('c')).toMatchObject({ state: 'drifted', drifted: 5 })
    expect((await problemOf(credentials.sync('c', { who: 'ann' }))).id).toBe('sink.directory')
    expect(await readFile(at('token'), 'utf8')).toBe('edited by hand\n')

    await rm(at('other.env'), { recursive: true })
    const synced = await credentials.sync('c', { who: 'ann' })

    expect(synced.drifted).toBe(0)
    expect(await readFile(at('token'), 'utf8')).toBe(`${token}\n`)
  })

  it('writes one sink alone when one is named', async () => {
    await using folder = await temporaryFolder()
    const { credentials, stack } = await openTestVault(folder.path)
    const [a, b] = [path.join(stack, 'a'), path.join(stack, 'b')]
    const sinks = [a, b].map((file) => ({ type: 'file' as const, path: file }))
    const made = await credentials.create({ id: 'c', scheme: 'token', token: 'tok-en', sinks }, 'ann')
    await writeFile(a, 'x')
    await writeFile(b, 'y')

    const drift = await credentials.sync('c', { sinkId: made.sinks[0]?.id ?? '', who: 'ann' })

    expect(drift.drifted).toBe(1)
    expect([await readFile(a, 'utf8'), await readFile(b, 'utf8')]).toEqual(['tok-en', 'y'])
    expect((await problemOf(credentials.sync('c', { sinkId: 'none', who: 'ann' }))).id).toBe('sink.not-found')
  })
})

describe('what is written down', () => {
  it('has every change with its fingerprint, and no secret anywhere but in the sinks', async () => {
    await using folder = await temporaryFolder()
    const { credentials, stack, paths } = await openTestVault(folder.path)
    await credentials.create(
      {
        id: 'c',
        scheme: 'basic',
        password: 'very-own-password',
        sinks: [{ type: 'file', path: path.join(stack, 'p') }],
      },
      'ann',
    )
    await credentials.reveal('c', 'eve')
    const refused = await problemOf(credentials.create({ id: 'd', scheme: 'basic', password: 'bad:very-own' }, 'ann'))

    const history = await credentials.history('c', 10)

    expect(history.map(({ action, who }) => [action, who])).toEqual([
      ['credential.revealed', 'eve'],
      ['sink.written', 'ann'],
      ['credential.created', 'ann'],
    ])
    expect(history[0]?.details).toEqual({ fingerprint: fingerprint('very-own-password') })
    expect(await credentials.history('c', 1)).toHaveLength(1)
    expect(await everythingIn(paths.root)).not.toContain('very-own')
    expect(JSON.stringify(refused) + (refused.stack ?? '')).not.toContain('very-own')
  })
})
