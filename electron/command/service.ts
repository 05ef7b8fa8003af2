import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { parseHeadlessOptions, readUnlock } from '../http/command-line'
import { defaultDataFolder } from '../storage/data-folder'
import { fileErrorCode, readIfPresent } from '../storage/files'
import { lockDataFolder } from '../storage/folder-lock'
import { dataPaths } from '../storage/paths'
import {
  findInstalled,
  install,
  launchOf,
  managerOf,
  oldestWithUserCredentials,
  planFor,
  runProgram,
  shown,
  uninstall,
  unlockOf,
  type Manager,
  type Plan,
  type Run,
  type Unlock,
} from '../unattended'
import { checkPassphrase } from './passphrase-check'
import { ask, askHidden, type Terminal } from './terminal'

/** What the command knows of the machine and of how it runs; a test says it. */
export interface Place {
  platform: NodeJS.Platform
  env: NodeJS.ProcessEnv
  home: string
  user: string
  uid: number
  execPath: string
  isElectron: boolean
  /** The folder of the build. */
  built: string
  run: Run
  terminal: Terminal
}

/** Where this process runs. `built` is the folder of its code. */
export function placeHere(built: string, terminal: Terminal): Place {
  const { username } = os.userInfo()
  const domain = process.env['USERDOMAIN']
  return {
    platform: process.platform,
    env: process.env,
    home: os.homedir(),
    user: process.platform === 'win32' && domain ? `${domain}\\${username}` : username,
    uid: process.getuid?.() ?? 0,
    execPath: process.execPath,
    isElectron: 'electron' in process.versions,
    built,
    run: runProgram,
    terminal,
  }
}

export const serviceUsage = `Usage: regie service <command> [options]

  install     have the system start Regie without a window at each sign-in, and again after a crash
  uninstall   take away what was installed; data and containers stay
  status      say whether it is installed and how it goes
  link        print the address that signs in once

  --unlock <how>          what opens the vault: systemd-credential, keychain or dpapi, each on its own system,
                          or none: it stays locked until the passphrase is typed into the page (default)
  --print                 only show what would be written and run
  --yes                   do not ask; the passphrase is then read from the standard input

  install also takes the panel's own: --port, --host, --data, --demo, --public-url, --trust-proxy, --tls-cert, --tls-key
`

/** The options of the command itself; all others are the panel's. */
const own = {
  unlock: { type: 'string', default: 'none' },
  print: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
} as const

const panels = {
  port: { type: 'string' },
  host: { type: 'string' },
  data: { type: 'string' },
  demo: { type: 'boolean' },
  'public-url': { type: 'string', multiple: true },
  'trust-proxy': { type: 'string', multiple: true },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
} as const

/** All options of `regie service install`. */
export const serviceOptions = { ...own, ...panels }

/** Runs `regie service …` and resolves with the exit code. Throws an Error for the person. */
export async function runService(args: string[], place: Place): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: serviceOptions, allowPositionals: true })
  const [command, ...more] = positionals
  if (more.length > 0) throw new Error(`"regie service ${command}" takes no "${more.join(' ')}".`)
  const { unlock: how, print, yes, ...given } = values
  const manager = managerOf(place.platform)
  if (manager === null)
    throw new Error('Regie installs itself on Linux, macOS and Windows; this system is none of them.')
  const dataFolder = path.resolve(given.data ?? defaultDataFolder(place.env, place.platform))
  switch (command) {
    case 'install': {
      const unlock = readUnlock(how, '--unlock')
      const plan = planOf(manager, unlock, { given, dataFolder }, place)
      return installService({ plan, unlock, dataFolder, print, yes, demo: given.demo === true }, place)
    }
    case 'uninstall':
      return uninstallService(planOf(manager, unlockOf[manager], { given, dataFolder }, place), { print, yes }, place)
    case 'status':
      return tellStatus(planOf(manager, 'none', { given, dataFolder }, place), place)
    case 'link':
      return tellLink(dataPaths(dataFolder).signInLink, place)
    case undefined:
      place.terminal.out(serviceUsage)
      return 0
    default:
      throw new Error(`There is no "regie service ${command}".\n\n${serviceUsage}`)
  }
}

type Given = Record<string, string | string[] | boolean | undefined>

/** The panel's options as they stand in what is written: paths whole, since a manager starts it from elsewhere. */
function panelArguments(given: Given, dataFolder: string, unlock: Unlock): string[] {
  const whole: Given = { ...given, data: dataFolder }
  const args = Object.entries(whole).flatMap(([name, value]) => {
    if (value === undefined) return []
    if (typeof value === 'boolean') return value ? [`--${name}`] : []
    const isFile = name === 'tls-cert' || name === 'tls-key'
    return [value].flat().flatMap((each) => [`--${name}`, isFile ? path.resolve(each) : each])
  })
  const all = [...args, '--unattended', unlock]
  // Refused here, and not at each start.
  parseHeadlessOptions(all)
  return all
}

function planOf(
  manager: Manager,
  unlock: Unlock,
  { given, dataFolder }: { given: Given; dataFolder: string },
  place: Place,
): Plan {
  if (unlock !== 'none' && unlock !== unlockOf[manager])
    throw new Error(`--unlock ${unlock} is not of this system: take ${unlockOf[manager]} or none.`)
  const launch = launchOf(place)
  const args = [...launch.args, ...panelArguments(given, dataFolder, unlock)]
  const words = [launch.file, ...args]
  if (words.some((word) => /\p{Cc}/u.test(word)))
    throw new Error('A path with a line break, or another control character, cannot be written into a service.')
  if (manager === 'task-scheduler' && words.some((word) => word.includes('%')))
    throw new Error('Windows takes a % in a path of a task for a variable. Choose a folder without one.')
  return planFor(manager, { ...place, launch: { ...launch, args }, dataFolder, unlock })
}

/** What will happen, in whole. */
function describe(plan: Plan, isReplaced: boolean): string {
  const { file, seal, sealedFile, install: calls } = plan
  const content = file.content.replace(/^\uFEFF/, '')
  return [
    `${isReplaced ? 'Replaces' : 'Writes'} ${file.path}:`,
    '',
    ...content
      .trimEnd()
      .split('\n')
      .map((line) => (line === '' ? '' : `    ${line}`)),
    '',
    'Runs:',
    '',
    ...[...(seal ? [seal] : []), ...calls].map((call) => `    ${shown(call)}`),
    '',
    ...(seal === null
      ? []
      : [
          `The passphrase goes to the first of them on its standard input${sealedFile ? `, which seals it into ${sealedFile}` : ''}.`,
          '',
        ]),
  ].join('\n')
}

interface Install {
  plan: Plan
  unlock: Unlock
  dataFolder: string
  print: boolean
  yes: boolean
  /** Its vault is opened by a file of its own. */
  demo: boolean
}

async function installService({ plan, unlock, dataFolder, print, yes, demo }: Install, place: Place): Promise<number> {
  const { terminal, run } = place
  const found = await findInstalled(plan, run)
  terminal.out(describe(plan, found !== null))
  if (print) return 0
  await checkSystem(plan, unlock, run)
  // A running service of this name is restarted; any other panel on the folder would be in its way for ever.
  if (found === null) checkFree(dataFolder)
  const passphrase = unlock === 'none' ? null : await readForUnlock(dataFolder, yes, terminal)
  if (!yes && !(await agreed(terminal, 'Go on? [y/N] '))) return 1
  await install(plan, passphrase, run)
  terminal.out(`Installed: ${plan.name}. "regie service link" prints the address that signs in.\n`)
  if (unlock === 'none' && !demo)
    terminal.out('The vault stays locked after each start until its passphrase is typed into the page.\n')
  if (plan.manager === 'systemd')
    terminal.out('It runs while you are signed in; for all the time since boot: loginctl enable-linger\n')
  return 0
}

const agreed = async (terminal: Terminal, question: string): Promise<boolean> =>
  /^y(es)?$/i.test((await ask(terminal, question))?.trim() ?? '')

/** Throws where the system lacks what the wish needs. */
async function checkSystem(plan: Plan, unlock: Unlock, run: Run): Promise<void> {
  if (plan.manager !== 'systemd' || unlock !== 'systemd-credential') return
  const { code, output } = await run({ file: 'systemctl', args: ['--version'] })
  const [, version] = /^systemd (\d+)/m.exec(output) ?? []
  if (code === 0 && Number(version) >= oldestWithUserCredentials) return
  throw new Error(
    `Sealed credentials of a user's own service need systemd ${oldestWithUserCredentials} or newer; here is ${version ?? 'none'}. ` +
      'Take --unlock none: Regie then starts locked, and says so.',
  )
}

/** Throws `data-folder.in-use` where another panel holds the folder. */
function checkFree(dataFolder: string): void {
  const { lock } = dataPaths(dataFolder)
  if (existsSync(lock)) lockDataFolder(lock).release()
}

/** The vault's passphrase, which must open the vault where there is one. Throws an Error for the person. */
async function readForUnlock(dataFolder: string, isPiped: boolean, terminal: Terminal): Promise<string> {
  const passphrase = isPiped
    ? await ask(terminal, '')
    : await askHidden(terminal, 'Passphrase of the vault (nothing is shown): ')
  if (!passphrase) throw new Error('No passphrase was given.')
  await checkPassphrase(dataPaths(dataFolder).vault, passphrase)
  return passphrase
}

async function uninstallService(
  plan: Plan,
  { print, yes }: { print: boolean; yes: boolean },
  place: Place,
): Promise<number> {
  const { terminal, run } = place
  if ((await findInstalled(plan, run)) === null) {
    terminal.out(`Nothing of Regie's is installed as ${plan.name}.\n`)
    return 0
  }
  const sealed = plan.sealedFile !== null && (await readIfPresent(plan.sealedFile)) !== null ? [plan.sealedFile] : []
  terminal.out(
    [
      'Runs:',
      '',
      ...plan.uninstall.map((call) => `    ${shown(call)}`),
      '',
      'Removes:',
      '',
      ...[plan.file.path, ...sealed].map((file) => `    ${file}`),
      '',
      '',
    ].join('\n'),
  )
  if (print) return 0
  if (!yes && !(await agreed(terminal, 'Go on? [y/N] '))) return 1
  await uninstall(plan, run)
  terminal.out('Removed. Data, services and containers are as they were.\n')
  return 0
}

async function tellStatus(plan: Plan, { terminal, run }: Place): Promise<number> {
  if ((await findInstalled(plan, run)) === null) {
    terminal.out('Not installed. "regie service install" shows what it would write.\n')
    return 1
  }
  const { code, output } = await run(plan.status)
  terminal.out(`${output}\n`)
  return code
}

async function tellLink(file: string, { terminal }: Place): Promise<number> {
  try {
    terminal.out(await readFile(file, 'utf8'))
    return 0
  } catch (error) {
    if (fileErrorCode(error) !== 'ENOENT') throw error
    throw new Error('No panel that the system has started runs on this data folder. See "regie service status".', {
      cause: error,
    })
  }
}
