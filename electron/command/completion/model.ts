import type { Completes, Described } from '../define'
import { optionsOf } from '../parse'
import type { Say } from '../words'

/** What a shell offers, as the scripts name it: `list:a,b` is one of these. */
export type Kind = 'file' | 'folder' | 'service' | 'credential' | 'none' | `list:${string}`

export interface Offered {
  /** The words of the command so far, e.g. `keys`; empty at the beginning. */
  words: string
  /** What can come next of the command's own words. */
  next: readonly { word: string; hint: string }[]
  options: readonly { name: string; short: string | null; hint: string; takes: Kind | null }[]
  /** What stands at each place; the last one holds for all after it where it repeats. */
  arguments: readonly Kind[]
}

/**
 * What an id of a service or a credential looks like, to grep, fish and PowerShell alike. Nothing else of what a panel
 * answers is offered: bash's compgen runs a command that stands in a word, and what is offered comes into the line.
 */
export const idPattern = '^[a-z0-9][a-z0-9_-]*$'

const kindOf = (completes: Completes | undefined): Kind => {
  if (completes === undefined) return 'none'
  return typeof completes === 'string' ? completes : `list:${completes.join(',')}`
}

function offeredBy(command: Described, say: Say): Pick<Offered, 'options' | 'arguments'> {
  const options = Object.entries(optionsOf(command)).map(([name, { type, short = null, hint, completes }]) => ({
    ...{ name, short, hint: say(hint) },
    takes: type === 'string' ? kindOf(completes) : null,
  }))
  const places = command.arguments.map(({ completes }) => kindOf(completes))
  // A shell needs no more places than anybody types.
  const last = command.arguments.at(-1)?.repeats === true ? places.at(-1) : undefined
  return { options, arguments: last === undefined ? places : [...places, ...Array.from({ length: 8 }, () => last)] }
}

/** All that there is to complete, from the one table of commands. */
export function offeredIn(commands: readonly Described[], say: Say): Offered[] {
  const starts = new Set(commands.flatMap(({ path }) => path.map((_, at) => path.slice(0, at).join(' '))))
  const all = new Set([...starts, ...commands.map(({ path }) => path.join(' '))])
  return [...all].map((words) => {
    const depth = words === '' ? 0 : words.split(' ').length
    const below = commands.filter(({ path }) => path.length > depth && path.slice(0, depth).join(' ') === words)
    const next = new Map(
      below.map(({ path, summary }) => [path[depth] ?? '', path.length === depth + 1 ? say(summary) : '']),
    )
    const own = commands.find(({ path }) => path.join(' ') === words)
    return {
      words,
      next: [...next].map(([word, hint]) => ({ word, hint })),
      ...(own ? offeredBy(own, say) : { options: [], arguments: [] }),
    }
  })
}
