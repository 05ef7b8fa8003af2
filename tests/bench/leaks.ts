import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { startHeadless } from '../support/headless'
import { temporaryFolder } from '../support/programs'
import { budgets } from './budgets'
import { watchLoop } from './loop'
import { median, repeat, timed, type Measure } from './measure'

const rounds = 5
const files = 128
const fileBytes = 4e6
const smallFiles = 5_000

/** Lines as logs, sources and configurations have them, with words and hashes, and no two files the same. */
function textOf(bytes: number, seed: number): Buffer {
  const lines: string[] = []
  for (let length = 0, at = seed; length < bytes; at++) {
    const line = `2026-11-22T10:${at % 60}:07Z [INFO] step ${at} COMFYUI_URL=http://localhost:8188/ sha=${randomBytes(16).toString('hex')} elapsed=${at * 7}ms\n`
    lines.push(line)
    length += line.length
  }
  return Buffer.from(lines.join('')).subarray(0, bytes)
}

/** Reading alone, by one thread that does nothing else. */
function readAll(paths: readonly string[]) {
  const room = Buffer.alloc(512 * 1024)
  for (const file of paths) {
    const descriptor = openSync(file, 'r')
    while (readSync(descriptor, room) > 0);
    closeSync(descriptor)
  }
  return Promise.resolve()
}

/** `grep` for as many made-up words of the same lengths; null where there is no such program. */
async function withGrep(folder: string, patterns: number): Promise<number | null> {
  const words = Array.from({ length: patterns }, (_, at) =>
    randomBytes(32)
      .toString('base64url')
      .slice(0, 20 + (at % 20)),
  )
  try {
    return await timed(
      () =>
        new Promise<void>((resolve, reject) => {
          const child = spawn('grep', ['-r', '-F', '-l', '-f', '-', folder], {
            env: { ...process.env, LC_ALL: 'C' },
            stdio: ['pipe', 'ignore', 'ignore'],
          })
          child.once('error', reject)
          // 1: nothing found.
          child.once('close', (code) => (code === 0 || code === 1 ? resolve() : reject(new Error(`grep: ${code}`))))
          child.stdin.end(`${words.join('\n')}\n`)
        }),
    )
  } catch {
    return null
  }
}

/** How fast a folder is scanned for the secrets of the two demo credentials, beside reading alone and `grep`. */
export async function measureLeaks(): Promise<Measure[]> {
  await using folder = await temporaryFolder('regie-bench-leaks')
  const [large, small] = [path.join(folder.path, 'large'), path.join(folder.path, 'small')]
  await mkdir(large)
  await mkdir(small)
  const paths: string[] = []
  for (let at = 0; at < files; at++) {
    paths.push(path.join(large, `${at}.log`))
    await writeFile(path.join(large, `${at}.log`), textOf(fileBytes, at * 1e6))
  }
  for (let at = 0; at < smallFiles; at++) await writeFile(path.join(small, `${at}.txt`), textOf(2_000, at))

  const loop = watchLoop(folder.path)
  const panel = await startHeadless({
    env: loop.env,
  })
  loop.begin(panel.pid)
  try {
    let patterns = 0
    const scan = async (at: string) => {
      const found = await panel.client.leaks.scan({ folder: at, sources: ['files'] })
      if (found.state !== 'done' || found.findings.length > 0) throw new Error(`the scan ended as ${found.state}`)
      patterns = found.patterns
    }
    await scan(small)
    // Interleaved, so that all see the same machine.
    const times = await repeat(rounds, async () => ({
      scan: await timed(() => scan(large)),
      read: await timed(() => readAll(paths)),
      grep: await withGrep(large, patterns),
      small: await timed(() => scan(small)),
    }))
    await panel.stop()
    const took = median(times.map((time) => time.scan))
    const megabytes = (files * fileBytes) / 1e6
    const perSecond = (ms: number) => `${Math.round(megabytes / (ms / 1000)).toLocaleString('en')} MB/s`
    const grep = times.flatMap((time) => (time.grep === null ? [] : [{ own: time.scan, theirs: time.grep }]))
    return [
      {
        what: 'Leak scan of text, for each 100 MB',
        value: (took / megabytes) * 100,
        unit: 'ms',
        budget: budgets.leakScanMs,
        note: `${perSecond(took)}, ${patterns} patterns, ${megabytes} MB in ${files} files, median of ${rounds}; the budget is 200 MB/s`,
      },
      {
        what: 'Leak scan, time against reading alone',
        value: median(times.map((time) => time.scan / time.read)),
        unit: '×',
        budget: null,
        note: `one thread that only reads the same files: ${perSecond(median(times.map((time) => time.read)))}`,
      },
      {
        what: 'Leak scan, time against grep',
        value: grep.length === 0 ? null : median(grep.map(({ own, theirs }) => own / theirs)),
        unit: '×',
        budget: null,
        note:
          grep.length === 0
            ? 'no grep here'
            : `grep -r -F for as many made-up words: ${perSecond(median(grep.map(({ theirs }) => theirs)))}`,
      },
      {
        what: `Leak scan of ${smallFiles.toLocaleString('en')} files of 2 kB`,
        value: median(times.map((time) => time.small)),
        unit: 'ms',
        budget: null,
        note: `median of ${rounds}, threads started anew each time`,
      },
      ...(await loop.measures('while it scans', `${2 * rounds + 1} scans`)),
    ]
  } finally {
    await panel.stop()
  }
}
