import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { hash } from 'bcryptjs'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'
import { openTestVault, problemOf } from '../vault/support'

type TestVault = Awaited<ReturnType<typeof openTestVault>>

async function withSink(folder: string) {
  const opened = await openTestVault(folder)
  const file = path.join(opened.stack, '.env')
  const { sinks } = await opened.credentials.create(
    {
      id: 'one',
      scheme: 'basic',
      password: 'in-the-vault',
      sinks: [{ type: 'env', path: file, key: 'ONE', field: 'password' }],
    },
    'ann',
  )
  return { ...opened, file, sinkId: sinks[0]?.id ?? '' }
}

const lastState = ({ events }: Pick<TestVault, 'events'>) => {
  const last = events.findLast((event) => event.type === 'credential')
  return last?.type === 'credential' ? last.credential.state : null
}

describe('a sink that other hands change', () => {
  it.each<[string, (file: string) => Promise<void>]>([
    ['edited in place', (file) => writeFile(file, "ONE='another'\n")],
    ['removed', (file) => rm(file)],
    [
      'replaced by an editor',
      async (file) => {
        await writeFile(`${file}.new`, 'ONE=another\n')
        await rename(`${file}.new`, file)
      },
    ],
  ])('shows as drifted by itself when it is %s, and as in sync when it is put back', async (_, change) => {
    await using folder = await temporaryFolder()
    const { vault, events, file } = await withSink(folder.path)
    const good = await readFile(file)
    await change(file)
    await until('the drift to be told', () => lastState({ events }) === 'drifted', 5_000)
    await writeFile(file, good)
    await until('the end of it to be told', () => lastState({ events }) === 'in-sync', 5_000)
    await vault.close()
  })

  it('is watched from the moment that it is added, and no longer after it was removed', async () => {
    await using folder = await temporaryFolder()
    const { vault, credentials, events, stack, file } = await withSink(folder.path)
    await mkdir(path.join(stack, 'far'))
    const other = path.join(stack, 'far', 'token.txt')
    await credentials.update({ id: 'one', sinks: [{ type: 'file', path: other, field: 'password' }] }, 'ann')
    await writeFile(other, 'another')
    await until('the drift to be told', () => lastState({ events }) === 'drifted', 5_000)
    await credentials.sync('one', { who: 'ann' })
    const told = events.length
    await writeFile(file, 'ONE=whatever\n')
    await writeFile(other, 'once more')
    await until('the second drift to be told', () => lastState({ events }) === 'drifted', 5_000)
    expect(events.slice(told).every((event) => event.type === 'credential')).toBe(true)
    await vault.close()
  })
})

describe('adopting what a sink says', () => {
  it('makes it the vault’s value, and leaves the other files as they are', async () => {
    await using folder = await temporaryFolder()
    const { vault, credentials, file, sinkId, audit, redactor } = await withSink(folder.path)
    await writeFile(file, 'ONE=by-hand-1234\n')

    const adopted = await credentials.adopt({ id: 'one', sinkId, who: 'bob' })

    expect(adopted).toMatchObject({ state: 'in-sync', version: 2 })
    expect(await credentials.withSecret('one', ({ password }) => password)).toBe('by-hand-1234')
    expect(await readFile(file, 'utf8')).toBe('ONE=by-hand-1234\n')
    expect((await audit.history('one', 1))[0]).toMatchObject({ action: 'credential.adopted', who: 'bob' })
    expect(redactor.redact('by-hand-1234 in-the-vault')).not.toMatch(/hand|vault/)
    await vault.close()
  })

  it('keeps a ComfyUI-Login password only where it belongs to the adopted hash', async () => {
    await using folder = await temporaryFolder()
    const { vault, credentials, stack } = await openTestVault(folder.path)
    const file = path.join(stack, 'PASSWORD')
    const { sinks } = await credentials.create(
      {
        id: 'login',
        scheme: 'comfyui-login',
        password: 'first-password',
        sinks: [{ type: 'comfyui-login', path: file }],
      },
      'ann',
    )
    const sinkId = sinks[0]?.id ?? ''
    await writeFile(file, `${await hash('first-password', 4)}\nregie`)
    await credentials.adopt({ id: 'login', sinkId, who: 'ann' })
    expect(await credentials.withSecret('login', ({ password }) => password)).toBe('first-password')
    await writeFile(file, `${await hash('another-password', 4)}\nregie`)
    await credentials.adopt({ id: 'login', sinkId, who: 'ann' })
    expect(await credentials.withSecret('login', ({ password }) => password)).toBeNull()
    await vault.close()
  })

  it.each<[string, string | null, string]>([
    ['nothing', null, 'sink.missing'],
    ['an empty value', 'ONE=\n', 'sink.nothing-to-adopt'],
    ['what Compose 2 would cut short', 'ONE=$2b$12$Ivabcdef\n', 'sink.mangled'],
  ])('refuses %s, and changes nothing', async (_, content, problem) => {
    await using folder = await temporaryFolder()
    const { vault, credentials, file, sinkId } = await withSink(folder.path)
    if (content === null) await rm(file)
    else await writeFile(file, content)
    expect((await problemOf(credentials.adopt({ id: 'one', sinkId, who: 'eve' }))).id).toBe(problem)
    expect(await credentials.withSecret('one', ({ password }) => password)).toBe('in-the-vault')
    await vault.close()
  })

  it('takes in what Forge would split as it is, and marks it: it is in use', async () => {
    await using folder = await temporaryFolder()
    const { vault, credentials, file, sinkId } = await withSink(folder.path)
    await writeFile(file, 'ONE=a,b\n')
    const credential = await credentials.adopt({ id: 'one', sinkId, who: 'eve' })
    expect(credential.unusable).toMatchObject({ field: 'password', reason: { problem: 'credential.separator' } })
    expect(JSON.stringify(credential)).not.toContain('a,b')
    expect(await credentials.withSecret('one', ({ password }) => password)).toBe('a,b')
    await vault.close()
  })
})
