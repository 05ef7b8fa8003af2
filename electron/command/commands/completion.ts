import { completionFor, shells } from '../completion'
import { command } from '../define'
import { exits, usageError } from '../exits'

export const completion = command({
  path: ['completion'],
  summary: 'command.completion',
  arguments: [{ name: 'SHELL', completes: shells }],
  options: {},
  isRemote: false,
  run({ positionals: [named = ''] }, { output, say, described }) {
    const shell = shells.find((each) => each === named)
    if (shell === undefined) throw usageError('usage.oneOf', { name: 'SHELL', all: shells.join(', '), given: named })
    output.data(null, () => completionFor(shell, described, say))
    return Promise.resolve(exits.done)
  },
})
