import { spawn } from 'node:child_process'
import path from 'node:path'

const built = path.resolve(import.meta.dirname, '../../dist/main/cli.js')

export interface RegieOptions {
  env?: Record<string, string>
  /** What is typed, or piped in; nothing where it is left out. */
  input?: string
  cwd?: string
  /** The program and what comes before the command's own words: the project's build unless another copy is named. */
  program?: readonly [string, ...string[]]
  /** Presses Ctrl+C when this resolves, which is given all that was printed so far. */
  endWhen?: (printed: () => Readonly<{ out: string; err: string }>) => Promise<unknown>
}

export interface Ended {
  code: number | null
  out: string
  err: string
}

/** What of this process's environment a command line is given: nothing that says where a panel is, or who asks. */
const plainEnvironment = () => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:REGIE_|LC_|LANG|XDG_|NODE_)/.test(name))),
  LANG: 'C',
})

/** Runs `regie …` as a process of its own. Resolves when it has ended. */
export function regie(args: readonly string[], options: RegieOptions = {}): Promise<Ended> {
  const { env = {}, input = '', cwd, program = [process.execPath, built], endWhen } = options
  const [file, ...before] = program
  const child = spawn(file, [...before, ...args], { cwd, env: { ...plainEnvironment(), ...env } })
  const printed = { out: '', err: '' }
  const read = (name: 'out' | 'err', stream: NodeJS.ReadableStream) =>
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text
    })
  read('out', child.stdout)
  read('err', child.stderr)
  // One that has ended already reads nothing any more.
  child.stdin.on('error', () => undefined).end(input)
  return new Promise((resolve, reject) => {
    endWhen?.(() => printed).then(() => child.kill('SIGINT'), reject)
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...printed }))
  })
}
