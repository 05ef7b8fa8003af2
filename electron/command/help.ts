import type { Argument, Described, OptionDefinition } from './define'
import { commonOptions, optionsOf, remoteOptions } from './parse'
import type { Say } from './words'

const nameOf = ({ name, isOptional = false, repeats = false }: Argument) => {
  const named = repeats ? `${name}…` : name
  return isOptional ? `[${named}]` : named
}

/** Two columns, the right one beginning at the same place in each row. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`).join('\n')
}

/** How a command is called, e.g. `start SERVICE`. */
const callOf = ({ path, arguments: wanted }: Pick<Described, 'path' | 'arguments'>): string =>
  [...path, ...wanted.map(nameOf)].join(' ')

/** How an option is written, e.g. `-f, --follow` or `--out FILE`. */
function optionCall(name: string, { short, value, type }: OptionDefinition): string {
  const long = type === 'string' ? `--${name} ${value ?? 'TEXT'}` : `--${name}`
  return short === undefined ? long : `-${short}, ${long}`
}

/** What `regie --help` prints, or that of a group of commands. */
export function helpOfAll(commands: readonly Described[], say: Say): string {
  return [
    say('help.usage'),
    columns(commands.map((one): [string, string] => [callOf(one), say(one.summary)])),
    columns([
      ['--help', say('option.help')],
      ['--version', say('option.version')],
    ]),
    say('help.more'),
    '',
  ].join('\n\n')
}

/** What a command prints for `--help`. */
export function helpOf(command: Described, say: Say): string {
  const shown = optionsOf(command)
  const isShared = (name: string) => Object.hasOwn(remoteOptions, name) || Object.hasOwn(commonOptions, name)
  const rowsOf = (ofAll: boolean) =>
    Object.entries(shown)
      .filter(([name]) => isShared(name) === ofAll)
      .map(([name, option]): [string, string] => [optionCall(name, option), say(option.hint)])
  const own = rowsOf(false)
  return [
    `${say('help.call')} regie ${callOf(command)} ${say('help.options')}`,
    `  ${say(command.summary)}.`,
    ...(own.length > 0 ? [columns(own)] : []),
    columns(rowsOf(true)),
    '',
  ].join('\n\n')
}
