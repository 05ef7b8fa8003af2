import { headlessOptions } from '../http/command-line'
import { backupList, backupMake } from './commands/backups'
import { cancel } from './commands/cancel'
import { check } from './commands/check'
import { completion } from './commands/completion'
import { doctor } from './commands/doctor'
import { generate } from './commands/generate'
import { golden } from './commands/golden'
import { keysEnd, keysMake, keysRotate } from './commands/keys'
import { credentials, keysList, services, users } from './commands/lists'
import { loadTest } from './commands/load-test'
import { login, logout } from './commands/login'
import { logs } from './commands/logs'
import { modelsDownload, modelsHash, modelsList } from './commands/models'
import { apply, recreate, restart, start, stop } from './commands/operate'
import { rotate } from './commands/rotate'
import { status } from './commands/status'
import type { Command, Described, Options } from './define'
import { backupOptions } from './backup-options'
import { serviceOptions } from './service'

/** The commands, in the order in which the help names them. A new one is a file of `commands/` and a line here. */
export const commands: readonly Command[] = [
  status,
  ...[services, start, stop, restart, recreate, apply, logs, doctor],
  generate,
  ...[credentials, rotate, check, golden, loadTest],
  ...[modelsList, modelsDownload, modelsHash],
  ...[users, keysList, keysMake, keysRotate, keysEnd],
  ...[backupList, backupMake],
  cancel,
  ...[login, logout, completion],
]

/** Options that a program reads by itself, for help and completions. */
const read = (options: Readonly<Record<string, { type: 'string' | 'boolean' }>>): Options =>
  Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type, hint: 'option.seeHelp' }]))

const ofBackup = (word: string, summary: Described['summary']): Described => ({
  ...{ path: ['backup', word], summary, options: read(backupOptions), isRemote: false },
  arguments: [{ name: 'FILE', completes: 'file' }],
})

const ofService = (word: string, summary: Described['summary'], options: Options): Described => ({
  ...{ path: ['service', word], summary, arguments: [], options, isRemote: false },
})

/** All that `regie` understands: the commands, and the programs that read their own command line. */
export const described: readonly Described[] = [
  ...commands,
  { path: ['headless'], summary: 'command.headless', arguments: [], options: read(headlessOptions), isRemote: false },
  ofService('install', 'command.service.install', read(serviceOptions)),
  ofService('uninstall', 'command.service.uninstall', read(serviceOptions)),
  ofService('status', 'command.service.status', read({ data: { type: 'string' } })),
  ofBackup('restore', 'command.backup.restore'),
  ofBackup('check', 'command.backup.check'),
  ofService('link', 'command.service.link', read({ data: { type: 'string' } })),
]
