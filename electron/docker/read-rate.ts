import type { Engine } from './engine'
import { execCapture, type ExecResult } from './exec'

/** The part of a file that is read first, and the whole that is read at most, in MiB. */
const firstMiB = 8
const mostMiB = 64
/** Below this a file says more about the start of reading than about reading, in bytes. */
const leastBytes = 2 ** 20
/** After a first part that took longer than this no more is read, in seconds. */
const slowSeconds = 1
const timeoutMs = 5_000

/**
 * The largest file below a folder, from lines of `stat -c '%s %n'`. What is not below it is no answer to what was
 * asked: a file's own name may hold a line end. Null when none is large enough to tell anything.
 */
export function largestFile(listed: string, folder: string): string | null {
  const inside = `${folder.replace(/\/+$/, '')}/`
  let largest: { file: string; bytes: number } | null = null
  for (const line of listed.split('\n')) {
    const space = line.indexOf(' ')
    const [bytes, file] = [Number(line.slice(0, space)), line.slice(space + 1)]
    if (space < 1 || !Number.isSafeInteger(bytes) || bytes < leastBytes || !file.startsWith(inside)) continue
    if (file.split('/').includes('..')) continue
    if (largest === null || bytes > largest.bytes) largest = { file, bytes }
  }
  return largest?.file ?? null
}

/** What `dd` says at its end, GNU's or BusyBox's: `67108864 bytes (67 MB, 64 MiB) copied, 1.6 s, 42 MB/s`. */
export function readCopied(words: string): { bytes: number; seconds: number } | null {
  const found = /^(\d{1,15}) bytes\b[^\n]*?, (\d[\d.]{0,15}(?:e-?\d{1,2})?) s(?:econds)?, /m.exec(words)
  const [bytes, seconds] = [Number(found?.[1]), Number(found?.[2])]
  return bytes > 0 && seconds > 0 ? { bytes, seconds } : null
}

export interface Reading {
  /** MB/s */
  rate: number
  bytes: number
  /** Read past the page cache; else parts of it may have come from memory. */
  passedCache: boolean
}

interface Limits {
  mostMiB: number
  timeoutMs: number
  signal?: AbortSignal
}

/**
 * What finds the largest file and reads it where there is no `dd`: programs of this kind are written in Python, and
 * others have node. Prints the file's read bytes and seconds. The page cache is asked to forget the file first.
 */
const interpreters: readonly (readonly string[])[] = [
  [
    'python3',
    '-c',
    `import os,sys,time
top,most=sys.argv[1],int(sys.argv[2])*2**20
files=[(os.path.getsize(p),p) for d,_,n in os.walk(top) for p in (os.path.join(d,f) for f in n) if os.path.isfile(p)]
f=os.open(max(files)[1],os.O_RDONLY)
try: os.posix_fadvise(f,0,0,os.POSIX_FADV_DONTNEED)
except Exception: pass
t=time.monotonic();n=0
while n<most:
 b=os.read(f,2**20)
 if not b: break
 n+=len(b)
print(n,time.monotonic()-t)`,
  ],
  [
    'node',
    '-e',
    `const fs=require('fs'),path=require('path'),[top,most]=process.argv.slice(1);let best=[0,''];
const walk=(d)=>{for(const e of fs.readdirSync(d,{withFileTypes:true})){const p=path.join(d,e.name);if(e.isDirectory())walk(p);else if(e.isFile()){const s=fs.statSync(p).size;if(s>best[0])best=[s,p]}}};walk(top);
const f=fs.openSync(best[1]),b=Buffer.alloc(2**20),t=process.hrtime.bigint();let n=0,r;while(n<most*2**20&&(r=fs.readSync(f,b))>0)n+=r;
console.log(n,Number(process.hrtime.bigint()-t)/1e9)`,
  ],
]

/** `67108864 1.6`: bytes and seconds, as an interpreter printed them. */
export function readPrinted(printed: string): { bytes: number; seconds: number } | null {
  const found = /^(\d{1,15}) (\d[\d.]{0,20}(?:e-?\d{1,2})?)\s*$/.exec(printed)
  const [bytes, seconds] = [Number(found?.[1]), Number(found?.[2])]
  return bytes >= leastBytes && seconds > 0 ? { bytes, seconds } : null
}

type Run = (...argv: string[]) => Promise<ExecResult>

async function readByInterpreter(run: Run, folder: string, mostMiB: number): Promise<Reading | null> {
  for (const words of interpreters) {
    const done = await run(...words, folder, String(mostMiB))
    const read = done.exitCode === 0 ? readPrinted(done.stdout) : null
    if (read) return { rate: read.bytes / 1e6 / read.seconds, bytes: read.bytes, passedCache: false }
  }
  return null
}

/**
 * How fast a running container reads the largest file in one of its folders; null when that cannot be told, e.g. because
 * it has neither `find`, `stat` and `dd` nor an interpreter, or there is no large file. Reads past the cache where the
 * file system allows that, and no more than it is told. Names of files are handed over as they are, to no shell. Throws
 * a Problem when the container is gone or Docker takes too long, and the signal's reason.
 */
export async function measureReading(
  engine: Pick<Engine, 'client'>,
  containerId: string,
  folder: string,
  { mostMiB: most, timeoutMs: patience, signal: given }: Limits,
): Promise<Reading | null> {
  if (!folder.startsWith('/')) return null
  const late = AbortSignal.timeout(patience)
  const signal = given ? AbortSignal.any([given, late]) : late
  const run: Run = (...argv) =>
    execCapture(engine, containerId, argv, { timeoutMs: patience, signal, maxBytes: 2 ** 20 })

  const listed = await run('find', folder, '-type', 'f', '-size', '+2047', '-exec', 'stat', '-c', '%s %n', '{}', '+')
  if (!listed.started) return readByInterpreter(run, folder, most)
  const file = largestFile(listed.stdout, folder)
  if (file === null) return null

  let passedCache = true
  const read = async (skip: number, count: number) => {
    const argv = ['dd', `if=${file}`, 'of=/dev/null', 'bs=1048576', `skip=${skip}`, `count=${count}`]
    const direct = await run(...argv, 'iflag=direct')
    if (direct.exitCode === 0) return readCopied(direct.stderr)
    // BusyBox may know no such flag, and not every file system allows it.
    passedCache = false
    const done = await run(...argv)
    return done.exitCode === 0 ? readCopied(done.stderr) : null
  }
  const first = await read(0, firstMiB)
  if (first === null) return readByInterpreter(run, folder, most)
  const isAll = first.seconds > slowSeconds || first.bytes < firstMiB * 2 ** 20
  const rest = isAll
    ? null
    : await read(firstMiB, most - firstMiB).catch((error: unknown) => {
        if (given?.aborted) throw error
        return null // too slow for the rest: the first part tells it
      })
  const bytes = first.bytes + (rest?.bytes ?? 0)
  return { rate: bytes / 1e6 / (first.seconds + (rest?.seconds ?? 0)), bytes, passedCache }
}

/** The same in short, for a look in passing: at most 64 MiB and 5 s; in MB/s. */
export async function measureReadRate(
  engine: Pick<Engine, 'client'>,
  containerId: string,
  folder: string,
): Promise<number | null> {
  return (await measureReading(engine, containerId, folder, { mostMiB, timeoutMs }))?.rate ?? null
}
