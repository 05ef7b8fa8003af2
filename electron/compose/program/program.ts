import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { Problem, reason } from '../../../shared/problems'
import { onAbort } from '../../async/abort'
import { endTree } from '../../system/process-tree'
import { createTail } from '../../logs/cutting'
import { commandLine, isFirstGeneration, type Program, type ProjectFiles } from './arguments'
import { explainFailure } from './failures'
import { createLineReader } from './lines'
import { lastLines } from './messages'
import { hiderFor, refusedLine } from './quoted'

/** Asked to end, it may take this long until it is killed, in ms. */
const graceMs = 5_000
/** So much of what it prints is kept: the last characters. */
const keptCharacters = 256 * 1024

export interface RunOptions {
  project: ProjectFiles
  arguments: readonly string[]
  timeoutMs: number
  signal?: AbortSignal | undefined
  /** Told of every line that it prints: the generations tell on one or the other stream how far they are. */
  onLine?: ((line: string) => void) | undefined
  /** Variables beside those of the surroundings; for what no environment file has yet. */
  environment?: Record<string, string> | undefined
  /** Given on its standard input, which is closed after it; what holds secrets goes this way and never in a file. */
  input?: string | undefined
}

export interface ProgramOptions {
  /** What reaches the engine, e.g. `DOCKER_HOST`. */
  environment: () => Record<string, string>
  redact: (text: string) => string
  /** The panel's own environment. */
  own?: () => NodeJS.ProcessEnv
  /** Takes note of runs that change containers, so that a killed panel's can be ended by the next one. */
  notes?: RunNotes | undefined
}

export interface RunNotes {
  began(pid: number): Promise<void>
  ended(pid: number): Promise<void>
}

/** What changes containers, and must not go on when the panel is gone. */
const changing = new Set(['up', 'down'])

/** Set for another purpose than this call's, or Regie's own secrets. One project's settings are not every project's. */
const withheld =
  /^(REGIE_|ELECTRON_|NODE_OPTIONS$|COMPOSE_(FILE|PROJECT_NAME|PROFILES|REMOVE_ORPHANS|PATH_SEPARATOR|ENV_FILES)$)/i
const reachesEngine = /^DOCKER_(HOST|CONTEXT|TLS_VERIFY|CERT_PATH|API_VERSION)$/i

/** Where Docker Desktop and package managers put the program, in case the panel was started without a login shell. */
function usualFolders(own: NodeJS.ProcessEnv): string[] {
  switch (process.platform) {
    case 'win32':
      return [path.join(own['ProgramFiles'] ?? 'C:\\Program Files', 'Docker', 'Docker', 'resources', 'bin')]
    case 'darwin':
      return [
        '/usr/local/bin',
        '/opt/homebrew/bin',
        path.join(homedir(), '.docker', 'bin'),
        '/Applications/Docker.app/Contents/Resources/bin',
      ]
    default:
      return []
  }
}

/**
 * The user's own environment, since Compose fills `${NAME}` from it as in their terminal, without what is Regie's, and
 * with the way to the engine that Regie uses.
 */
function composeEnvironment(
  own: NodeJS.ProcessEnv,
  engine: Record<string, string>,
  folders = usualFolders(own),
): Record<string, string> {
  const replaced = Object.keys(engine).some((name) => reachesEngine.test(name))
  const kept = Object.entries(own).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !withheld.test(entry[0]) && !(replaced && reachesEngine.test(entry[0])),
  )
  const pathName = kept.find(([name]) => name.toUpperCase() === 'PATH')?.[0] ?? 'PATH'
  const environment = Object.fromEntries(kept)
  const searched = [environment[pathName] ?? '', ...folders].filter((folder) => folder !== '')
  // A project's own `.env` may ask for it, and an `up` would then remove what no file names: this wins over that.
  const kindness = { COMPOSE_REMOVE_ORPHANS: 'false' }
  return { ...environment, [pathName]: searched.join(path.delimiter), ...kindness, ...engine }
}

interface Ended {
  code: number | null
  stdout: string
  stderr: string
  /** The system's code where it could not be started. */
  error: string | null
}

interface Execution {
  folder?: string
  environment: Record<string, string>
  signal: AbortSignal
  onLine?: ((line: string) => void) | undefined
  notes?: RunNotes | undefined
  input?: string | undefined
}

/** Runs a program until it ends, or ends it with all that it started. Resolves also when it failed. */
function execute(
  command: readonly string[],
  { environment, folder, signal, onLine, notes, input }: Execution,
): Promise<Ended> {
  const [file = '', ...args] = command
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      // The shell's name for the folder, which Compose takes where it is a link.
      ...(folder === undefined ? { env: environment } : { env: { ...environment, PWD: folder }, cwd: folder }),
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      // A group of its own, by which it is ended whole.
      detached: process.platform !== 'win32',
    })
    // A program that ends before it has read all says why on its standard error.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    // A note that cannot be written only matters after a crash.
    const { pid } = child
    const noted = pid === undefined ? undefined : notes?.began(pid).catch(() => undefined)
    // Standard output is an answer to be read whole; of the rest the end is enough.
    let answer = ''
    const words = createTail(keptCharacters)
    let error: string | null = null
    // A build of Compose 1 tells its steps on standard output; an answer holds no such line.
    const lines = onLine ? { stdout: createLineReader(onLine), stderr: createLineReader(onLine) } : null
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8')
      child[name].on('data', (text: string) => {
        // An answer, which nobody follows, is to be read whole; of what is followed the lines are enough.
        if (name === 'stderr') words.push(text)
        else if (lines === null) answer += text
        lines?.[name].push(text)
      })
    }
    const leave = onAbort(signal, () => {
      if (child.pid !== undefined) void endTree(child.pid, graceMs)
    })
    child.once('error', (failure: NodeJS.ErrnoException) => (error = failure.code ?? failure.message))
    child.once('close', (code) => {
      leave()
      lines?.stdout.end()
      lines?.stderr.end()
      if (pid !== undefined) void noted?.then(() => notes?.ended(pid)).catch(() => undefined)
      resolve({ code, stdout: answer, stderr: words.text(), error })
    })
  })
}

const versionOf = ({ code, stdout }: Ended): string | null =>
  code === 0 ? (/v?(\d+\.\d+[^\s,]*)/.exec(stdout)?.[1] ?? null) : null

/** Throws `compose.cli-missing` where there is none. */
async function lookFor(environment: Record<string, string>): Promise<Program> {
  for (const program of ['plugin', 'standalone'] as const) {
    const command = program === 'plugin' ? ['docker', 'compose'] : ['docker-compose']
    const answer = await execute([...command, 'version', '--short'], {
      environment,
      signal: AbortSignal.timeout(20_000),
    })
    const version = versionOf(answer)
    if (version !== null) return { program, version }
  }
  throw new Problem('compose.cli-missing')
}

interface Failed {
  program: Program
  project: ProjectFiles
  redact: (text: string) => string
  action: string
  /** The time that it had, in ms, where it was ended because that was up. */
  lateMs: number | null
}

/** Why a run that began has failed, by what it printed. */
async function failureOf(
  { code, stderr }: Ended,
  { program, project, redact, action, lateMs }: Failed,
): Promise<Problem> {
  const hide = await hiderFor(project)
  const output = hide(redact(stderr))
  if (lateMs !== null)
    return new Problem('compose.timeout', { action, minutes: Math.round(lateMs / 60_000), output: lastLines(output) })
  const line = isFirstGeneration(program) ? null : await refusedLine(project, stderr)
  if (line) return line
  const why =
    explainFailure(output, program.version) ??
    reason('compose.failed', { action, code: code ?? '', output: lastLines(output) })
  return new Problem(why.problem, why.params)
}

/** Finds the Compose program and runs it. */
export function createProgram({ environment, redact, own = () => process.env, notes }: ProgramOptions) {
  let found: Promise<Program> | null = null
  const surroundings = () => composeEnvironment(own(), environment())

  /** Remembered once it was found; looked for again after it was missing. */
  const find = (): Promise<Program> => {
    found ??= lookFor(surroundings()).catch((error: unknown) => {
      found = null
      throw error
    })
    return found
  }

  return {
    find,

    /** The environment in which Compose runs, and from which it fills `${NAME}`. */
    surroundings,

    /** Runs Compose and answers what it printed. Throws a Problem that says why it failed. */
    async run(options: RunOptions): Promise<string> {
      const { project, arguments: rest, timeoutMs, signal, onLine, input } = options
      const action = rest[0] ?? ''
      const isCancelled = () => signal?.aborted === true
      if (isCancelled()) throw new Problem('compose.cancelled', { action })
      const program = await find()
      const late = AbortSignal.timeout(timeoutMs)
      const stopped = signal ? AbortSignal.any([signal, late]) : late
      const command = commandLine(program, project, rest)
      const ended = await execute(command, {
        environment: { ...options.environment, ...surroundings() },
        folder: project.folder,
        signal: stopped,
        onLine,
        input,
        notes: changing.has(action) ? notes : undefined,
      })
      if (ended.error !== null) {
        // A program cannot be started in a folder that is gone, and the system says the same of both.
        if (!existsSync(project.folder))
          throw new Problem('compose.file-missing', { file: project.files[0] ?? project.folder })
        found = null
        throw new Problem('compose.cli-missing')
      }
      if (ended.code === 0) return ended.stdout
      const failure = await failureOf(ended, {
        program,
        project,
        redact,
        action,
        lateMs: late.aborted ? timeoutMs : null,
      })
      throw isCancelled() ? new Problem('compose.cancelled', { action }) : failure
    },
  }
}
