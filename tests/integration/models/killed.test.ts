import { createHash } from 'node:crypto'
import { fork } from 'node:child_process'
import { cp, link, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { openModelMemory } from '../../../electron/models/memory'
import { certified, httpServer } from '../../support/alerts'
import { long } from '../../support/long'
import { putModel, safetensors, shapesOf } from '../../support/model-files'
import { regiePrograms } from '../../support/programs'
import type { ModelsOrder } from '../../torture/models-act'

const old = Buffer.concat([safetensors(shapesOf.sdxl), Buffer.alloc(400_000, 3)])
const fresh = Buffer.concat([safetensors(shapesOf.flux), Buffer.alloc(400_000, 5)])
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let bundle: Awaited<ReturnType<typeof regiePrograms<'act' | 'worker'>>>
let hub: Awaited<ReturnType<typeof httpServer>>
let authority: Awaited<ReturnType<typeof certified>>
/** Two copies of one file, hashed; of each round a copy is made. */
let scene: string
let root: string

const at = (...parts: string[]) => path.join(root, ...parts)
const one = () => at('comfyui-a/models/checkpoints/one.safetensors')
const two = () => at('forge-b/models/Stable-diffusion/two.safetensors')
const newFile = () => at('comfyui-a/models/checkpoints/new.safetensors')
const leftovers = async () => (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.regie-part'))

/** Lets an act be done, whole or until it dies; answers how many changes of files it made, null where it died. */
async function play(act: ModelsOrder['act'], more: Partial<ModelsOrder> = {}): Promise<number | null> {
  const { programs } = bundle
  const order: ModelsOrder = {
    ...{ root, act, worker: programs.worker, ca: authority.ca, port: hub.port, failpoint: null, dieHashed: null },
    ...more,
  }
  const child = fork(programs.act, [JSON.stringify(order)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let [said, seen] = ['', null as number | null]
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.on('message', (message) => ({ seen } = z.object({ seen: z.number() }).parse(message)))
  await new Promise<void>((resolve) => child.once('exit', () => resolve()))
  if (said !== '') throw new Error(`the act failed: ${said}`)
  return seen
}
const killedAt = (nth: number, torn = false): Partial<ModelsOrder> => ({ failpoint: { at: 'operation', nth, torn } })

beforeAll(async () => {
  bundle = await regiePrograms({ act: 'tests/torture/models-act.ts', worker: 'electron/models/model-worker.ts' })
  authority = await certified('hub.test')
  hub = await httpServer(authority)
  hub.does.answer = (response, { headers }) => {
    const asked = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '')
    const from = Number(asked?.[1] ?? 0)
    const to = asked?.[2] ? Number(asked[2]) + 1 : fresh.length
    const range = { 'content-range': `bytes ${from}-${to - 1}/${fresh.length}` }
    response.writeHead(asked ? 206 : 200, { etag: '"one"', 'content-length': to - from, ...(asked && range) })
    response.end(fresh.subarray(from, to))
  }
  root = scene = await mkdtemp(path.join(os.tmpdir(), 'regie-killed-models-'))
  await putModel(root, 'comfyui-a/models/checkpoints/one.safetensors', old)
  await putModel(root, 'forge-b/models/Stable-diffusion/two.safetensors', old)
}, 120_000)
afterAll(async () => {
  await hub[Symbol.asyncDispose]()
  await bundle.remove()
  await rm(scene, { recursive: true, force: true })
})
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'regie-killed-models-'))
  await cp(scene, root, { recursive: true, preserveTimestamps: true })
})
afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

/** What no kill may change: every name has its whole content. */
async function expectWhole(): Promise<void> {
  expect([hashOf(await readFile(one())), hashOf(await readFile(two()))]).toEqual([hashOf(old), hashOf(old)])
}

/** A kill at one change of a file; answers whether it came to it. */
type Round = (nth: number, torn: boolean) => Promise<boolean>

const download: Round = async (nth, torn) => {
  const died = (await play('download', killedAt(nth, torn))) === null
  const wholeOrNone = async () => {
    const there = await readFile(newFile()).catch(() => null)
    if (there) expect(hashOf(there)).toBe(hashOf(fresh))
    return there !== null
  }
  await wholeOrNone()
  const kept = await readFile(at('model-downloads.json'), 'utf8').catch(() => '')
  await play('start')
  // Written down before anything was fetched: it goes on, and comes to its end.
  expect(await wholeOrNone()).toBe(kept.includes('new.safetensors'))
  expect(await leftovers()).toEqual([])
  await expectWhole()
  return died
}

const share: Round = async (nth, torn) => {
  await play('hash')
  const died = (await play('share', killedAt(nth, torn))) === null
  await expectWhole()
  await play('start')
  await expectWhole()
  expect(await leftovers()).toEqual([])
  const [a, b] = await Promise.all([stat(one()), stat(two())])
  expect([a.nlink, b.nlink]).toEqual(a.ino === b.ino ? [2, 2] : [1, 1])
  return died
}

const separate: Round = async (nth, torn) => {
  await rm(two())
  await link(one(), two())
  const died = (await play('separate', killedAt(nth, torn))) === null
  await expectWhole()
  await play('start')
  await expectWhole()
  expect(await leftovers()).toEqual([])
  const [a, b] = await Promise.all([stat(one()), stat(two())])
  expect([a.nlink, b.nlink]).toEqual(a.ino === b.ino ? [2, 2] : [1, 1])
  return died
}

const removal: Round = async (nth, torn) => {
  const died = (await play('remove', killedAt(nth, torn))) === null
  const names = (await readdir(path.dirname(one()))).filter((name) => name.startsWith('one.'))
  expect(names.length).toBeGreaterThan(0)
  for (const name of names) expect(hashOf(await readFile(path.join(path.dirname(one()), name)))).toBe(hashOf(old))
  // Where it was not done, it can be asked for again.
  if (names.includes('one.safetensors')) expect(await play('remove')).not.toBe(null)
  expect(await readdir(path.dirname(one()))).toEqual(['one.safetensors.regie-removed'])
  return died
}

const rounds = { download, share, separate, removal }

describe.skipIf(process.platform === 'win32')('a panel that is killed', () => {
  test.each([
    ['download', 'before its first change', 1, false],
    ['download', 'in the middle of a file', 8, true],
    ['share', 'while links are tried', 2, false],
    ['share', 'right before its link takes the name', 6, false],
    ['separate', 'in the middle of the copy', 1, true],
    ['separate', 'right before the copy takes the name', 3, false],
    ['removal', 'between its two names', 2, false],
  ] as const)(
    'during a %s, %s, leaves the old or the new, and the next start clears up',
    async (act, _when, nth, torn) => {
      expect(await rounds[act](nth, torn)).toBe(true)
    },
  )

  test('while it hashes, goes on where it was', async () => {
    expect(await play('hash', { dieHashed: 1 })).toBe(null)
    const hashed = async () => {
      const memory = await openModelMemory(at('models.db'))
      try {
        return [...memory.see([], 0).values()].flatMap(({ sha256 }) => sha256 ?? [])
      } finally {
        memory.close()
      }
    }
    expect(await hashed()).toEqual([hashOf(old)])
    await play('start')
    expect(await hashed()).toEqual([hashOf(old), hashOf(old)])
  })

  test.each(Object.keys(rounds) as (keyof typeof rounds)[])(
    'at any change of a file during a %s',
    { ...long, timeout: 600_000 },
    async (act) => {
      for (const torn of [false, true]) {
        for (let nth = 1; ; nth += 1) {
          await rm(root, { recursive: true, force: true })
          await cp(scene, root, { recursive: true, preserveTimestamps: true })
          if (!(await rounds[act](nth, torn))) break
        }
      }
    },
  )
})
