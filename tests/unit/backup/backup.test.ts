import { createTarPacker } from 'modern-tar'
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { inspect } from 'node:util'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tryOut } from '../../../electron/backup/check'
import { aboutName, manifestName } from '../../../electron/backup/manifest'
import { fileNameOf } from '../../../electron/backup/names'
import { onceKey, readHead, sealed } from '../../../electron/backup/seal'
import { stageRestore } from '../../../electron/backup/restore'
import { finishRestore, readJournal } from '../../../electron/backup/switch'
import { parseVaultFile } from '../../../electron/vault/vault-file'
import { databaseWorkHere } from '../../../electron/storage/database-work'
import { passphraseKeeper } from '../../../electron/vault/keepers'
import { flipped, installation, makeWorld, passphrase, readText, type World } from '../../support/backups'

let world: World
let file: string
beforeAll(async () => {
  world = await makeWorld()
  file = path.join(world.folder, (await world.make()).name)
})
afterAll(() => world[Symbol.asyncDispose]())

const signal = new AbortController().signal
const open = (at: string, key: Parameters<typeof tryOut>[1] = { passphrase }) =>
  tryOut(at, key, {
    paths: world.paths,
    work: world.paths.backupWork,
    signal,
    onBytes: () => undefined,
    databases: databaseWorkHere,
  })
const copyOf = async (bytes: Buffer) => {
  const at = path.join(world.root, 'copy.tar.age')
  await writeFile(at, bytes)
  return at
}

test('a backup opens with its passphrase alone, and holds everything', async () => {
  const { about, manifest, vault, tops } = await open(file)
  expect(about).toMatchObject({ format: 1, installation, withPictures: true, dataFolder: world.paths.root })
  expect(manifest.files.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['data/config.json', 'data/regie.db', 'data/workflows/one/graph v1.json', 'outside/0']),
  )
  expect(manifest.files.map(({ name }) => name)).not.toContain('data/panel.log')
  expect(manifest.outside).toHaveLength(1)
  expect(manifest.sinks).toHaveLength(1)
  expect(vault?.key).toMatch(/^[\w-]{43}$/)
  expect(tops).toEqual(expect.arrayContaining(['people.json', 'regie.db', 'tls', 'workflows']))
  // Nothing of it stays.
  expect(existsSync(world.paths.backupWork)).toBe(false)
})

test('its head tells whose it is, and nothing that is secret', async () => {
  expect(await readHead(file)).toMatchObject({ installation })
  const text = (await readFile(file)).toString('latin1')
  for (const secret of ['config.json', 'a fox in the snow', 'authority', 'AGE-SECRET-KEY'])
    expect(text).not.toContain(secret)
  expect(await readHead(path.join(world.root, 'compose.yaml'))).toBeNull()
})

test('another passphrase opens nothing, nor does another identity', async () => {
  await expect(open(file, { passphrase: 'another' })).rejects.toMatchObject({ id: 'backup.wrong-key' })
  const identity = await generateX25519Identity()
  await expect(open(file, { identity })).rejects.toMatchObject({ id: 'backup.wrong-key' })
  await expect(open(file, { identity: 'AGE-SECRET-KEY-1QQ' })).rejects.toMatchObject({ id: 'backup.wrong-key' })
  await expect(open(path.join(world.root, 'compose.yaml'))).rejects.toMatchObject({ id: 'backup.not-one' })
})

test('a backup for an age identity opens with it alone', async () => {
  const identity = await generateX25519Identity()
  const seal = { recipient: await identityToRecipient(identity), identity: null }
  const { name } = await world.make({ seal, withPictures: false })
  const at = path.join(world.folder, name)
  const { about, tops } = await open(at, { identity: `# created: today\n# public key: x\n${identity}\n` })
  expect(about.withPictures).toBe(false)
  expect(tops).not.toContain('images')
  await expect(open(at)).rejects.toMatchObject({ id: 'backup.key-kind' })
})

test('a flipped byte is found wherever it is', async () => {
  const bytes = await readFile(file)
  const places = Array.from({ length: 24 }, (_, n) => Math.floor((bytes.length - 1) * (n / 23)))
  for (const at of [...places, 30, 60, 200, 400]) {
    const copy = await copyOf(flipped(bytes, at))
    await expect(open(copy), `byte ${at}`).rejects.toMatchObject({ name: 'Problem' })
  }
})

test('a cut file is found wherever it was cut', async () => {
  const bytes = await readFile(file)
  for (const length of [0, 10, 500, 1000, Math.floor(bytes.length / 2), bytes.length - 600, bytes.length - 1])
    await expect(open(await copyOf(bytes.subarray(0, length))), `cut at ${length}`).rejects.toMatchObject({
      name: 'Problem',
    })
})

/** A file that is sealed as a backup is, with what somebody else put into it. */
async function forged(entries: { name: string; text: string; type?: 'symlink' }[]): Promise<string> {
  const { readable, controller } = createTarPacker()
  const write = async () => {
    for (const { name, text, type } of entries) {
      const body = Buffer.from(text)
      const header = { name, size: type ? 0 : body.length, ...(type && { type, linkname: text }) }
      const writer = controller.add(header).getWriter()
      if (!type && body.length > 0) await writer.write(new Uint8Array(body))
      await writer.close()
    }
    controller.finalize()
  }
  void write()
  const { seal } = world
  const head = { installation, at: 1_700_000_000_000, identity: seal.identity }
  const pieces = await sealed(readable, { head, recipient: seal.recipient, also: (await onceKey()).recipient })
  return copyOf(Buffer.from(await new Response(pieces).arrayBuffer()))
}

const about = JSON.stringify({
  ...{ format: 1, at: 1, version: '9.9.9', installation, platform: 'linux', dataFolder: '/data', withPictures: false },
})
const counts = { services: 0, credentials: 0, people: 0, pictures: 0 }
const listOf = (files: unknown[]) => JSON.stringify({ files, outside: [], sinks: [], counts })

test.each([
  'data/../people.json',
  'data/workflows/../../../etc/passwd',
  '/etc/passwd',
  'data//etc/passwd',
  'data/C:/Windows/x',
  String.raw`data\people.json`,
  String.raw`data/workflows/..\..\x`,
  'data/workflows/CON',
  'data/workflows/x. ',
  'data/panel.log',
  'data/vault.json.newest',
  'data/restore/restore.json',
  'data/before-update/x',
  'outside/../../x',
  'data/.ssh/authorized_keys',
  'data/workflows',
  'data/config.json/x',
])('a path that leads elsewhere is refused: %s', async (name) => {
  const at = await forged([
    { name: aboutName, text: about },
    { name, text: 'x' },
    { name: manifestName, text: listOf([]) },
  ])
  await expect(open(at)).rejects.toMatchObject({ id: 'backup.name' })
})

test('links, lies of the manifest and later formats are refused', async () => {
  const refused = async (entries: Parameters<typeof forged>[0], id: string) =>
    expect(open(await forged(entries))).rejects.toMatchObject({ id })
  const first = { name: aboutName, text: about }
  const people = { name: 'data/people.json', text: '{}' }
  const sha256 = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' // of {}
  const listed = { name: people.name, bytes: 2, sha256 }
  await refused([first, { name: 'data/people.json', text: '/etc/passwd', type: 'symlink' }], 'backup.name')
  await refused([people], 'backup.damaged')
  await refused([first, people], 'backup.damaged')
  await refused([first, people, { name: manifestName, text: listOf([]) }], 'backup.damaged')
  await refused([first, { name: manifestName, text: listOf([listed]) }], 'backup.damaged')
  await refused([first, people, { name: manifestName, text: listOf([{ ...listed, bytes: 3 }]) }], 'backup.damaged')
  await refused([first, people, people, { name: manifestName, text: listOf([listed, listed]) }], 'backup.damaged')
  await refused([first, people, { name: manifestName, text: 'no list' }], 'backup.damaged')
  await refused([{ name: aboutName, text: about.replace('"format":1', '"format":2') }], 'backup.newer')
  await refused([{ name: aboutName, text: about.replace('"at":1', '"at":9000000000000000') }], 'backup.damaged')
  const broken = { name: 'data/people.json', text: '{' }
  const itsHash = '021fb596db81e6d02bf3d2586ee3981fe519f275c0ac9ca76bbcf2ebb4097d96' // of {
  await refused(
    [first, broken, { name: manifestName, text: listOf([{ name: broken.name, bytes: 1, sha256: itsHash }]) }],
    'backup.unsound',
  )
  expect(await open(await forged([first, people, { name: manifestName, text: listOf([listed]) }]))).toMatchObject({
    tops: ['people.json'],
  })
})

test('of a later data folder it is refused: no start would open that again', async () => {
  const text = JSON.stringify({ format: 99, version: '9.9.9' })
  const sha256 = createHash('sha256').update(text).digest('hex')
  const format = { name: 'data/format.json', bytes: text.length, sha256 }
  const entries = [
    { name: aboutName, text: about },
    { name: format.name, text },
    { name: manifestName, text: listOf([format]) },
  ]
  await expect(open(await forged(entries))).rejects.toMatchObject({ id: 'backup.newer', params: { version: '9.9.9' } })
})

test('an identity that is mistyped stands in no error', async () => {
  const identity = await generateX25519Identity()
  const mistyped = `${identity.slice(0, -1)}${identity.endsWith('Q') ? 'P' : 'Q'}`
  const refused: unknown = await open(file, { identity: mistyped }).catch((error: unknown) => error)
  expect(refused).toMatchObject({ id: 'backup.wrong-key' })
  expect(inspect(refused, { depth: null, showHidden: true })).not.toContain(mistyped.slice(20, 40))
})

const hasAge = spawnSync('age', ['--version']).status === 0

test.runIf(hasAge)('age and tar open it without Regie', async () => {
  const identity = await generateX25519Identity()
  const seal = { recipient: await identityToRecipient(identity), identity: null }
  const { name } = await world.make({ seal })
  const key = path.join(world.root, 'identity.txt')
  await writeFile(key, `${identity}\n`)
  const plain = execFileSync('age', ['-d', '-i', key, path.join(world.folder, name)], { maxBuffer: 2 ** 26 })
  const listed = execFileSync('tar', ['-tf', '-'], { input: plain, encoding: 'utf8' }).trim().split('\n')
  expect(listed[0]).toBe(aboutName)
  expect(listed.at(-1)).toBe(manifestName)
  expect(listed).toEqual(expect.arrayContaining(['data/regie.db', 'data/images/picture-1.png']))
})

test.runIf(process.platform === 'linux')(
  'the identity in its head is an age file, taken out as the docs say',
  async () => {
    const docs = await readText(path.resolve(import.meta.dirname, '../../../docs/decisions/backups.md'))
    const recipe = /```sh\n([\s\S]*?)age -d -o/.exec(docs)?.[1]?.replace('FILE', '"$FILE"') ?? ''
    execFileSync('bash', ['-euc', recipe], { cwd: world.root, env: { ...process.env, FILE: file } })
    const taken = await readFile(path.join(world.root, 'identity.age'))
    expect(taken.equals((await readHead(file))?.identity ?? Buffer.alloc(0))).toBe(true)
    expect(taken.toString('latin1')).toMatch(/^age-encryption\.org\/v1\n-> scrypt \S{22} 8\n/)
  },
)

test('restored into an empty folder it is whole, with a vault that its new passphrase opens', async () => {
  await using empty = await makeWorld()
  const { paths } = empty
  for (const name of await readdir(paths.root)) execFileSync('rm', ['-rf', path.join(paths.root, name)])
  const keeper = passphraseKeeper('a vault passphrase', 2 ** 14)
  const order = {
    paths,
    file,
    key: { passphrase },
    keeper,
    missingFiles: false,
    keepEnded: true,
    who: 'ann',
    now: Date.now,
  }
  await stageRestore({ ...order, signal, onBytes: () => undefined, databases: databaseWorkHere })
  expect(await readJournal(paths)).toMatchObject({ name: path.basename(file) })
  expect(await finishRestore(paths)).toMatchObject({ failed: [] })
  expect(await readdir(paths.root)).toEqual(expect.arrayContaining(['config.json', 'images', 'regie.db', 'vault.json']))
  expect(existsSync(paths.vaultKey)).toBe(false)
  expect(await readText(path.join(paths.root, 'config.json'))).toContain('studio')
  const { key } = parseVaultFile(await readText(paths.vault))
  expect(await keeper.unwrap(key)).toHaveLength(32)
  expect(existsSync(paths.restore)).toBe(false)
})

test('what a restoring replaces is kept, what belongs to the machine stays, and the next one keeps one', async () => {
  await using other = await makeWorld()
  const { paths } = other
  await writeFile(paths.people, '{"people":["zoe"]}')
  await writeFile(path.join(paths.root, 'vault.json'), 'an older vault')
  await writeFile(path.join(paths.root, 'vault.json.newest'), '{"generation":9}')
  // Of a database that nothing opened here: SQLite removes the log of one when its last statement is collected.
  await writeFile(`${paths.ledger}-wal`, '')
  const keeper = passphraseKeeper('a vault passphrase', 2 ** 14)
  const order = {
    paths,
    file,
    key: { passphrase },
    keeper,
    missingFiles: true,
    keepEnded: true,
    who: 'ann',
    now: Date.now,
  }
  await stageRestore({ ...order, signal, onBytes: () => undefined, databases: databaseWorkHere })
  expect(await readText(paths.people)).toContain('zoe')
  const done = await finishRestore(paths)
  const kept = await readdir(done?.kept ?? '')
  expect(kept).toEqual(expect.arrayContaining(['people.json', 'vault.json', 'vault.json.newest', 'gateway.db-wal']))
  expect(await readText(path.join(done?.kept ?? '', 'people.json'))).toContain('zoe')
  expect(await readText(paths.people)).toContain('ann')
  expect(await readText(paths.log)).toBe('a log that stays')
  // A clock that was ahead: what is replaced now stays, and not what was replaced then.
  await rename(done?.kept ?? '', path.join(paths.beforeRestore, '9999999999999'))
  await stageRestore({
    ...order,
    now: () => Date.now() + 1000,
    signal,
    onBytes: () => undefined,
    databases: databaseWorkHere,
  })
  const later = await finishRestore(paths)
  expect(await readdir(paths.beforeRestore)).toEqual([path.basename(later?.kept ?? '')])
})

test('while one stands half done no other is begun: what it has put away lies there alone', async () => {
  await using other = await makeWorld()
  const { paths } = other
  await writeFile(paths.people, '{"people":["zoe"]}')
  const keeper = passphraseKeeper('a vault passphrase', 2 ** 14)
  const order = {
    paths,
    file,
    key: { passphrase },
    keeper,
    missingFiles: false,
    keepEnded: true,
    who: 'ann',
    now: Date.now,
  }
  await stageRestore({ ...order, signal, onBytes: () => undefined, databases: databaseWorkHere })
  // A start that was killed after its first exchange.
  const old = path.join(paths.restore, 'old')
  await mkdir(old)
  await rename(paths.people, path.join(old, 'people.json'))
  await expect(
    stageRestore({ ...order, signal, onBytes: () => undefined, databases: databaseWorkHere }),
  ).rejects.toMatchObject({
    id: 'backup.restore-begun',
  })
  const done = await finishRestore(paths)
  expect(await readText(path.join(done?.kept ?? '', 'people.json'))).toContain('zoe')
  expect(await readText(paths.people)).toContain('ann')
})

test('a restoring without anything that keeps the vault’s key is refused, and nothing is left of it', async () => {
  await using other = await makeWorld()
  const { paths } = other
  const order = {
    paths,
    file,
    key: { passphrase },
    keeper: null,
    missingFiles: false,
    keepEnded: true,
    who: 'ann',
    now: Date.now,
  }
  await expect(
    stageRestore({ ...order, signal, onBytes: () => undefined, databases: databaseWorkHere }),
  ).rejects.toMatchObject({
    id: 'backup.needs-passphrase',
  })
  expect(existsSync(paths.restore)).toBe(false)
  expect(await finishRestore(paths)).toBeNull()
})

test('one that was cancelled, or whose folder is gone, leaves nothing', async () => {
  const abort = new AbortController()
  const before = await readdir(world.folder)
  const making = world.make({ signal: abort.signal, onStep: () => abort.abort() })
  await expect(making).rejects.toThrow()
  expect(await readdir(world.folder)).toEqual(before)
  expect(existsSync(world.paths.backupWork)).toBe(false)
  await expect(world.make({ folder: path.join(world.root, 'gone') })).rejects.toMatchObject({
    id: 'backup.folder-missing',
  })
})

test('what a killed one left half written goes, and what is not ours stays', async () => {
  const name = fileNameOf({ installation, at: 1_700_000_000_000 })
  const left = `.${name}.0123456789ab.tmp`
  const foreign = `.${fileNameOf({ installation: 'zzzz9999', at: 1_700_000_000_000 })}.0123456789ab.tmp`
  for (const each of [left, foreign, 'mine.tmp']) await writeFile(path.join(world.folder, each), 'x')
  await world.make()
  const names = await readdir(world.folder)
  expect(names).not.toContain(left)
  expect(names).toEqual(expect.arrayContaining([foreign, 'mine.tmp']))
})
