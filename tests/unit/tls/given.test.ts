import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { Problem } from '../../../shared/problems'
import { openAuthority, readGiven } from '../../../electron/tls'
import { keepCertificate } from '../../../electron/tls/keeping'
import { serverName } from '../../../electron/tls/names'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

const day = 86_400_000

/** A certificate and its key in two files, as a person has them. */
async function files(folder: string, name: string, from = Date.now()) {
  const authority = await openAuthority({
    ...{ folder: path.join(folder, name), machine: 'workstation', now: () => from },
    auditFirst: () => Promise.resolve(),
  })
  await authority.create([], 'owner')
  const { cert, key } = await authority.certificateFor([serverName('localhost'), serverName('127.0.0.1')])
  const at = { cert: path.join(folder, `${name}.crt`), key: path.join(folder, `${name}.key`) }
  await writeFile(at.cert, cert)
  await writeFile(at.key, key)
  return at
}

it('a person’s own certificate is read with its names and its end', async () => {
  await using folder = await temporaryFolder()
  const read = await readGiven(await files(folder.path, 'own'))

  expect(read.names).toEqual([
    { type: 'dns', value: 'localhost' },
    { type: 'ip', value: '127.0.0.1' },
  ])
  expect(Math.round((read.expiresAt - Date.now()) / day)).toBe(90)
})

it('each thing that is wrong with it is told, and nothing of the key', async () => {
  await using folder = await temporaryFolder()
  const [own, other, old] = [
    await files(folder.path, 'own'),
    await files(folder.path, 'other'),
    await files(folder.path, 'old', Date.now() - 200 * day),
  ]
  const problemOf = async (given: typeof own) => {
    const problem = await readGiven(given).then(
      () => null,
      (error: unknown) => error,
    )
    expect(JSON.stringify(problem)).not.toContain((await readFile(own.key, 'utf8')).split('\n')[1])
    return problem instanceof Problem ? problem.id : problem
  }

  expect(await problemOf({ ...own, key: other.key })).toBe('tls.key-of-another')
  expect(await problemOf({ ...own, key: own.cert })).toBe('tls.not-a-key')
  expect(await problemOf({ ...own, cert: own.key })).toBe('tls.not-a-certificate')
  expect(await problemOf({ ...own, cert: path.join(folder.path, 'none.crt') })).toBe('tls.file-unreadable')
  expect(await problemOf({ ...own, cert: folder.path })).toBe('tls.file-unreadable')
  expect(await problemOf(old)).toBe('tls.expired')
  if (process.platform !== 'win32')
    expect(await problemOf({ cert: '/dev/zero', key: '/dev/zero' }), 'what never ends').toBe('tls.file-unreadable')
})

it('another one in its place is used; while that is wrong the last one goes on, and it is told', async () => {
  await using folder = await temporaryFolder()
  const given = await files(folder.path, 'own')
  const next = await files(folder.path, 'next')
  const [used, problems]: [string[], (string | null)[]] = [[], []]
  const kept = await keepCertificate({
    source: { make: () => readGiven(given), madeOf: () => '', isReadEachTime: true },
    changed: ({ cert }) => used.push(cert),
    failed: (problem) => problems.push(problem?.id ?? null),
    reportBug: (error) => {
      throw error
    },
    intervalMs: 5,
  })
  kept.begin()
  const first = kept.current().cert
  await writeFile(given.cert, await readFile(next.cert))
  await until('the new certificate without its key to be refused', () => problems.includes('tls.key-of-another'))
  expect(kept.current().cert).toBe(first)
  await writeFile(given.key, await readFile(next.key))
  await until('the new certificate to be used', () => used.length > 0)
  expect(kept.current().cert).toBe(await readFile(next.cert, 'utf8'))
  expect(problems.at(-1)).toBeNull()
  kept.close()
})

it('one of Regie’s own is made anew before it ends, and when its names change', async () => {
  let now = 0
  let names = 'a'
  const made: number[] = []
  const kept = await keepCertificate({
    source: {
      make: () => Promise.resolve({ cert: `${names} ${now}`, key: '', names: [], expiresAt: now + 90 * day }),
      madeOf: () => names,
      isReadEachTime: false,
    },
    changed: () => made.push(now),
    failed: () => undefined,
    reportBug: (error) => {
      throw error
    },
    now: () => now,
    intervalMs: 2,
  })
  kept.begin()
  now = 59 * day
  names = 'b'
  await until('one of the new names', () => made.length === 1)
  now += 61 * day
  await until('one that lasts longer', () => made.length === 2)
  expect(made).toEqual([59 * day, 120 * day])
  kept.close()
})
