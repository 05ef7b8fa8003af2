import type { LibraryFile, LibraryFolder, ModelDownload, ModelHashing } from '../../../shared/contract'
import { pause } from '../../async/pause'
import { command, waitOptions, type Context } from '../define'
import { CommandFailure, exits, usageError } from '../exits'
import { table } from '../output'
import type { Panel } from '../panel'
import { inLines, reasonIn } from '../reasons'
import { confirmed, waiting } from '../waiting'

/** How often it is asked how far something is, in ms. */
const everyMs = 500
const mebibyte = 1024 * 1024
const mib = (bytes: number) => `${Math.ceil(bytes / mebibyte)} MiB`

const shows = ['all', 'duplicates', 'unused', 'runs-code', 'removed'] as const

/** All files of a look, page by page. */
async function allFiles({ client }: Panel, search: string, show: (typeof shows)[number], signal: AbortSignal) {
  const found: LibraryFile[] = []
  for (let offset: number | null = 0; offset !== null;) {
    const page: Awaited<ReturnType<typeof client.modelLibrary.files>> = await client.modelLibrary.files(
      { search, show, offset, limit: 500 },
      { signal },
    )
    found.push(...page.files)
    offset = page.nextOffset
  }
  return found
}

export const modelsList = command({
  path: ['models', 'list'],
  summary: 'command.models.list',
  arguments: [],
  options: {
    search: { type: 'string', value: 'WORDS', hint: 'option.search' },
    show: { type: 'string', value: 'WHICH', completes: shows, hint: 'option.show' },
  },
  isRemote: true,
  async run({ values: { search = '', show = 'all' } }, context) {
    const meant = shows.find((one) => one === show)
    if (!meant) throw usageError('usage.oneOf', { name: '--show', all: shows.join(', '), given: show })
    const { output, say, signal } = context
    const panel = await context.connect()
    // Nothing is looked at before somebody asks.
    await panel.client.modelLibrary.scan(undefined, { signal })
    const files = await allFiles(panel, search, meant, signal)
    const { missing } = await panel.client.modelLibrary.overview(undefined, { signal })
    output.data(files, () =>
      files.length === 0
        ? ''
        : table(
            [say('column.name'), say('column.family'), say('column.size'), say('column.services'), say('column.path')],
            files.map(({ name, family, bytes, services, path }) => [
              ...[name, family ?? '', mib(bytes)],
              services.flatMap(({ id, loads }) => (loads === 'yes' ? [id] : [])).join(' '),
              path,
            ]),
          ),
    )
    if (files.length === 0) output.say(say('list.empty'))
    for (const { name, by } of missing)
      output.say(say('models.missing', { name, by: by.map((one) => `${one.kind} ${one.name}`).join(', ') }))
    return exits.done
  },
})

export const modelsHash = command({
  path: ['models', 'hash'],
  summary: 'command.models.hash',
  arguments: [],
  options: waitOptions,
  isRemote: true,
  async run({ values: { wait, timeout } }, context) {
    const { output, say, goesOn, signal } = context
    const { client } = await context.connect()
    const tell = (now: ModelHashing) => {
      output.data(now, () => say('models.hashed', { hashed: now.hashed, files: now.files }))
      return exits.done
    }
    await client.modelLibrary.scan(undefined, { signal })
    const begun = await client.modelLibrary.hash(undefined, { signal })
    if (!wait) return tell(begun)
    goesOn(say('goesOn.hashing'))
    const done = await waiting(context, timeout, async (at) => {
      for (
        let now = begun;
        ;
        await pause(everyMs, at), now = (await client.modelLibrary.overview(undefined, { signal: at })).hashing
      ) {
        if (now.state !== 'running') return now
        output.progress(say('models.hashing', { hashed: now.hashed, files: now.files, left: mib(now.leftBytes) }))
      }
    })
    goesOn(null)
    return tell(done)
  },
})

/** The folder that is meant: by its whole path, or by its name where only one that can be written to has that. */
function folderOf(folders: readonly LibraryFolder[], given: string): LibraryFolder {
  const able = folders.filter(({ state, writable }) => state === 'read' && writable)
  const found = able.filter(({ path, folder, id }) => path === given || folder === given || id === given)
  const [only] = found
  if (only && found.length === 1) return only
  const all = (found.length > 0 ? found : able).map(({ path }) => path).join('\n')
  throw new CommandFailure(exits.usage, 'failure.modelFolder', { folder: given, all })
}

async function untilFetched({ client }: Panel, begun: ModelDownload, { output, say }: Context, signal: AbortSignal) {
  for (;;) {
    const now = (await client.modelLibrary.downloads(undefined, { signal })).find(({ id }) => id === begun.id)
    if (!now) return begun
    if (now.state === 'done' || now.state === 'failed' || now.state === 'paused') return now
    output.progress(say('models.is', { name: now.name, done: mib(now.doneBytes), all: mib(now.bytes) }))
    await pause(everyMs, signal)
  }
}

export const modelsDownload = command({
  path: ['models', 'download'],
  summary: 'command.models.download',
  arguments: [{ name: 'ADDRESS' }],
  options: {
    folder: { type: 'string', value: 'FOLDER', completes: 'folder', hint: 'option.modelFolder' },
    token: { type: 'string', value: 'CREDENTIAL', completes: 'credential', hint: 'option.modelToken' },
    name: { type: 'string', value: 'NAME', hint: 'option.modelName' },
    sha256: { type: 'string', value: 'HASH', hint: 'option.sha256' },
    private: { type: 'boolean', hint: 'option.private' },
    yes: { type: 'boolean', short: 'y', hint: 'option.yes' },
    ...waitOptions,
  },
  isRemote: true,
  async run({ values, positionals: [address = ''] }, context) {
    const { output, say, language, goesOn, signal } = context
    const { folder, token, name, sha256, yes, wait, timeout } = values
    if (folder === undefined) throw usageError('usage.needsOption', { option: '--folder' })
    const panel = await context.connect()
    const { client } = panel
    const { folders } = await client.modelLibrary.scan(undefined, { signal })
    const wanted = {
      ...{ address, folderId: folderOf(folders, folder).id, allowPrivate: values.private },
      ...(token !== undefined && { credentialId: token }),
      ...(name !== undefined && { name }),
      ...(sha256 !== undefined && { sha256 }),
    }
    const plan = await client.modelLibrary.plan(wanted, { signal })
    output.say(
      say('models.plan', {
        name: plan.name,
        size: mib(plan.bytes),
        hosts: plan.hosts.join(' → '),
        folder: plan.folder,
      }),
    )
    if (plan.runsCode) output.say(say('models.runsCode'))
    if (!(await confirmed(context, yes))) return exits.failed
    const confirm = { bytes: plan.bytes, name: plan.name }
    const begun = await client.modelLibrary.download({ ...wanted, confirm }, { signal })
    if (!wait) {
      output.data(begun, () => begun.id)
      return exits.done
    }
    goesOn(say('goesOn.download'))
    const ended = await waiting(context, timeout, (at) => untilFetched(panel, begun, context, at))
    goesOn(null)
    output.data(ended, () => `${ended.folder}/${ended.name}`)
    if (ended.reason) output.say(inLines(reasonIn(language, ended.reason)))
    return ended.state === 'done' ? exits.done : exits.failed
  },
})
