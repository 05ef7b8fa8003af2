import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import os from 'node:os'
import path from 'node:path'
import * as z from 'zod'
import { closeDatabase, openDatabase } from '../../electron/storage/database'
import { databaseWorkHere } from '../../electron/storage/database-work'
import { dataPaths, type DataPaths } from '../../electron/storage/paths'
import { carriedKeeper, newCarriedKey } from '../../electron/vault/keepers'
import { newBook } from '../../electron/vault/book'
import { credentialRecords } from '../../electron/credentials/record'
import type { CollectFrom } from '../../electron/backup/collect'
import { makeBackup, type MakeOrder } from '../../electron/backup/make'
import { sealForPassphrase, type Seal } from '../../electron/backup/seal'

/** What scrypt costs in tests. */
export const quickLogN = 8
export const passphrase = 'one passphrase for all backups'
export const installation = 'abcd1234'

export interface World extends AsyncDisposable {
  root: string
  folder: string
  paths: DataPaths
  from: CollectFrom
  seal: Seal
  /** How a backup of it is made. */
  order: (more?: Partial<MakeOrder>) => MakeOrder
  make: (more?: Partial<MakeOrder>) => ReturnType<typeof makeBackup>
}

const pictureOf = (n: number) => Buffer.concat([Buffer.from(`picture ${n} `), randomBytes(20_000)])

/** A data folder as a panel leaves one: small, but with something of every kind in it. */
export async function makeWorld(): Promise<World> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'regie-backup-'))
  const paths = dataPaths(path.join(root, 'data'))
  const folder = path.join(root, 'backups')
  for (const each of [paths.root, folder, paths.images, path.join(paths.workflows, 'one'), paths.tls])
    await mkdir(each, { recursive: true })
  await writeFile(path.join(paths.root, 'config.json'), JSON.stringify({ services: [{ id: 'studio' }] }))
  await writeFile(paths.people, JSON.stringify({ people: ['ann'] }))
  await writeFile(paths.format, JSON.stringify({ format: 6, version: '0.7.0' }))
  await writeFile(path.join(paths.workflows, 'one', 'graph v1.json'), '{"graph":1}')
  await writeFile(path.join(paths.tls, 'authority.pem'), 'authority')
  await writeFile(paths.log, 'a log that stays')
  for (const n of [1, 2]) await writeFile(path.join(paths.images, `picture-${n}.png`), pictureOf(n))
  const { database } = await openDatabase(paths.database, ['CREATE TABLE prompts (text TEXT)'])
  database.prepare('INSERT INTO prompts VALUES (?)').run('a fox in the snow')
  // Whole in one file at once: otherwise SQLite writes into it when the object is collected.
  closeDatabase(database)
  await writeFile(path.join(root, 'compose.yaml'), 'services: {}\n')
  const { recipient, identity } = await sealForPassphrase(passphrase, quickLogN)
  await writeFile(path.join(root, 'seal.json'), JSON.stringify({ recipient, identity: identity?.toString('base64') }))
  return worldAt(root)
}

const KeptSeal = z.object({ recipient: z.string(), identity: z.base64() })

/** The same, as it lies there. */
export async function worldAt(root: string): Promise<World> {
  const paths = dataPaths(path.join(root, 'data'))
  const folder = path.join(root, 'backups')
  const { recipient, identity } = KeptSeal.parse(JSON.parse(await readText(path.join(root, 'seal.json'))))
  const seal: Seal = { recipient, identity: Buffer.from(identity, 'base64') }
  const from: CollectFrom = {
    paths,
    version: '0.7.0',
    async vault(_, beside) {
      const key = newCarriedKey()
      const file = path.join(root, 'carried.json')
      const book = await newBook(file, (dataKey) => carriedKeeper(key).wrap(dataKey), {
        schema: credentialRecords.schema,
      })
      await rm(file)
      return { text: book.text(), key, beside: await beside() }
    },
    outside: () => Promise.resolve([path.join(root, 'compose.yaml'), path.join(root, 'not-there.env')]),
    databases: databaseWorkHere,
    sinks: () => Promise.resolve([{ credentialId: 'one', path: '/a/.env', fingerprint: '0123456789ab' }]),
    counts: () => Promise.resolve({ services: 1, credentials: 0, people: 1, pictures: 2 }),
  }
  const order = (more: Partial<MakeOrder> = {}): MakeOrder => ({
    ...{ folder, seal, installation, withPictures: true, who: 'ann', now: Date.now },
    ...{ signal: new AbortController().signal, onStep: () => undefined, onBytes: () => undefined },
    ...more,
  })
  return {
    ...{ root, folder, paths, from, seal, order },
    make: (more) => makeBackup(from, order(more)),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

export const flipped = (bytes: Buffer, at: number): Buffer => {
  const changed = Buffer.from(bytes)
  changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
  return changed
}

export const readText = (file: string) => readFile(file, 'utf8')
