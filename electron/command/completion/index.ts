import type { Described } from '../define'
import type { Say } from '../words'
import { fishScript } from './fish'
import { offeredIn } from './model'
import { bashScript, zshScript } from './posix'
import { powershellScript } from './powershell'

export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const
export type Shell = (typeof shells)[number]

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript, powershell: powershellScript } as const

/** The script that teaches a shell the commands of the table. */
export const completionFor = (shell: Shell, commands: readonly Described[], say: Say): string =>
  scripts[shell](offeredIn(commands, say))
