import { version } from '../package.json'
import { explainError } from './command/explain'

/** A command of the table: most of them ask a running panel. */
async function remote(args: string[]): Promise<number> {
  const { runCommand } = await import('./command/run')
  const { machineHere } = await import('./command/machine')
  return runCommand(args, machineHere())
}

/** Runs the command and resolves with its exit code; null where it goes on until it is ended. */
async function main([command, ...args]: string[]): Promise<number | null> {
  // Each is loaded when it is asked for: a panel needs nothing of the commands, and they nothing of it.
  switch (command) {
    case 'headless':
      process.argv = [process.execPath, process.argv[1] ?? '', ...args]
      await import('./headless')
      return null
    case 'service': {
      const { placeHere, runService, serviceUsage } = await import('./command/service')
      const { processTerminal } = await import('./command/terminal')
      if (!args.includes('--help')) return runService(args, placeHere(import.meta.dirname, processTerminal))
      process.stdout.write(serviceUsage)
      return 0
    }
    case 'backup': {
      // These two are the panel's to do; the others do without one.
      if (args[0] === 'list' || args[0] === 'make') return remote([command, ...args])
      const { backupUsage, runBackup } = await import('./command/backup')
      const { processTerminal } = await import('./command/terminal')
      if (!args.includes('--help')) return runBackup(args, processTerminal)
      process.stdout.write(backupUsage)
      return 0
    }
    case '--version':
    case '-V':
      process.stdout.write(`${version}\n`)
      return 0
    default:
      return remote(command === undefined ? [] : [command, ...args])
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    if (code !== null) process.exitCode = code
  },
  (error: unknown) => {
    process.stderr.write(`${explainError(error)}\n`)
    process.exitCode = 1
  },
)
