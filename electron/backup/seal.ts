import type { Recipient, Stanza } from 'age-encryption'
import { open } from 'node:fs/promises'
import { Problem } from '../../shared/problems'
import { installationPattern } from './names'
import { passphraseIdentity, passphraseRecipient } from './scrypt'

/** What opens a backup: the passphrase that was set, or an age identity (`AGE-SECRET-KEY-1…`). */
export type BackupKey = { passphrase: string } | { identity: string }

/** For whom backups are sealed. No secret is in it, so that they are made with nobody there. */
export interface Seal {
  /** `age1…`: of a person's own identity, or of the one that the passphrase opens. */
  recipient: string
  /** The identity of that recipient, sealed for the passphrase: an age file. Null where a person keeps it. */
  identity: Buffer | null
}

/** What the head of a backup tells without any key. */
export interface SealedHead {
  installation: string
  at: number
  /** As in `Seal`. */
  identity: Buffer | null
}

/** The line of age's header that is Regie's; age itself passes over what it does not know. */
const stanzaType = 'regie.backup/1'

/** No header is longer: what a stranger's file says is not read for ever. In bytes. */
const longestHead = 16 * 1024

/** Loaded at its first use: its curves are some megabytes of numbers, and a start seals nothing. */
const loadAge = () => import('age-encryption')

const damaged = (cause?: unknown) => new Problem('backup.damaged', {}, { cause })

/** Throws `backup.recipient` for what is no age recipient of the usual kind. */
export async function checkRecipient(recipient: string): Promise<void> {
  const { Encrypter } = await loadAge()
  try {
    const encrypter = new Encrypter()
    encrypter.addRecipient(recipient)
    await encrypter.encrypt('')
  } catch (error) {
    throw new Problem('backup.recipient', {}, { cause: error })
  }
}

/** Makes an identity that this passphrase alone opens, and proves that it does. */
export async function sealForPassphrase(passphrase: string, logN?: number): Promise<Seal> {
  const { Encrypter, generateX25519Identity, identityToRecipient } = await loadAge()
  const secret = await generateX25519Identity()
  const recipient = await identityToRecipient(secret)
  const encrypter = new Encrypter()
  encrypter.addRecipient(passphraseRecipient(passphrase, logN))
  const identity = Buffer.from(await encrypter.encrypt(`${secret}\n`))
  if ((await openIdentity(identity, passphrase)) !== secret) throw damaged()
  return { recipient, identity }
}

/** The identity that a passphrase opens. Throws `backup.wrong-key`, `backup.key-cost`. */
async function openIdentity(sealed: Buffer, passphrase: string): Promise<string> {
  const { Decrypter } = await loadAge()
  const decrypter = new Decrypter()
  decrypter.addIdentity(passphraseIdentity(passphrase))
  try {
    return (await decrypter.decrypt(sealed, 'text')).trim()
  } catch (error) {
    throw error instanceof Problem ? error : new Problem('backup.wrong-key', {}, { cause: error })
  }
}

const headStanza = ({ installation, at, identity }: SealedHead, Made: typeof Stanza): Recipient => ({
  wrapFileKey: () => [new Made([stanzaType, installation, String(at)], identity ?? new Uint8Array())],
})

/** A key for one file alone, which nobody keeps: what was just made is opened with it, though nobody is there. */
export async function onceKey(): Promise<{ recipient: string; key: BackupKey }> {
  const { generateX25519Identity, identityToRecipient } = await loadAge()
  const identity = await generateX25519Identity()
  return { recipient: await identityToRecipient(identity), key: { identity } }
}

/** Seals what is read, for the recipient and for whoever holds the key of `also`. */
export async function sealed(
  plain: ReadableStream<Uint8Array>,
  { head, recipient, also }: { head: SealedHead; recipient: string; also: string },
): Promise<ReadableStream<Uint8Array>> {
  const { Encrypter, Stanza: Made } = await loadAge()
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  encrypter.addRecipient(also)
  encrypter.addRecipient(headStanza(head, Made))
  return encrypter.encrypt(plain)
}

/** A file, piece by piece as it is asked for. */
function piecesOf(file: string, most = Number.POSITIVE_INFINITY): ReadableStream<Uint8Array> {
  let handle: Awaited<ReturnType<typeof open>> | null = null
  let left = most
  const end = async () => {
    await handle?.close()
    handle = null
  }
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      handle ??= await open(file)
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(256 * 1024, left)), 0, null, null)
      left -= bytesRead
      if (bytesRead > 0) controller.enqueue(buffer.subarray(0, bytesRead))
      if (bytesRead > 0 && left > 0) return
      await end()
      controller.close()
    },
    cancel: end,
  })
}

function headOf(stanzas: readonly Stanza[]): SealedHead | null {
  const stanza = stanzas.find(({ args }) => args[0] === stanzaType)
  const [, installation = '', at = ''] = stanza?.args ?? []
  if (!stanza || !installationPattern.test(installation) || !/^\d{1,15}$/.test(at)) return null
  return { installation, at: Number(at), identity: stanza.body.length === 0 ? null : Buffer.from(stanza.body) }
}

/** What a backup's head tells; null for a file that is none of Regie's. Throws the file system's error. */
export async function readHead(file: string): Promise<SealedHead | null> {
  const { Decrypter } = await loadAge()
  const seen: { head: SealedHead | null } = { head: null }
  const decrypter = new Decrypter()
  decrypter.addIdentity({
    unwrapFileKey(stanzas) {
      seen.head = headOf(stanzas)
      return null
    },
  })
  // It never opens anything: what it throws is either that, or what the file system says, or that it is no age file.
  await decrypter.decrypt(piecesOf(file, longestHead)).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error) throw error
  })
  return seen.head
}

/** The text of a person's identity file, as `age-keygen` writes it, or of its one line that counts. */
function identityIn(text: string): string {
  const line = text.split(/\r?\n/).find((each) => each.trim().startsWith('AGE-SECRET-KEY-1'))
  if (line === undefined) throw new Problem('backup.wrong-key')
  return line.trim()
}

/**
 * What a backup holds, opened. Throws `backup.not-one`, `backup.wrong-key`, `backup.key-kind`, `backup.key-cost`; the
 * stream fails where a byte differs: its reader puts `asDamage` around what it does.
 */
export async function opened(file: string, key: BackupKey): Promise<ReadableStream<Uint8Array>> {
  const head = await readHead(file)
  if (head === null) throw new Problem('backup.not-one', { file })
  const { Decrypter } = await loadAge()
  const decrypter = new Decrypter()
  decrypter.addIdentity(await identityOf(head, key))
  try {
    return await decrypter.decrypt(piecesOf(file))
  } catch (error) {
    const isOther = error instanceof Error && error.message.startsWith('no identity matched')
    throw isOther ? new Problem('backup.wrong-key', {}, { cause: error }) : damaged(error)
  }
}

async function identityOf(head: SealedHead, key: BackupKey): Promise<string> {
  if ('identity' in key) return checkedIdentity(identityIn(key.identity))
  if (head.identity === null) throw new Problem('backup.key-kind')
  return openIdentity(head.identity, key.passphrase)
}

async function checkedIdentity(identity: string): Promise<string> {
  const { identityToRecipient } = await loadAge()
  await identityToRecipient(identity).catch(() => {
    // Without its cause, which quotes the identity.
    throw new Problem('backup.wrong-key')
  })
  return identity
}

/** Does what reads an opened stream: what fails there otherwise than by a Problem or the disk is damage to the file. */
export async function asDamage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Problem || (error instanceof Error && 'code' in error && typeof error.code === 'string'))
      throw error
    throw damaged(error)
  }
}
