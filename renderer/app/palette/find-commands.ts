import { nearest, search, type Mark } from '../../ui/find'
import type { Command } from './command'
import type { CommandGroup } from './commands'

/** So many of a group are shown until more are asked for. */
const shownOfGroup = 5

export interface Line {
  command: Command
  marks: readonly Mark[]
}

export interface FoundGroup {
  id: CommandGroup['id']
  lines: Line[]
  /** How many more there are. */
  more: number
}

export interface FoundCommands {
  groups: FoundGroup[]
  /** What was looked for instead of what was typed. */
  understood: string | null
  /** The nearest actions, where nothing was found. */
  nearest: Command[]
}

/** Groups whose commands are no actions: a thing to look at is no answer to a verb that nobody knows. */
const notActions: ReadonlySet<CommandGroup['id']> = new Set(['settings', 'images', 'places'])

/**
 * The commands that a query finds, in the order of each group's best; five of a group unless it is one of `open`.
 * Without a query everything is there, in the order in which it came.
 */
export function findCommands(
  groups: readonly CommandGroup[],
  query: string,
  open: ReadonlySet<string> = new Set(),
): FoundCommands {
  const items = groups.flatMap(({ id, commands }) =>
    commands.map((command) => ({
      ...{ group: id, command, label: command.label },
      words: `${command.hint ?? ''} ${command.words ?? ''}`,
    })),
  )
  const { found, understood } = search(items, query)
  const isAsked = query.trim() !== ''
  const ranked = groups
    .map(({ id }) => {
      const hits = found.filter(({ item }) => item.group === id)
      return { id, hits: isAsked ? hits.sort((a, b) => a.score - b.score) : hits }
    })
    .filter(({ hits }) => hits.length > 0)
  if (isAsked) ranked.sort((a, b) => (a.hits[0]?.score ?? 0) - (b.hits[0]?.score ?? 0))
  return {
    groups: ranked.map(({ id, hits }) => {
      const shown = open.has(id) ? hits : hits.slice(0, shownOfGroup)
      return {
        ...{ id, more: hits.length - shown.length },
        lines: shown.map(({ item: { command }, marks }) => ({ command, marks })),
      }
    }),
    understood,
    nearest:
      found.length > 0
        ? []
        : nearest(
            items.filter(({ group }) => !notActions.has(group)),
            query,
            3,
          ).map(({ command }) => command),
  }
}
