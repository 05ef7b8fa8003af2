import { describe, expect, it } from 'vitest'
import { openKeychain } from '../../../electron/shell/keychain'

/** Electron's safeStorage as one machine would have it: texts come back with the tag of the key that sealed them. */
const storage = (machine: {
  available?: boolean
  backend?: 'gnome_libsecret' | 'basic_text' | 'unknown'
  tag?: string
  shouldReEncrypt?: boolean
}) => {
  const { available = true, backend = 'gnome_libsecret', tag = 'v11', shouldReEncrypt = false } = machine
  return {
    isAsyncEncryptionAvailable: () => Promise.resolve(available),
    getSelectedStorageBackend: () => backend,
    encryptStringAsync: (text: string) => Promise.resolve(Buffer.from(tag + Buffer.from(text).toString('hex'))),
    decryptStringAsync: (sealed: Buffer) =>
      Promise.resolve({
        result: Buffer.from(sealed.subarray(tag.length).toString(), 'hex').toString(),
        shouldReEncrypt,
      }),
  }
}

describe('the keychain', () => {
  it.each(['linux', 'win32', 'darwin'] as const)('seals and opens on %s', async (platform) => {
    const keychain = await openKeychain(storage({}), platform)

    const sealed = await keychain?.encrypt('a data key')

    expect(sealed?.toString()).not.toContain('a data key')
    expect(await keychain?.decrypt(sealed ?? Buffer.alloc(0))).toEqual({ text: 'a data key', outdated: false })
  })

  it('hands on that what was sealed should be sealed anew', async () => {
    const keychain = await openKeychain(storage({ shouldReEncrypt: true }), 'darwin')
    const sealed = (await keychain?.encrypt('a data key')) ?? Buffer.alloc(0)

    expect(await keychain?.decrypt(sealed)).toEqual({ text: 'a data key', outdated: true })
  })

  it.each([
    ['there is none', { available: false }],
    ['its backend is basic_text', { backend: 'basic_text' as const }],
    ['its backend is unknown', { backend: 'unknown' as const }],
    ['it seals with the key that everybody knows', { tag: 'v10' }],
  ])('is refused on Linux when %s', async (_why, machine) => {
    expect(await openKeychain(storage(machine), 'linux')).toBeNull()
  })

  it('is taken on Windows and macOS whatever their tag, where v10 is the system’s own key', async () => {
    expect(await openKeychain(storage({ tag: 'v10' }), 'win32')).not.toBeNull()
    expect(await openKeychain(storage({ tag: 'v10' }), 'darwin')).not.toBeNull()
  })

  it('is refused anywhere when there is none', async () => {
    expect(await openKeychain(storage({ available: false }), 'win32')).toBeNull()
  })
})
