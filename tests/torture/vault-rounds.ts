import { fork } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import * as z from 'zod'
import { clearDataFolder } from '../../electron/storage/data-folder'
import { dataPaths } from '../../electron/storage/paths'
import { keyFileKeeper, type KeyKeeper } from '../../electron/vault/keepers'
import { verifyAudit } from '../../electron/audit/chain'
import { credentialRecords } from '../../electron/credentials/record'
import { parseVaultFile, recordsIn } from '../../electron/vault/vault-file'
import { openTestVault, quickPassphrase } from '../integration/vault/support'
import type { Chance } from './chance'
import type { Failpoint } from './failpoints'
import { Loss, type Tally } from './round'
import type { Act, ActOrder } from './vault-act'

/** A vault in a folder, and what is done to it while it is killed. */
interface Scene {
  name: string
  root: string
  /** What opens the vault before; null: the key file. */
  from: string | null
  act: Act
  /** How many changes of files the act makes, and how long it takes, in ms. */
  changes: number
  ms: number
}

type Blow = { type: 'failpoint'; failpoint: Failpoint } | { type: 'instant'; afterMs: number }

const secrets: Record<string, string> = { one: 'password-of-one', two: 'password-of-two' }
const imported: Record<string, string> = { three: 'password-of-three', four: 'password-of-four' }
const found = 'written-by-other-hands'
const dataOf = (root: string) => path.join(root, 'data')
const keeperOf = (root: string, passphrase: string | null): KeyKeeper =>
  passphrase === null ? keyFileKeeper(path.join(dataOf(root), 'vault.key')) : quickPassphrase(passphrase)

const openWith = (root: string, passphrase: string | null) =>
  openTestVault(root, { keeper: keeperOf(root, passphrase) })

/** The text of an exported vault with credentials that the scenes do not have. */
async function exportedText(passphrase: string): Promise<string> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'regie-killed-export-'))
  const { vault, credentials } = await openWith(root, null)
  for (const [id, password] of Object.entries(imported))
    await credentials.create({ id, scheme: 'basic', password }, 'ann')
  const text = await vault.exportWith(passphrase, 'ann')
  await vault.close()
  await rm(root, { recursive: true })
  return text
}

async function sceneOf(name: string, from: string | null, act: Act): Promise<Omit<Scene, 'changes' | 'ms'>> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'regie-killed-vault-'))
  const { vault, credentials, stack } = await openWith(root, null)
  const sink = path.join(stack, '.env')
  for (const [id, password] of Object.entries(secrets)) {
    const sinks = id === 'one' ? [{ type: 'env' as const, path: sink, key: 'ONE', field: 'password' as const }] : []
    await credentials.create({ id, scheme: 'basic', password, sinks }, 'ann')
    await vault.settle()
  }
  if (from !== null) await vault.changeKeeper({ passphrase: from, who: 'ann' })
  await vault.close()
  await writeFile(sink, `ONE=${found}\n`)
  return { name, root, from, act }
}

/** Lets the act be done, whole or until the blow; answers how many changes of files it made, null where it died. */
async function play(program: string, order: ActOrder, blow: Blow | null): Promise<{ seen: number | null; ms: number }> {
  const failpoint = blow?.type === 'failpoint' ? blow.failpoint : null
  const child = fork(program, [JSON.stringify({ ...order, failpoint })], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
  let seen: number | null = null
  let began = 0
  let ended = 0
  child.on('message', (message) => {
    const word = z.union([z.object({ began: z.literal(true) }), z.object({ seen: z.number() })]).parse(message)
    if ('seen' in word) {
      seen = word.seen
      ended = performance.now()
      return
    }
    began = performance.now()
    if (blow?.type === 'instant') setTimeout(() => child.kill('SIGKILL'), blow.afterMs)
  })
  await new Promise<void>((resolve) => child.once('exit', () => resolve()))
  if (said !== '') throw new Error(`the act failed: ${said}`)
  return { seen, ms: ended - began }
}

const orderOf = ({ from, act }: Pick<Scene, 'from' | 'act'>, folder: string): ActOrder => ({
  folder,
  passphrase: from,
  act,
  failpoint: null,
})

async function copyOf({ root }: Pick<Scene, 'root'>): Promise<string> {
  const copy = await mkdtemp(path.join(os.tmpdir(), 'regie-killed-copy-'))
  await cp(root, copy, { recursive: true })
  // Its sink is the one of the scene, which no act writes.
  return copy
}

/** The acts on a whole vault, each measured once without a kill. */
export async function vaultScenes(program: string, which: 'each' | 'one of each kind' = 'each'): Promise<Scene[]> {
  const [first, second] = ['the first passphrase', 'the second passphrase']
  const begun = [
    await sceneOf('key file to passphrase', null, { type: 'keeper', to: first }),
    await sceneOf('import', null, { type: 'import', text: await exportedText(first), passphrase: first }),
    await sceneOf('adopt', null, { type: 'adopt', id: 'one' }),
  ]
  if (which === 'each')
    begun.push(
      await sceneOf('passphrase to passphrase', first, { type: 'keeper', to: second }),
      await sceneOf('passphrase to key file', first, { type: 'keeper', to: null }),
      await sceneOf('key file to another', null, { type: 'keeper', to: null }),
    )
  const scenes: Scene[] = []
  for (const scene of begun) {
    const copy = await copyOf(scene)
    const { seen, ms } = await play(program, orderOf(scene, copy), null)
    await rm(copy, { recursive: true })
    scenes.push({ ...scene, changes: seen ?? 0, ms })
  }
  return scenes
}

export const removeScenes = (scenes: readonly Scene[]) =>
  Promise.all(scenes.map(({ root }) => rm(root, { recursive: true, force: true })))

interface VaultRound {
  scene: Scene
  name: string
  blow: Blow
  /** A second kill, at a change of a file that the next start makes. */
  again: Failpoint | null
}

/**
 * A kill at each so many-th change of a file, whole or torn (`both`: each way), and at random instants; sometimes once more
 * while the next start puts in order what the first one left.
 */
export function vaultRounds(
  scenes: readonly Scene[],
  chance: Chance,
  { every, random, both = false }: { every: (changes: number) => number; random: number; both?: boolean },
): VaultRound[] {
  return scenes.flatMap((scene) => {
    const step = every(scene.changes)
    const rounds: VaultRound[] = []
    const again = (): Failpoint | null =>
      chance.is(0.3) ? { at: 'operation', nth: 1 + chance.below(20), torn: chance.is(0.5) } : null
    for (let nth = 1 + chance.below(step); nth <= scene.changes; nth += step)
      for (const torn of both ? [false, true] : [chance.is(0.5)])
        rounds.push({
          scene,
          name: `${scene.name}, change ${nth} of ${scene.changes}${torn ? ', torn' : ''}`,
          blow: { type: 'failpoint', failpoint: { at: 'operation', nth, torn } },
          again: again(),
        })
    for (let at = 0; at < random; at++) {
      const afterMs = Math.round(chance.between(0, 1.2 * scene.ms))
      rounds.push({
        scene,
        name: `${scene.name}, after ${afterMs} ms`,
        blow: { type: 'instant', afterMs },
        again: again(),
      })
    }
    return rounds
  })
}

/** Plays rounds, so many at a time, until the signal aborts. Throws what was lost; the folder is then kept. */
export async function playVaultRounds(
  program: string,
  rounds: readonly VaultRound[],
  { tally, jobs, signal }: { tally: Tally; jobs: number; signal: AbortSignal },
): Promise<void> {
  const queue = [...rounds]
  const work = async () => {
    for (let round = queue.shift(); round && !signal.aborted; round = queue.shift())
      await playVaultRound(program, round, tally)
  }
  await Promise.all(Array.from({ length: jobs }, work))
}

async function playVaultRound(program: string, { scene, name, blow, again }: VaultRound, tally: Tally) {
  const root = await copyOf(scene)
  tally.rounds += 1
  try {
    const before = await readFile(path.join(dataOf(root), 'vault.json'), 'utf8')
    const oldKey = await keeperOf(root, scene.from).unwrap(parseVaultFile(before).key)
    const { seen } = await play(program, orderOf(scene, root), blow)
    tally.kills += 1
    if (again) {
      tally.restarts += 1
      const order = { ...orderOf(scene, root), act: { type: 'start' as const } }
      const next = await play(program, order, { type: 'failpoint', failpoint: again })
      if (next.seen === null) {
        tally.kills += 1
        tally.duringRecovery += 1
      }
    }
    tally.restarts += 1
    const isDone = await checkAfter(scene, root, oldKey)
    if (seen !== null && !isDone) throw new Error('answered as done, and is not')
    tally.endings[isDone ? 'committed' : 'nothing'] += 1
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    tally.losses.push(`${name}: ${why}`)
    throw new Loss(`${name}${again ? ` and again ${JSON.stringify(again)}` : ''}: ${why}; the folder is ${root}`)
  }
  await rm(root, { recursive: true })
}

/** Looks whether the act was done whole or not at all, and nothing is lost. Answers whether it was done. */
async function checkAfter(scene: Scene, root: string, oldKey: Buffer): Promise<boolean> {
  switch (scene.act.type) {
    case 'keeper':
      return checkKeeper(scene, root, scene.act.to, oldKey)
    case 'import': {
      const held = await checkHeld(root, scene.from, (id) => secrets[id] ?? imported[id])
      if (held !== 2 && held !== 4) throw new Error(`${held - 2} of 2 credentials were imported`)
      return held === 4
    }
    case 'start':
      return false
    case 'adopt': {
      let isNew = false
      const held = await checkHeld(root, scene.from, (id, password) => {
        if (id !== 'one') return secrets[id]
        isNew = password === found
        return isNew ? found : secrets[id]
      })
      if (held !== 2) throw new Error(`${held} credentials in place of 2`)
      return isNew
    }
  }
}

/** The audit log, and the one before where a torn note of its end made it begin anew. */
async function auditTexts(root: string): Promise<string[]> {
  const names = (await readdir(dataOf(root))).filter((name) => /^audit\.jsonl(\.unreadable-\d+)?$/.test(name))
  return Promise.all(names.map((name) => readFile(path.join(dataOf(root), name), 'utf8')))
}

/** Opens the vault at its next start; answers how many credentials it holds, each with the secret that it should. */
async function checkHeld(
  root: string,
  passphrase: string | null,
  expected: (id: string, password: string | null) => string | undefined,
): Promise<number> {
  // As every panel does at its start.
  await clearDataFolder(dataPaths(dataOf(root)))
  const { vault, credentials } = await openWith(root, passphrase)
  const { state, reason } = vault.status()
  if (state !== 'open') throw new Error(`the vault is ${state} (${reason?.problem ?? 'no reason'})`)
  const all = await credentials.list()
  for (const { id } of all)
    await credentials.withSecret(id, ({ password }) => {
      if (password !== expected(id, password)) throw new Error(`${id} holds another secret`)
    })
  for (const text of await auditTexts(root))
    if (verifyAudit(text).damagedAt !== null) throw new Error('the audit log is said to be damaged')
  await vault.close()
  const left = (await readdir(root, { recursive: true })).filter((name) => /\.tmp$|renewed/.test(name))
  if (left.length > 0) throw new Error(`these are left: ${left.join(', ')}`)
  return all.length
}

const opens = (text: string, key: Buffer) => {
  try {
    return recordsIn(credentialRecords.schema, text, key).length > 0
  } catch {
    return false
  }
}

/** The old keeper or the new one opens everything, and the other nothing. */
async function checkKeeper(scene: Scene, root: string, to: string | null, oldKey: Buffer): Promise<boolean> {
  const data = dataOf(root)
  const lies = await readFile(path.join(data, 'vault.json'), 'utf8')
  const isDone = !opens(lies, oldKey)
  const inForce = isDone ? to : scene.from
  const held = await checkHeld(root, inForce, (id) => secrets[id])
  if (held !== 2) throw new Error(`${held} credentials in place of 2`)
  const files = (await readdir(path.join(data, 'backups'))).map((name) => path.join(data, 'backups', name))
  if (files.length < 2) throw new Error('backups are lost')
  const own = keeperOf(root, inForce)
  for (const file of [path.join(data, 'vault.json'), ...files]) {
    const text = await readFile(file, 'utf8')
    if (!opens(text, await own.unwrap(parseVaultFile(text).key)))
      throw new Error(`${path.basename(file)} does not open`)
    if (isDone && opens(text, oldKey)) throw new Error(`the former key opens ${path.basename(file)}`)
  }
  const keys = await readFile(path.join(data, 'vault.key'), 'utf8').catch(() => '')
  // A key file of which nothing came yet may lie there: it opens nothing.
  const wanted = inForce === null ? 1 : 0
  if (keys.split('\n').filter(Boolean).length !== wanted) throw new Error('the key file is not as it should be')
  const changes = new Set<string>()
  for (const text of await auditTexts(root)) {
    const told = [...text.matchAll(/"vault\.keeper-changed".*?"change":"([^"]+)"/g)].map(([, change = '']) => change)
    if (new Set(told).size < told.length) throw new Error('the change is told twice')
    for (const change of told) changes.add(change)
  }
  const before = scene.from === null ? 0 : 1
  if (changes.size !== before + (isDone ? 1 : 0)) throw new Error(`${changes.size - before} changes are told`)
  return isDone
}
