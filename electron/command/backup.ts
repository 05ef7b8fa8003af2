import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Ended, LeftOut } from '../../shared/contract'
import { openAudit } from '../audit/audit'
import { finishRestore, restoreAlone, restoredEntries, tryAlone, type BackupSecret, type Restored } from '../backup'
import { defaultDataFolder, prepareDataFolder } from '../storage/data-folder'
import { lockDataFolder } from '../storage/folder-lock'
import { dataPaths, type DataPaths } from '../storage/paths'
import { passphraseKeeper, type KeyKeeper } from '../vault/keepers'
import { backupOptions } from './backup-options'
import { plain } from './output'
import { ask, askHidden, type Terminal } from './terminal'

export const backupUsage = `Usage: regie backup <command> FILE [options]

  list, make         of a running panel: see "regie backup make --help"

  restore FILE       put a backup in the place of what a data folder holds; no panel may run on it
  check FILE         restore it into a temporary folder, and tell what is in it

  --identity FILE    open it with this age identity (otherwise its passphrase is asked for)
  --data FOLDER      the data folder (default: the usual one)
  --missing-files    write Compose files and locations of credentials where they are missing, too
  --revive-ended     bring back keys, people and passwords that were ended since the backup, too
  --yes              ask nothing; the passphrase, and a line later the vault's, are read from the standard input

What is replaced is kept in the folder before-restore/. The vault gets a passphrase, which is asked for.
`

/** Runs `regie backup …`; resolves with the exit code. Throws a Problem or an Error for the person. */
export async function runBackup(args: string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: backupOptions, allowPositionals: true })
  const [command, file] = positionals
  if (command === undefined || file === undefined || positionals.length > 2) {
    terminal.err(backupUsage)
    return 2
  }
  const lines = values.yes ? await pipedLines(terminal) : null
  const secret = async (question: string): Promise<string> => {
    const given = lines === null ? await askHidden(terminal, question) : lines.shift()
    if (!given) throw new Error('No passphrase was given.')
    return given
  }
  const key: BackupSecret =
    values.identity === undefined
      ? { passphrase: await secret('Passphrase of the backup (nothing is shown): ') }
      : { identity: await readFile(values.identity, 'utf8') }
  const dataFolder = prepareDataFolder(values.data ?? defaultDataFolder())
  const paths = dataPaths(dataFolder)
  const from = { paths, file: path.resolve(file), key }
  switch (command) {
    case 'check':
      return locked(paths, async () => tell(await tryAlone(from), terminal))
    case 'restore':
      return locked(paths, async () => {
        const found = await tryAlone(from)
        tell(found, terminal)
        tellEnded({ ended: found.ended, keepEnded: !values['revive-ended'] }, terminal)
        if (!values.yes && !(await agreed(terminal, `Replace what ${dataFolder} holds? [y/N] `))) return 1
        const keeper = async () => vaultKeeper(await secret('New passphrase of the vault (nothing is shown): '))
        const keepEnded = !values['revive-ended']
        await restoreAlone({ ...from, keeper, missingFiles: values['missing-files'], keepEnded })
        const done = await finishRestore(paths)
        const audit = await openAudit(paths.audit)
        for (const entry of done ? restoredEntries(done) : []) await audit.append(entry)
        if (done) terminal.out(`Restored. What was replaced is kept in ${done.kept}\n`)
        if (done) tellEnded(done, terminal)
        for (const each of done?.failed ?? []) terminal.err(`Could not be written: ${plain(each)}\n`)
        return 0
      })
    default:
      terminal.err(`There is no "regie backup ${command}".\n\n${backupUsage}`)
      return 2
  }
}

/** Throws an Error for a passphrase that is too short. */
function vaultKeeper(passphrase: string): KeyKeeper {
  if (passphrase.length < 8) throw new Error('The passphrase of the vault must have 8 characters or more.')
  return passphraseKeeper(passphrase)
}

/** With the folder to itself, as a panel has it. Throws `data-folder.in-use`. */
async function locked<T>(paths: DataPaths, work: () => Promise<T>): Promise<T> {
  await mkdir(paths.root, { recursive: true, mode: 0o700 })
  const lock = lockDataFolder(paths.lock)
  try {
    return await work()
  } finally {
    lock.release()
  }
}

function tell({ unpacked: { about, manifest } }: Awaited<ReturnType<typeof tryAlone>>, { out, err }: Terminal): number {
  const { services, credentials, people, pictures } = manifest.counts
  const at = new Date(about.at).toISOString().slice(0, 19).replace('T', ' ')
  // Written by whoever made the backup.
  const from = plain(`by Regie ${about.version} on ${about.platform}, from ${about.dataFolder}`).replaceAll(/\s+/g, ' ')
  out(`Backup of ${at} UTC, ${from}\n`)
  const images = about.withPictures ? `${pictures} images` : 'no images'
  out(`${services} services, ${credentials} credentials, ${people} people, ${images}. It opens and is whole.\n`)
  const { leftOut } = manifest
  if (leftOut.length > 0) err(`It is incomplete: these files outside the data folder did not go into it.\n`)
  for (const { path: place, why } of leftOut) err(`  ${oneLine(place)} (${whyLeftOut[why]})\n`)
  return 0
}

const oneLine = (text: string) => plain(text).replaceAll(/\s+/g, ' ')

const whyLeftOut: Record<LeftOut['why'], string> = {
  unreadable: 'could not be read',
  'too-large': 'too large',
  'not-a-file': 'not a file',
}

const endedWords: Record<Ended['what'], string> = {
  key: 'a key',
  person: 'a person who was removed',
  suspension: 'a person who was suspended',
  role: 'an administrator who became a user',
  password: 'a password that was changed',
  invitation: 'an invitation',
  'metrics-token': 'the token of the metrics',
}

/** What was ended since the backup, and what becomes of it. */
function tellEnded({ ended, keepEnded }: Pick<Restored, 'ended' | 'keepEnded'>, { out }: Terminal): void {
  if (ended === null || ended.length === 0) return
  out(keepEnded ? 'Ended since the backup, and stays ended:\n' : 'Ended since the backup, and comes back:\n')
  for (const { what, name, person } of ended) {
    const named = name === '' ? '' : `: ${oneLine(name)}`
    out(`  ${endedWords[what]}${named}${person === null ? '' : ` (${oneLine(person)})`}\n`)
  }
}

const agreed = async (terminal: Terminal, question: string): Promise<boolean> =>
  /^y(es)?$/i.test((await ask(terminal, question))?.trim() ?? '')

/** What a script hands in, line by line. */
async function pipedLines({ input }: Terminal): Promise<string[]> {
  let text = ''
  for await (const piece of input) text += String(piece)
  return text.split(/\r?\n/)
}
