import { readFileSync, writeFileSync, writeSync } from 'node:fs'
import fs, { type FileHandle } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import path from 'node:path'
import * as z from 'zod'

/** Where the panel of a torture round kills itself, as `kill -9` would. */
export const Failpoint = z.discriminatedUnion('at', [
  /** Around the journal's line of one step: before it is written, or when it is on disk. */
  z.object({ at: z.literal('journal'), step: z.string(), when: z.enum(['before', 'after']) }),
  /** At the nth change of a file from now on; `torn` lets half of what is to be written through first. */
  z.object({ at: z.literal('operation'), nth: z.number().int().positive(), torn: z.boolean() }),
])
export type Failpoint = z.infer<typeof Failpoint>

let armed: Failpoint | null = null
let seen = 0

/** Arms, or with null disarms, and counts from one again. Resolves with what was counted before. */
export function arm(failpoint: Failpoint | null): number {
  const before = seen
  seen = 0
  armed = failpoint
  return before
}

const die = (): never => {
  process.kill(process.pid, 'SIGKILL')
  for (;;); // the signal comes at once; nothing may run meanwhile
}

/** The text of what a call is about to write; empty for calls that write none. */
const writtenBy = (args: readonly unknown[]): Buffer => {
  const [data, offset, length] = args
  if (typeof data === 'string') return Buffer.from(data)
  if (!(data instanceof Uint8Array)) return Buffer.alloc(0)
  return typeof offset === 'number' && typeof length === 'number'
    ? Buffer.from(data.subarray(offset, offset + length))
    : Buffer.from(data)
}

const isStep = (file: string, step: string, args: readonly unknown[]) => {
  const text = writtenBy(args).toString('utf8')
  if (path.basename(file) === 'updates.jsonl') return text.includes(step === 'end' ? '"step":null' : `"step":"${step}"`)
  if (path.basename(file) !== 'rotations.jsonl') return false
  return step === 'end' ? text.includes('"type":"end"') : text.includes(`"step":"${step}"`) && !text.includes('"end"')
}

/** Called before each change of a file; does not return where the failpoint stands. */
function pass(file: string, args: readonly unknown[], handle?: FileHandle): void {
  seen += 1
  if (armed?.at === 'journal' && armed.when === 'before' && isStep(file, armed.step, args)) die()
  if (armed?.at !== 'operation' || armed.nth !== seen) return
  const bytes = writtenBy(args)
  const position = typeof args[3] === 'number' ? args[3] : null
  if (armed.torn && handle && bytes.length > 1) writeSync(handle.fd, bytes, 0, Math.floor(bytes.length / 2), position)
  die()
}

const changing = ['write', 'writeFile', 'appendFile', 'truncate', 'sync', 'datasync', 'chmod', 'chown'] as const

function watchHandle(handle: FileHandle, file: string): FileHandle {
  let diesOnSync = false
  for (const name of changing) {
    const original: unknown = Reflect.get(handle, name)
    if (typeof original !== 'function') continue
    const watched = async (...args: unknown[]): Promise<unknown> => {
      pass(file, args, handle)
      if (armed?.at === 'journal' && armed.when === 'after' && isStep(file, armed.step, args)) diesOnSync = true
      const result: unknown = await Reflect.apply(original, handle, args)
      if (name === 'datasync' && diesOnSync) die()
      return result
    }
    Object.defineProperty(handle, name, { value: watched })
  }
  return handle
}

/** Puts an eye on every change of a file that this process makes through node's promises. */
export function watchFiles(): void {
  const { open, rename, rm, writeFile, link, unlink, copyFile } = fs
  const replace = (name: string, value: unknown) => Object.defineProperty(fs, name, { value })
  const nameOf = (file: unknown) => (typeof file === 'string' ? file : '')
  replace('open', async (...args: Parameters<typeof open>) => {
    const isReading = args[1] === undefined || args[1] === 'r'
    if (!isReading) pass(nameOf(args[0]), [])
    const handle = await open(...args)
    return isReading ? handle : watchHandle(handle, nameOf(args[0]))
  })
  replace('rename', async (...args: Parameters<typeof rename>) => {
    pass(nameOf(args[1]), [])
    await rename(...args)
  })
  replace('rm', async (...args: Parameters<typeof rm>) => {
    pass(nameOf(args[0]), [])
    await rm(...args)
  })
  replace('writeFile', async (...args: Parameters<typeof writeFile>) => {
    pass(nameOf(args[0]), [])
    await writeFile(...args)
  })
  replace('link', async (...args: Parameters<typeof link>) => {
    pass(nameOf(args[1]), [])
    await link(...args)
  })
  replace('unlink', async (...args: Parameters<typeof unlink>) => {
    pass(nameOf(args[0]), [])
    await unlink(...args)
  })
  replace('copyFile', async (...args: Parameters<typeof copyFile>) => {
    const [from, to] = args.map(nameOf)
    if (armed?.at === 'operation' && armed.torn && armed.nth === seen + 1 && from && to) {
      const whole = readFileSync(from)
      writeFileSync(to, whole.subarray(0, Math.floor(whole.length / 2)))
    }
    pass(nameOf(args[1]), [])
    await copyFile(...args)
  })
  syncBuiltinESMExports()
}
