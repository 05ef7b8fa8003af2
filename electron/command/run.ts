import { findCommand, parseCommand } from './parse'
import { createOutput } from './output'
import { exits, explain, usageError, CommandFailure } from './exits'
import { helpOf, helpOfAll } from './help'
import { languageOf, type Machine } from './machine'
import { openPanel, type Panel } from './panel'
import { commands, described } from './table'
import { findTarget, isInTheClear, type Aim } from './target'
import { askHidden } from './terminal'
import { sayIn } from './words'
import type { Command, Context, Parsed } from './define'

const textOf = (value: Parsed['values'][string]) => (typeof value === 'string' ? value : undefined)

const aimOf = ({ values }: Parsed): Aim => ({
  url: textOf(values['url']),
  profile: textOf(values['profile']),
  ca: textOf(values['ca']),
  data: textOf(values['data']),
})

/** The panel of one command: opened when it is first asked for, and closed once. */
function panelFor({ aim, machine, signal }: Pick<Context, 'aim' | 'machine' | 'signal'>, warn: (url: string) => void) {
  let url = ''
  let opening: Promise<Panel> | null = null
  const askPassword = (question: string) =>
    machine.terminal.input.isTTY === true ? askHidden(machine.terminal, question, signal) : Promise.resolve(null)
  const open = async (question: string) => {
    const target = await findTarget(aim, machine)
    url = target.url
    if (target.key !== null && isInTheClear(url)) warn(url)
    return openPanel(target, () => askPassword(question))
  }
  return {
    url: () => url,
    connect: (question: string) => (opening ??= open(question)),
    async close() {
      await (await opening?.catch(() => null))?.close()
    },
  }
}

/** Ends a command that nobody waits for any more: with a word where something goes on without them. */
function endings(machine: Machine) {
  const ended = new AbortController()
  let exit: typeof exits.interrupted | typeof exits.unread | null = null
  const end = (as: NonNullable<typeof exit>) => {
    exit ??= as
    ended.abort()
  }
  machine.onEnd(
    () => end(exits.interrupted),
    () => end(exits.unread),
  )
  return { signal: ended.signal, exit: () => exit }
}

/** Runs a command that was read. Resolves with its exit code. */
async function runParsed(found: Command, parsed: Parsed, machine: Machine): Promise<number> {
  const language = languageOf(machine)
  const say = sayIn(language)
  const output = createOutput(machine, parsed.values['json'] === true)
  const aim = aimOf(parsed)
  const ending = endings(machine)
  const panel = panelFor({ aim, machine, signal: ending.signal }, (url) => output.say(say('warning.clear', { url })))
  let goesOn: string | null = null
  const context: Context = {
    ...{ say, language, output, machine, aim, described, signal: ending.signal },
    connect: () => panel.connect(say('ask.password')),
    goesOn: (words) => (goesOn = words),
  }
  const tellWhatGoesOn = () => {
    if (goesOn !== null) output.say(goesOn)
  }
  try {
    const code = await found.run(parsed, context)
    return ending.exit() ?? code
  } catch (error) {
    const exit = ending.exit()
    if (exit === exits.interrupted) tellWhatGoesOn()
    if (exit !== null) return exit
    const explained = explain(error, { say, language, url: panel.url() })
    output.say(explained.text)
    if (explained.exit === exits.late) tellWhatGoesOn()
    return explained.exit
  } finally {
    await panel.close()
  }
}

/** Runs `regie …`, apart from the programs that read their own command line. Resolves with the exit code. */
export async function runCommand(args: readonly string[], machine: Machine): Promise<number> {
  const say = sayIn(languageOf(machine))
  const { terminal } = machine
  const [first] = args
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    terminal.out(helpOfAll(described, say))
    return exits.done
  }
  try {
    const line = findCommand(commands, args)
    if (line === null) throw noSuchCommand(args)
    const parsed = parseCommand(line.found, line.rest)
    if (parsed.values['help'] !== true) return await runParsed(line.found, parsed, machine)
    terminal.out(helpOf(line.found, say))
    return exits.done
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    terminal.err(`${say(error.key, error.params)}\n`)
    return error.exit
  }
}

/** A group with another word behind it, or nothing that there is. */
function noSuchCommand([first = '', second = '']: readonly string[]): CommandFailure {
  const group = commands.filter(({ path }) => path[0] === first)
  if (group.length === 0) return usageError('usage.noCommand', { command: first })
  const all = group.map(({ path }) => path[1] ?? '').join(', ')
  return usageError('usage.oneOf', { name: `regie ${first}`, all, given: second })
}
