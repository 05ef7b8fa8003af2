import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import * as z from 'zod'
import { databaseWorkHere } from '../../electron/storage/database-work'
import { tryOut } from '../../electron/backup/check'
import { readFileName } from '../../electron/backup/names'
import { finishRestore } from '../../electron/backup/switch'
import { clearDataFolder } from '../../electron/storage/data-folder'
import { makeWorld, passphrase, worldAt } from '../support/backups'
import type { BackupOrder } from './backup-act'
import { chanceOf, type Chance } from './chance'
import { Loss, type Tally } from './round'
import type { Failpoint } from './failpoints'

const acts = ['make', 'restore'] as const
type Act = (typeof acts)[number]

/** How many changes of files an act makes, and how long it takes, in ms. */
type Measured = Record<Act, { changes: number; ms: number }>

/** Lets an act be done, whole or until it is killed; answers how many changes of files it made, null where it died. */
async function play(
  program: string,
  order: BackupOrder,
  afterMs: number | null,
): Promise<{ seen: number | null; ms: number }> {
  const child = fork(program, [JSON.stringify(order)], { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
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
    if (afterMs !== null) setTimeout(() => child.kill('SIGKILL'), afterMs)
  })
  await new Promise<void>((resolve) => child.once('exit', () => resolve()))
  if (said !== '') throw new Error(`the act failed: ${said}`)
  return { seen, ms: ended - began }
}

const contentOf = async (file: string) =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex')

/** What tells the old state from the new: everything that a backup brings, but the vault, which is sealed anew. */
async function stateOf(root: string): Promise<Record<string, string>> {
  const names = await readdir(root, { recursive: true, withFileTypes: true })
  const files = names.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  const kept = files.filter((file) => /(?:config|people|format)\.json$|regie\.db$|workflows|tls|images/.test(file))
  const inside = kept.filter((file) => !/before-restore|[\\/]restore[\\/]/.test(file))
  const told = inside.map(async (file) => [path.relative(root, file), await contentOf(file)] as const)
  return Object.fromEntries((await Promise.all(told)).sort(([a], [b]) => a.localeCompare(b)))
}

/** A data folder that is not as its only backup is, with a file of somebody else beside that. */
async function makeScene(): Promise<string> {
  const world = await makeWorld()
  await world.make()
  await writeFile(path.join(world.folder, 'mine.tar.age'), 'somebody else’s')
  await writeFile(world.paths.people, '{"people":["zoe"]}')
  await writeFile(path.join(world.paths.root, 'config.json'), '{"services":[]}')
  await writeFile(path.join(world.paths.images, 'picture-1.png'), 'another picture')
  await rm(path.join(world.paths.workflows, 'one'), { recursive: true })
  await writeFile(world.paths.vault, 'the vault before')
  return world.root
}

const copyOf = async (scene: string): Promise<string> => {
  const copy = await mkdtemp(path.join(os.tmpdir(), 'regie-killed-backup-'))
  await cp(scene, copy, { recursive: true })
  return copy
}

/** What is in the folder afterwards opens, and what is not ours is as it was. */
async function checkFolder(root: string): Promise<void> {
  const { folder, paths } = await worldAt(root)
  const names = (await readdir(folder)).filter((name) => readFileName(name) !== null)
  if (names.length === 0) throw new Error('no backup is left')
  for (const name of names) {
    const how = { paths, work: paths.backupWork, signal: new AbortController().signal, onBytes: () => undefined }
    await tryOut(path.join(folder, name), { passphrase }, { ...how, databases: databaseWorkHere })
  }
  if ((await readFile(path.join(folder, 'mine.tar.age'), 'utf8')) !== 'somebody else’s')
    throw new Error('a foreign file')
}

/** After a next start: the old state or the new one, whole. Answers whether it is the new one. */
async function checkState(
  root: string,
  { old, fresh }: Record<'old' | 'fresh', Record<string, string>>,
): Promise<boolean> {
  const { paths } = await worldAt(root)
  await finishRestore(paths)
  await clearDataFolder(paths)
  const now = JSON.stringify(await stateOf(paths.root))
  const vault = await readFile(paths.vault, 'utf8')
  const isOld = now === JSON.stringify(old) && vault === 'the vault before'
  const isNew = now === JSON.stringify(fresh) && vault.includes('"regie-vault"')
  if (!isOld && !isNew) throw new Error(`neither the old state nor the new one: ${now}`)
  const left = await readdir(paths.root)
  if (left.some((name) => name === 'restore' || name === 'backup-work'))
    throw new Error(`left behind: ${left.join(', ')}`)
  return isNew
}

function blowOf(
  chance: Chance,
  { changes, ms }: Measured[Act],
): { failpoint: Failpoint | null; afterMs: number | null } {
  if (chance.is(0.3)) return { failpoint: null, afterMs: Math.round(chance.between(0, 1.2 * ms)) }
  return { failpoint: { at: 'operation', nth: 1 + chance.below(changes), torn: chance.is(0.5) }, afterMs: null }
}

/**
 * Kills while backups are made and thinned out, and while one is restored; sometimes once more while the next start goes on
 * with it. Throws what was lost; the folder is then kept.
 */
export async function tortureBackups(
  program: string,
  { seed, rounds, tally, signal }: { seed: number; rounds: number; tally: Tally; signal: AbortSignal },
): Promise<void> {
  const chance = chanceOf(seed)
  const scene = await makeScene()
  const old = await stateOf(path.join(scene, 'data'))
  const measured: Measured = { make: { changes: 0, ms: 0 }, restore: { changes: 0, ms: 0 } }
  let fresh: Record<string, string> = {}
  for (const act of acts) {
    const copy = await copyOf(scene)
    const { seen, ms } = await play(program, { root: copy, act, failpoint: null }, null)
    measured[act] = { changes: seen ?? 0, ms }
    if (act === 'restore') fresh = await stateOf(path.join(copy, 'data'))
    await rm(copy, { recursive: true })
  }
  for (let round = 0; round < rounds && !signal.aborted; round++) {
    const act = acts[round % 2] ?? 'make'
    const root = await copyOf(scene)
    const { failpoint, afterMs } = blowOf(chance, measured[act])
    const name = `${act} ${round} of seed ${seed}, ${JSON.stringify(failpoint ?? afterMs)}`
    tally.rounds += 1
    try {
      const { seen } = await play(program, { root, act, failpoint }, afterMs)
      if (seen === null) tally.kills += 1
      if (act === 'restore' && chance.is(0.4)) {
        const again: Failpoint = { at: 'operation', nth: 1 + chance.below(12), torn: false }
        const next = await play(program, { root, act: 'start', failpoint: again }, null)
        tally.restarts += 1
        if (next.seen === null) {
          tally.kills += 1
          tally.duringRecovery += 1
        }
      }
      tally.restarts += 1
      const isNew = await checkState(root, { old, fresh })
      if (seen !== null && isNew !== (act === 'restore')) throw new Error('answered as done, and is not')
      await checkFolder(root)
      tally.endings[isNew ? 'committed' : 'nothing'] += 1
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      tally.losses.push(`${name}: ${why}`)
      throw new Loss(`${name}: ${why}; the folder is ${root}`)
    }
    await rm(root, { recursive: true })
  }
  await rm(scene, { recursive: true })
}
