import type { SafeStorage } from 'electron'
import type { Keychain } from '../vault/keepers'

type Storage = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>

/**
 * What Chromium puts before a text on Linux that it "encrypts" with a key known to everybody, where there is no
 * secret service (components/os_crypt/async/browser/fallback_linux_key_provider.cc).
 */
const publicKeyTag = 'v10'

/**
 * The operating system's keychain, or null where it protects nothing: then a passphrase is asked for instead. On
 * Linux both the named backend and a probe are looked at, because either may fall back to the public key.
 * Call after the app is ready.
 */
export async function openKeychain(storage: Storage, platform: NodeJS.Platform): Promise<Keychain | null> {
  if (!(await storage.isAsyncEncryptionAvailable())) return null
  if (platform === 'linux' && (await fallsBackToPublicKey(storage))) return null
  return {
    encrypt: (text) => storage.encryptStringAsync(text),
    // Electron's advice to encrypt anew, after the system has replaced its key.
    decrypt: async (sealed) => {
      const { result, shouldReEncrypt } = await storage.decryptStringAsync(sealed)
      return { text: result, outdated: shouldReEncrypt }
    },
  }
}

async function fallsBackToPublicKey(storage: Storage): Promise<boolean> {
  const backend = storage.getSelectedStorageBackend()
  if (backend === 'basic_text' || backend === 'unknown') return true
  const probe = await storage.encryptStringAsync('probe')
  return probe.subarray(0, publicKeyTag.length).toString('latin1') === publicKeyTag
}
