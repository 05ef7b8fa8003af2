import { open } from 'node:fs/promises'
import * as z from 'zod'
import { fileErrorCode } from '../storage/files'
import { bare } from './bare'

/** So much of the end of the panel's log is looked at, in bytes. */
const most = 512 * 1024

/** The end of a file as whole lines; nothing where there is none. */
async function lastLines(file: string): Promise<string[]> {
  const handle = await open(file).catch((error: unknown) => {
    if (fileErrorCode(error) === 'ENOENT') return null
    throw error
  })
  if (!handle) return []
  try {
    const { size } = await handle.stat()
    const from = Math.max(0, size - most)
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(size - from), position: from })
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n')
    return from > 0 ? lines.slice(1) : lines
  } finally {
    await handle.close()
  }
}

/** Where in the program an error came from: the function, and the file by its last name alone. */
const frame = /^\s+at (?:((?:async |new )*[\w$.<>#]+)(?: \[as [\w$]+\])? \(|)(?:[^()]*[\\/])?([\w.@-]+):(\d+):(\d+)\)?$/

/** The places of a stack, behind the message with which it begins: that may have lines which look like places. */
function placesOf(stack: string, message: string): string[] {
  const begin = stack.indexOf(message)
  if (begin < 0) return []
  const lines = stack.slice(begin + message.length).split('\n')
  return lines.flatMap((line) => {
    const [, name = '(anonymous)', file, row, column] = frame.exec(line) ?? []
    return file === undefined ? [] : [`${name} ${file}:${row}:${column}`]
  })
}

/** A code or a class's name, which are words of programs; undefined for everything else. */
const Word = z
  .string()
  .regex(/^[\w.-]{1,64}$/)
  .optional()
  .catch(undefined)

/** An error without its message, which may quote what a service answered, a path or a prompt: class, code and places. */
const LoggedError = z
  .looseObject({ type: Word, code: Word, stack: z.string().catch(''), message: z.string().catch('') })
  .optional()
  .catch(undefined)

/** No word of Regie's own is so long: a path, a code of some kind, a secret in a spelling that no redactor knows. */
const foreign = /\S{20,}/g

const LogEntry = z.looseObject({
  time: z.number().optional().catch(undefined),
  level: z.number().optional().catch(undefined),
  msg: z.string().optional().catch(undefined),
  err: LoggedError,
  ...{
    code: Word,
    problem: Word,
    procedure: z
      .string()
      .regex(/^[\w./-]{1,64}$/)
      .optional()
      .catch(undefined),
    version: Word,
  },
})

/** A line of the log: when, how grave, Regie's own words, and where in the program. Null for what is no such line. */
function entryOf(line: string): object | null {
  const { success, data } = LogEntry.safeParse(parsed(line))
  if (!success) return null
  const { time, level, msg, err, code, problem, procedure, version, ...more } = data
  return {
    // Of an error that was logged without words of Regie's the message is the error's own.
    ...{ time, level, msg: err?.message === msg ? undefined : msg?.replaceAll(foreign, '…') },
    err: err && { type: err.type, code: err.code, at: placesOf(err.stack, err.message) },
    ...{ code, problem, procedure, version },
    ...(Object.keys(more).length > 0 && { more: bare(more) }),
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

/** The end of the panel's log without anything that a person or a service wrote, a line an entry. */
export async function logTail(file: string): Promise<string> {
  const entries = (await lastLines(file)).flatMap((line) => entryOf(line) ?? [])
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
}
