import { version } from '../package.json'
import { backupUsage, runBackup } from './command/backup'
import { explainError } from './command/explain'
import { placeHere, runService, serviceUsage } from './command/service'
import { processTerminal } from './command/terminal'

const usage = `Usage: regie <command> [options]

  headless    run the panel without a window, for a browser (regie headless --help)
  service     have the system start it (regie service --help)
  backup      restore a backup, or check one, where no panel runs (regie backup --help)

  --version   print the version
  --help      print this
`

async function main([command, ...args]: string[]): Promise<number | null> {
  switch (command) {
    case 'headless':
      process.argv = [process.execPath, process.argv[1] ?? '', ...args]
      await import('./headless')
      return null // it runs until it is ended
    case 'service':
      if (args.includes('--help')) process.stdout.write(serviceUsage)
      else return runService(args, placeHere(import.meta.dirname, processTerminal))
      return 0
    case 'backup':
      if (!args.includes('--help')) return runBackup(args, processTerminal)
      process.stdout.write(backupUsage)
      return 0
    case '--version':
      process.stdout.write(`${version}\n`)
      return 0
    case '--help':
    case undefined:
      process.stdout.write(usage)
      return 0
    default:
      process.stderr.write(`There is no "regie ${command}".\n\n${usage}`)
      return 2
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
