import { spawn } from 'node:child_process'
import { devNull } from 'node:os'
import path from 'node:path'
import { Problem } from '../../shared/problems'
import { abortReason, onAbort } from '../async/abort'
import { createTail } from '../logs/cutting'

/**
 * Nothing that a repository's own configuration names may run, nothing may be fetched, nothing written: no hook, file
 * system monitor, pager, filter, lock or transport.
 */
const guarded = [
  '--no-pager',
  '--no-optional-locks',
  '--no-replace-objects',
  ...['core.fsmonitor=false', `core.hooksPath=${devNull}`, 'protocol.allow=never', 'core.quotePath=false'].flatMap(
    (setting) => ['-c', setting],
  ),
]

/** Would lead git elsewhere than where it is pointed, or is none of its business. */
const withheld = /^(GIT_|REGIE_|NODE_OPTIONS$|ELECTRON_)/i

const environment = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !withheld.test(name))),
  LC_ALL: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
})

/** So much of what git says of a failure is told. */
const keptWords = 300

export interface GitOptions {
  signal: AbortSignal
  /** Takes the output as it comes. */
  onOutput: (bytes: Buffer) => void
}

/** Runs git on a folder. Throws `leaks.no-git` or `leaks.git-failed`, or the signal's reason when it is aborted. */
export function runGit(folder: string, args: readonly string[], { signal, onOutput }: GitOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const child = spawn('git', [...guarded, '-C', folder, ...args], {
      // On Windows a program is looked for in the working folder first: never in the one that is scanned.
      cwd: path.dirname(process.execPath),
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    })
    const leave = onAbort(signal, () => void child.kill())
    const words = createTail(keptWords)
    child.stderr.setEncoding('utf8').on('data', (text: string) => words.push(text))
    child.stdout.on('data', (bytes: Buffer) => {
      try {
        onOutput(bytes)
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)))
        child.kill()
      }
    })
    child.once('error', (error: NodeJS.ErrnoException) => {
      leave()
      const isMissing = error.code === 'ENOENT'
      reject(isMissing ? new Problem('leaks.no-git') : failure(folder, error.message))
    })
    child.once('close', (code) => {
      leave()
      if (signal.aborted) reject(abortReason(signal))
      else if (code === 0) resolve()
      else reject(failure(folder, words.text().trim()))
    })
  })
}

const failure = (repository: string, detail: string) =>
  new Problem('leaks.git-failed', { repository, detail: detail === '' ? '–' : detail })

/** The whole output as text. */
export async function askGit(folder: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  const parts: Buffer[] = []
  await runGit(folder, args, { signal, onOutput: (bytes) => parts.push(bytes) })
  return Buffer.concat(parts).toString('utf8')
}

/** The output line by line. */
export async function eachGitLine(
  folder: string,
  args: readonly string[],
  { signal, onLine }: { signal: AbortSignal; onLine: (line: string) => void },
): Promise<void> {
  const decoder = new TextDecoder()
  let rest = ''
  const take = (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  }
  await runGit(folder, args, { signal, onOutput: (bytes) => take(decoder.decode(bytes, { stream: true })) })
  if (rest !== '') onLine(rest)
}
