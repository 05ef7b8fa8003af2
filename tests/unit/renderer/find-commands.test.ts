import { IconKey } from '@tabler/icons-react'
import { describe, expect, it } from 'vitest'
import type { Command } from '../../../renderer/app/palette/command'
import type { CommandGroup } from '../../../renderer/app/palette/commands'
import { findCommands } from '../../../renderer/app/palette/find-commands'

const command = (label: string, more: Partial<Command> = {}): Command => ({
  ...{ id: label, icon: IconKey, label, run: () => undefined },
  ...more,
})
const group = (id: CommandGroup['id'], ...labels: string[]): CommandGroup => ({
  id,
  commands: labels.map((label) => command(label)),
})

const groups = [
  group('actions', 'Start all', 'Lock now', 'Keyboard shortcuts', 'Leak scan'),
  group('services', ...Array.from({ length: 17 }, (_, n) => `Restart forge-${n}`)),
  group('settings', 'Theme', 'Auto-lock after'),
]

const shown = (query: string, open?: ReadonlySet<string>) =>
  findCommands(groups, query, open).groups.map(({ id, lines, more }) => [id, lines.length, more])

describe('the palette', () => {
  it('shows five of each group and counts the rest, until more are asked for', () => {
    expect(shown('')).toEqual([
      ['actions', 4, 0],
      ['services', 5, 12],
      ['settings', 2, 0],
    ])
    expect(shown('forge', new Set(['services']))).toEqual([['services', 17, 0]])
  })

  it('has the group of the best hit first, and the best of each group first', () => {
    const { groups: found } = findCommands(groups, 'lock')
    expect(found.map(({ id, lines }) => [id, lines.map(({ command: { label } }) => label)])).toEqual([
      ['actions', ['Lock now']],
      ['settings', ['Auto-lock after']],
    ])
    expect(findCommands(groups, 'theme').groups[0]?.id).toBe('settings')
  })

  it('says what it understood only where nothing is called as was typed', () => {
    expect(findCommands(groups, 'keybaord')).toMatchObject({ understood: 'keyboard', nearest: [] })
    expect(findCommands(groups, 'keyboard').understood).toBeNull()
  })

  it('names three actions, and nothing else, where nothing is found', () => {
    const { groups: found, nearest } = findCommands(groups, 'qqqqqqq')
    expect(found).toEqual([])
    expect(nearest).toHaveLength(3)
    expect(nearest.map(({ label }) => label)).not.toContain('Theme')
  })

  it('finds a command by what it costs and by what it is also called', () => {
    const known = [
      { id: 'images' as const, commands: [command('a lighthouse', { hint: 'forge-demo', words: '4242' })] },
    ]
    expect(findCommands(known, '4242').groups).toHaveLength(1)
    expect(findCommands(known, 'forge lighthouse').groups).toHaveLength(1)
  })
})
