import fc from 'fast-check'
import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import https from 'node:https'
import path from 'node:path'
import tls from 'node:tls'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { openAuthority, type ServerCertificate } from '../../../electron/tls'
import { isPermitted, permittedFor, serverName } from '../../../electron/tls/names'
import { temporaryFolder } from '../../support/programs'

const run = promisify(execFile)
const hasOpenssl = spawnSync('openssl', ['version']).error === undefined
const machine = 'workstation'
const audited: { action: string; details: Record<string, string> }[] = []
const auditFirst = (entry: (typeof audited)[number]) => {
  audited.push(entry)
  return Promise.resolve()
}
const open = (folder: string, now?: () => number) => openAuthority({ folder, machine, auditFirst, ...(now && { now }) })
const names = (...all: string[]) => all.map(serverName)

/** Whether a client that trusts the authority is content with a server that calls itself `host`. */
async function handshake({ cert, key }: ServerCertificate, ca: string, host: string): Promise<string> {
  const server = https.createServer({ cert, key }, (_, response) => response.end('here'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  try {
    return await new Promise((resolve) => {
      // Without a server name it is the address that is checked.
      const named = host === '127.0.0.1' ? {} : { servername: host }
      const socket = tls.connect({ port, host: '127.0.0.1', ca, ...named }, () => {
        resolve('trusted')
        socket.destroy()
      })
      socket.on('error', (error: Error) => resolve(error.message))
    })
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

describe('Regie’s own authority', () => {
  it('is trusted for the names that it may vouch for, by address too', async () => {
    await using folder = await temporaryFolder()
    const authority = await open(folder.path)
    await authority.create(['studio.example.org'], 'owner')
    const ca = authority.certificate()
    const certificate = await authority.certificateFor(
      names('localhost', '127.0.0.1', 'qwen.localhost', 'studio.example.org'),
    )

    for (const host of ['localhost', '127.0.0.1', 'qwen.localhost', 'studio.example.org'])
      expect(await handshake(certificate, ca, host)).toBe('trusted')
    expect(await handshake(certificate, ca, 'workstation')).toContain('does not match')
  })

  it('refuses to vouch for anything else, and no client would believe it', async () => {
    await using folder = await temporaryFolder()
    const authority = await open(folder.path)
    await authority.create([], 'owner')

    await expect(authority.certificateFor(names('bank.example'))).rejects.toMatchObject({
      id: 'tls.name-not-permitted',
    })
    await expect(authority.certificateFor(names('8.8.8.8'))).rejects.toMatchObject({ id: 'tls.name-not-permitted' })

    // Somebody who has the key and leaves the check out: the constraint stands in what people trust.
    const { certificate, key } = JSON.parse(await readFile(path.join(folder.path, 'authority.json'), 'utf8')) as Record<
      'certificate' | 'key',
      string
    > // written by the authority itself
    await using elsewhere = await temporaryFolder()
    const permitted = { dns: ['bank.example'], ip: [] }
    await writeFile(path.join(elsewhere.path, 'authority.json'), JSON.stringify({ certificate, key, permitted }))
    const stolen = await open(elsewhere.path)
    const forged = await stolen.certificateFor(names('bank.example'))
    expect(await handshake(forged, certificate, 'bank.example')).toBe('permitted subtree violation')
  })

  it.skipIf(!hasOpenssl)('is what openssl calls a well-formed chain, for 90 days', async () => {
    await using folder = await temporaryFolder()
    const authority = await open(folder.path)
    const { fingerprint } = await authority.create([], 'owner')
    const { cert, expiresAt } = await authority.certificateFor(names('workstation', '192.168.1.20', '::1'))
    const [ca, own] = [path.join(folder.path, 'ca.pem'), path.join(folder.path, 'own.pem')]
    await writeFile(ca, authority.certificate())
    await writeFile(own, cert)

    const byAddress = await authority.certificateFor(names('127.0.0.1'))
    expect(await handshake(byAddress, authority.certificate(), '127.0.0.1')).toBe('trusted')
    const { stdout } = await run('openssl', ['verify', '-x509_strict', '-CAfile', ca, own])
    expect(stdout).toContain('OK')
    const shown = await run('openssl', [
      'x509',
      '-in',
      ca,
      '-noout',
      '-fingerprint',
      '-sha256',
      '-ext',
      'nameConstraints',
    ])
    expect(shown.stdout).toContain(fingerprint)
    expect(shown.stdout).toContain('critical')
    expect(Math.round((expiresAt - Date.now()) / 86_400_000)).toBe(90)
  })

  it('stays over a restart, in a file for its owner alone, and is audited without its key', async () => {
    await using folder = await temporaryFolder()
    const before = await (await open(folder.path)).create([], 'owner')
    const again = await open(folder.path)

    expect(again.status()).toEqual(before)
    expect((await stat(path.join(folder.path, 'authority.json'))).mode & 0o077).toBe(0)
    expect(audited.at(-1)).toMatchObject({ action: 'tls.authority-made', details: { fingerprint: before.fingerprint } })
    expect(JSON.stringify(audited)).not.toContain('PRIVATE')
  })

  it('says that it cannot be read, certifies nothing then, and is kept when a new one is made', async () => {
    await using folder = await temporaryFolder()
    await (await open(folder.path)).create([], 'owner')
    const file = path.join(folder.path, 'authority.json')
    const broken = (await readFile(file, 'utf8')).replace('BEGIN PRIVATE', 'BEGIN BROKEN')
    await writeFile(file, broken)
    const authority = await open(folder.path)

    expect(authority.status()).toMatchObject({ state: 'unreadable', fingerprint: null })
    expect(() => authority.certificate()).toThrow('cannot be read')
    await expect(authority.certificateFor(names('localhost'))).rejects.toMatchObject({ id: 'tls.authority-unreadable' })
    expect(await authority.create([], 'owner')).toMatchObject({ state: 'ready' })
    const kept = (await readdir(folder.path)).find((name) => name.includes('unreadable'))
    expect(await readFile(path.join(folder.path, kept ?? ''), 'utf8')).toBe(broken)
  })
})

describe('names of servers', () => {
  it.each(['https://host', 'host:8188', 'a b', '-a', '', 'under_score', '1.2.3.4/8', 'a..b', '*.localhost'])(
    '%j is none',
    (text) => {
      expect(() => serverName(text)).toThrow('neither a host name nor an address')
    },
  )

  it('are permitted below a domain and inside a range, and nowhere else', () => {
    const permitted = permittedFor('workstation', ['studio.example.org', '203.0.113.7'])
    for (const name of [
      'localhost',
      'a.localhost',
      'workstation',
      'nas.lan',
      'studio.example.org',
      '10.1.2.3',
      '203.0.113.7',
      '::1',
      'fd00::1',
    ])
      expect(isPermitted(serverName(name), permitted), name).toBe(true)
    for (const name of ['notlocalhost', 'example.org', 'myworkstation', '203.0.113.8', '172.32.0.1', '2001:db8::1'])
      expect(isPermitted(serverName(name), permitted), name).toBe(false)
  })

  it('leave out what no certificate can hold of a machine’s own name', () => {
    expect(permittedFor('my_pc', []).dns).not.toContain('my_pc')
  })

  it('never take a name outside its domains', () => {
    const permitted = permittedFor('workstation', [])
    fc.assert(
      fc.property(fc.domain(), (domain) => {
        const isWithin = permitted.dns.some((one) => domain === one || domain.endsWith(`.${one}`))
        expect(isPermitted({ type: 'dns', value: domain }, permitted)).toBe(isWithin)
      }),
    )
  })
})
