import { readFile } from 'node:fs/promises'
import { fileErrorCode } from '../storage/files'
import { passphraseKeeper } from '../vault/keepers'
import { parseVaultFile } from '../vault/vault-file'

/**
 * Makes sure that a passphrase opens the vault in a file, or that there is none yet: the first start then makes one of
 * it. Throws `vault.wrong-key`, and an Error for the person where the vault is opened in another way.
 */
export async function checkPassphrase(file: string, passphrase: string): Promise<void> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return
    throw error
  }
  const { key } = parseVaultFile(text)
  if (key.keeper === 'keychain')
    throw new Error(
      "This vault is opened by the desktop application's keychain. Give it a passphrase first: Settings → Vault.",
    )
  if (key.keeper === 'key-file') throw new Error('A demo is opened by its own file: install it with --demo.')
  await passphraseKeeper(passphrase).unwrap(key)
}
