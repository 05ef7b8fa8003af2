import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { releaseKey } from '../../../electron/build.mjs'
import { readReleaseKey } from '../../../electron/releases'
import { checkSignature } from '../../../electron/releases/description'
import { offeredBy, type Asking } from '../../../electron/releases/feed'
import { nameOfFile, packagingOf, type Target } from '../../../electron/releases/target'
import {
  aKey,
  describeRelease,
  feedOf,
  keyText,
  openTestReleases,
  signatureOf,
  signedFeed,
  windows,
} from '../../support/releases'

const { publicKey, privateKey } = aKey()
const ask = (feed: string, more: Partial<Asking> = {}) =>
  offeredBy({
    ...{ feed, channel: 'latest', place: 50, current: '0.7.0', target: windows, key: publicKey, newest: null },
    ...{ signal: AbortSignal.timeout(15_000), ...more },
  })
const serve = (description: string, signature: string) =>
  feedOf({ 'latest.yml': description, 'latest.yml.sig': signature })

describe('a signed description', () => {
  it('offers the file that installs here, beside the feed', async () => {
    const text = describeRelease('0.8.0')
    const { feed } = await serve(text, `${signatureOf(text, privateKey)}\n`)
    expect(await ask(feed)).toMatchObject({ version: '0.8.0', signed: true, file: { size: 300_000 } })
    expect((await ask(feed))?.file?.url.href).toBe(`${feed}/Regie%20Setup.exe`)
  })

  it.each([
    ['of other bytes', () => signatureOf(describeRelease('0.8.1'), privateKey)],
    ['of the same text with another end', () => signatureOf(`${describeRelease('0.8.0')}\n`, privateKey)],
    ['of another key', () => signatureOf(describeRelease('0.8.0'), aKey().privateKey)],
    ['that is nothing', () => ''],
    ['that is zeros', () => Buffer.alloc(64).toString('base64')],
    ['that is a page', () => '<html>Sign in</html>'],
    ['that was cut', () => signatureOf(describeRelease('0.8.0'), privateKey).slice(0, 40)],
    ['with something behind it', () => `${signatureOf(describeRelease('0.8.0'), privateKey)}AAAA`],
  ])('with a signature %s is refused', async (_, signature) => {
    const { feed } = await serve(describeRelease('0.8.0'), signature())
    await expect(ask(feed)).rejects.toMatchObject({ why: 'signature' })
  })

  it('that lost its signature is told, and nothing of it fetched', async () => {
    const { feed } = await feedOf({ 'latest.yml': describeRelease('0.8.0') })
    expect(await ask(feed)).toEqual({ version: '0.8.0', signed: false, file: null })
  })

  it('is told, and nothing of it fetched, by a build without a key', async () => {
    const text = describeRelease('0.8.0')
    const { feed, asked } = await serve(text, signatureOf(text, privateKey))
    expect(await ask(feed, { key: null })).toEqual({ version: '0.8.0', signed: false, file: null })
    expect(asked).toEqual(['latest.yml'])
  })

  it.each(['0.7.0', '0.6.9', '0.7.0-beta.9'])('of %s leads nobody back from 0.7.0', async (version) => {
    const text = describeRelease(version)
    const { feed } = await serve(text, signatureOf(text, privateKey))
    if (version.includes('-')) await expect(ask(feed)).rejects.toMatchObject({ why: 'channel' })
    expect(await ask(feed, { channel: 'beta' }).catch(() => null)).toBeNull()
  })

  it('that is older than one that this feed has offered is refused, though it is newer than what runs', async () => {
    const text = describeRelease('0.8.0')
    const { feed } = await serve(text, signatureOf(text, privateKey))
    await expect(ask(feed, { newest: '0.8.1' })).rejects.toMatchObject({ why: 'replayed' })
    expect(await ask(feed, { newest: '0.8.0' })).toMatchObject({ version: '0.8.0' })
  })

  it.each([
    '../Regie.exe',
    '/Regie.exe',
    'a/Regie.exe',
    String.raw`..\Regie.exe`,
    'https://evil.example/Regie.exe',
    '//evil.example/Regie.exe',
    'http://127.0.0.1:9/Regie.exe',
    '%2e%2e/Regie.exe',
    'Regie.exe?x=1',
    'Regie..exe',
    '.Regie.exe',
    'C:Regie.exe',
    'Regie\u0000.exe',
  ])('that names its file %j is refused', async (url) => {
    const text = describeRelease('0.8.0', { url })
    const { feed } = await serve(text, signatureOf(text, privateKey))
    await expect(ask(feed)).rejects.toMatchObject({ why: 'file' })
  })

  it('is read no further than its limit, nor is its signature', async () => {
    const { feed } = await serve(describeRelease('0.8.0', { more: `notes: ${'x'.repeat(70_000)}\n` }), '')
    await expect(ask(feed)).rejects.toMatchObject({ why: 'too-long' })
    const other = await serve(describeRelease('0.8.0'), 'A'.repeat(70_000))
    await expect(ask(other.feed)).rejects.toMatchObject({ why: 'too-long' })
  })

  it('with aliases is refused, signed or not', async () => {
    const text = `a: &a [x, x]\nversion: *a\n`
    const { feed } = await serve(text, signatureOf(text, privateKey))
    await expect(ask(feed)).rejects.toMatchObject({ why: 'unreadable' })
  })

  it('is not asked for where a redirect leads', async () => {
    const { feed } = await feedOf({
      'latest.yml': describeRelease('0.8.0'),
      'latest.yml.sig': (_, response) => response.writeHead(302, { location: 'https://evil.example/' }).end(),
    })
    await expect(ask(feed)).rejects.toMatchObject({ why: 'redirect' })
  })

  it('is remembered over restarts, so that an older one is refused then', async () => {
    const { feed, files, privateKey: key, publicKey: known } = await signedFeed('0.8.1')
    const first = await openTestReleases({ feed, key: known })
    await first.releases.look()
    const old = describeRelease('0.8.0')
    Object.assign(files, { 'latest.yml': old, 'latest.yml.sig': signatureOf(old, key) })
    const { releases } = await openTestReleases({ feed, key: known, folder: first.folder })
    await releases.look()
    expect(releases.read()).toMatchObject({ offer: null, refused: { params: { detail: 'replayed' } } })
  })
})

describe('a key', () => {
  it('of openssl signs what Regie believes', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'regie-sign-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const at = (name: string) => path.join(folder, name)
    const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
    openssl('genpkey', '-algorithm', 'ed25519', '-out', at('key.pem'))
    openssl('pkey', '-in', at('key.pem'), '-pubout', '-out', at('key.pub'))
    writeFileSync(at('latest.yml'), describeRelease('0.8.0'))
    openssl('pkeyutl', '-sign', '-rawin', '-inkey', at('key.pem'), '-in', at('latest.yml'), '-out', at('raw'))
    openssl('base64', '-A', '-in', at('raw'), '-out', at('latest.yml.sig'))

    const [, line = ''] = readFileSync(at('key.pub'), 'utf8').split('\n')
    const key = readReleaseKey(line)
    expect(releaseKey(line)).toBe(line)
    expect(() => checkSignature(readFileSync(at('latest.yml')), readFileSync(at('latest.yml.sig')), key)).not.toThrow()
    expect(() => checkSignature(Buffer.from('other'), readFileSync(at('latest.yml.sig')), key)).toThrow()
  })

  it('that is none breaks the build', () => {
    const x25519 = 'MCowBQYDK2VuAyEAhSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo='
    expect(() => releaseKey(x25519)).toThrow('no Ed25519 key')
    expect(() => readReleaseKey(x25519)).toThrow('no Ed25519 key')
    expect(() => releaseKey('nonsense')).toThrow()
    expect([releaseKey(''), releaseKey(' '), releaseKey(keyText(publicKey))]).toEqual([null, null, keyText(publicKey)])
  })
})

describe('the file that installs here', () => {
  const named = (...names: string[]) => names.map((url) => ({ url, sha512: '', size: 1 }))
  const of = (platform: NodeJS.Platform, arch: string, packaging: Target['packaging']): Target => ({
    platform,
    arch,
    packaging,
  })

  it('is told by how Regie was installed, and by the processor', () => {
    const linux = named('Regie-0.8.0.AppImage', 'regie_0.8.0_amd64.deb', 'regie-0.8.0.x86_64.rpm')
    expect(nameOfFile(linux, of('linux', 'x64', 'AppImage'))).toBe('Regie-0.8.0.AppImage')
    expect(nameOfFile(linux, of('linux', 'x64', 'rpm'))).toBe('regie-0.8.0.x86_64.rpm')
    const mac = named('Regie-0.8.0-arm64.dmg', 'Regie-0.8.0.dmg')
    expect(nameOfFile(mac, of('darwin', 'arm64', 'dmg'))).toBe('Regie-0.8.0-arm64.dmg')
    expect(nameOfFile(mac, of('darwin', 'x64', 'dmg'))).toBe('Regie-0.8.0.dmg')
    expect(nameOfFile(mac.slice(0, 1), of('darwin', 'x64', 'dmg'))).toBeNull()
    expect(nameOfFile(linux, of('linux', 'x64', null))).toBeNull()
  })

  it('is nobody’s for a clone', () => {
    const packed = { env: {}, isPackaged: true, packageType: null }
    expect(packagingOf('win32', packed)).toBe('exe')
    expect(packagingOf('darwin', packed)).toBe('dmg')
    expect(packagingOf('linux', { ...packed, env: { APPIMAGE: '/opt/Regie.AppImage' } })).toBe('AppImage')
    expect(packagingOf('linux', { ...packed, env: { APPIMAGE: 'Regie.AppImage' } })).toBeNull()
    expect(packagingOf('linux', { ...packed, packageType: 'deb' })).toBe('deb')
    expect(packagingOf('linux', { ...packed, packageType: 'snap' })).toBeNull()
    expect(packagingOf('win32', { ...packed, isPackaged: false })).toBeNull()
  })
})
