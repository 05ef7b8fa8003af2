import open from 'open'
import { readFileSync } from 'node:fs'
import { Problem, reason, type Reason } from '../shared/problems'
import { parseHeadlessOptions, usage, type HeadlessOptions } from './http/command-line'
import { codeLine } from './http/codes'
import { keepWaysIn, type WaysIn } from './http/ways-in'
import { explainTakenPort, greeting, hasDisplay } from './http/greeting'
import { Sessions } from './http/sessions'
import { listen } from './http/server'
import { createPanel, type Panel } from './panel/create'
import { builtPrograms } from './panel/programs'
import { readAddresses } from './exposure'
import { openConfig, openSessionStore, setAsideUnreadableConfig } from './storage/config'
import { defaultDataFolder, prepareDataFolder } from './storage/data-folder'
import { dataPaths } from './storage/paths'
import { managerOf, readPassphrase, restartCommand, type Unlock } from './unattended'
import { keyFileKeeper, passphraseKeeper, type KeyKeeper } from './vault/keepers'

/** How long everything that was started may take to end, in ms. */
const stopDeadlineMs = 20_000

/** Who keeps the vault's key: the demo's file, a passphrase that was handed in, or whoever types it into the page. */
async function chooseKeeper(options: HeadlessOptions, dataFolder: string): Promise<KeyKeeper | null> {
  if (options.demo) return keyFileKeeper(dataPaths(dataFolder).vaultKey)
  const passphrase = options.unattended === null ? handedPassphrase(options) : await keptPassphrase(options.unattended)
  return passphrase ? passphraseKeeper(passphrase) : null
}

const handedPassphrase = ({ passphraseFile }: HeadlessOptions) =>
  passphraseFile ? readFileSync(passphraseFile, 'utf8').split(/\r?\n/, 1)[0] : process.env['REGIE_PASSPHRASE']

/** What the system keeps for a start with nobody there. Without it the panel starts all the same, locked. */
async function keptPassphrase(unlock: Unlock): Promise<string | null> {
  try {
    return await readPassphrase(unlock, { env: process.env })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    process.stderr.write(`The vault stays locked: its passphrase could not be had (${unlock}): ${why}\n`)
    return null
  }
}

/** What starts the service of the system again that this process is. */
function ownRestartCommand(): string | null {
  const manager = managerOf(process.platform)
  return manager && restartCommand(manager, process.getuid?.() ?? 0)
}

/** Which of this machine's addresses exposure tests ask from; all of them unless a person lists some. */
const exposureAddresses = process.env['REGIE_DOOR_ADDRESSES']

/** The file with the ways in; that it cannot be written is a notice for as long as it lasts. */
function waysInOf(file: string, { parts }: Panel, notices: Reason[]): WaysIn {
  const unwritten = reason('session.link-unwritten', { path: file })
  return keepWaysIn(file, {
    onTrouble(error) {
      const at = notices.findIndex(({ problem }) => problem === unwritten.problem)
      if (at !== -1) notices.splice(at, 1)
      if (error !== null) {
        notices.push(unwritten)
        parts.log.warn({ err: error, path: file }, 'the sign-in link could not be written')
      }
      parts.attention.noticesChanged()
    },
  })
}

async function main(args: string[]): Promise<void> {
  const options = parseHeadlessOptions(args)
  const dataFolder = prepareDataFolder(options.data ?? defaultDataFolder())
  const configNotice = setAsideUnreadableConfig(dataFolder)
  const notices = configNotice ? [configNotice] : []
  const own: { url: string | null } = { url: null }
  const panel = await createPanel({
    dataFolder,
    demo: options.demo,
    simulators: options.demo,
    config: openConfig(dataFolder),
    keeper: await chooseKeeper(options, dataFolder),
    notices,
    programs: builtPrograms,
    desktop: null,
    restartCommand: options.unattended === null ? null : ownRestartCommand(),
    publicOrigins: options.publicOrigins,
    trustedProxies: options.trustedProxies,
    ownUrl: () => own.url,
    ...(exposureAddresses ? { exposureAddresses: () => readAddresses(exposureAddresses) } : {}),
  })
  const adminToken = process.env['REGIE_ADMIN_TOKEN'] ?? null
  // What a service prints is kept, in a journal: there the ways in lie in a file of the owner's.
  const waysIn = options.unattended === null ? null : waysInOf(dataPaths(dataFolder).signInLink, panel, notices)
  const sessions = new Sessions({
    store: openSessionStore(dataFolder),
    adminToken,
    access: panel.parts.access,
    print: (code) => (waysIn ? waysIn.tell(code) : process.stdout.write(codeLine(code))),
    linkUsed: () => waysIn?.renew(),
  })
  const { host, port, tls } = options
  const door = await listen({
    ...{ ...panel, sessions, host, port },
    tls: tls ? { cert: readFileSync(tls.cert), key: readFileSync(tls.key) } : undefined,
  }).catch(async (error: unknown) => {
    await panel.close()
    throw error
  })

  own.url = door.url
  stopOnSignals(async () => {
    await door.close()
    await panel.close()
    waysIn?.end()
  })

  // Nobody can open an address that stands for all.
  const [publicOrigin] = panel.parts.publicAddresses.all()
  const shown = publicOrigin ? `${publicOrigin}/` : door.url.replace(/\/\/(0\.0\.0\.0|\[::\]):/, '//127.0.0.1:')
  const newLink = () => `${shown}signin?token=${sessions.issueOneTimeToken()}`
  panel.announce(shown)
  waysIn?.begin(newLink)
  const link = waysIn ? null : newLink()
  process.stdout.write(greeting({ url: door.url, link, dataFolder, demo: options.demo }))
  // Node loads its fetch, 25 ms of work, when it is used first: now, while whoever reads that is on the way.
  setImmediate(() => new Headers())
  if (options.open && link !== null) await openInBrowser(link)
}

/** Ends everything that was started, once, when the process is told to. */
function stopOnSignals(end: () => Promise<void>): void {
  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), stopDeadlineMs).unref()
    void end().then(() => process.exit(0))
  }
  // SIGBREAK is what Windows sends for Ctrl+Break and when its console closes.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const) process.on(signal, stop)
}

/** Opens the default browser; where there is none, says that the printed link is the way in. */
async function openInBrowser(link: string): Promise<void> {
  if (!hasDisplay(process.platform, process.env)) {
    process.stderr.write('There is no display on this machine: open the link above in a browser elsewhere.\n')
    return
  }
  const browser = await open(link)
  browser.on('error', () => process.stderr.write('No browser could be opened; use the link above.\n'))
}

/** A mistake in the command or on the machine is one line; only a bug shows its stack. */
async function explain(error: unknown): Promise<string> {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof Problem) return `${error.message}\n${error.hint}`
  const code = 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return explainTakenPort(parseHeadlessOptions(process.argv.slice(2)))
  if (code === 'EACCES') return `${error.message}. Choose another port or data folder.`
  if (code === 'ENOENT') return error.message
  if (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS')) return `${error.message}\n\n${usage}`
  return error.message.startsWith('--') ? error.message : (error.stack ?? error.message)
}

if (process.argv.includes('--help')) process.stdout.write(usage)
else {
  main(process.argv.slice(2)).catch(async (error: unknown) => {
    process.stderr.write(`${await explain(error)}\n`)
    process.exit(1)
  })
}
