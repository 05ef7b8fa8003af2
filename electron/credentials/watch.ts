import { watch, type FSWatcher } from 'chokidar'
import { stat } from 'node:fs/promises'
import path from 'node:path'

/** Events come in bursts: a file is looked at when it has been quiet for so long, in ms. */
const quietMs = 150

/** The system takes a moment to begin with a new folder: what changed meanwhile is looked for after so long, in ms. */
const beginMs = 1_000

/** Files are looked at this often as well: under WSL2, on network drives and in containers events go missing. In ms. */
const pollMs = 15_000

export interface SinkWatch {
  /** Follows what the credentials now name as their sinks. */
  refresh(): void
  close(): Promise<void>
}

type Ids = ReadonlySet<string>

/** Follows folders, and tells by its whole path of each file in them that something happens to. */
class FolderWatch {
  readonly #heard: (file: string) => void
  readonly #reportError: (error: unknown) => void
  /** One for each folder: chokidar's `unwatch` would silence the folders below as well. */
  readonly #watchers = new Map<string, FSWatcher>()

  constructor(heard: (file: string) => void, reportError: (error: unknown) => void) {
    this.#heard = heard
    this.#reportError = reportError
  }

  /** Follows these folders from now on, and no others. */
  follow(wanted: readonly string[]): void {
    const folders = new Set(wanted)
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue
      this.#watchers.delete(folder)
      void watcher.close().catch(this.#reportError)
    }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#watchers.set(folder, this.#begin(folder))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#watchers.values()].map((watcher) => watcher.close()))
  }

  #begin(folder: string): FSWatcher {
    return watch(folder, { ignoreInitial: true, depth: 0, persistent: false })
      .on('all', (_, file) => this.#heard(path.resolve(file)))
      .on('error', this.#reportError)
  }
}

/**
 * Watches the files of all sinks and tells which credentials are concerned when one changed, appeared or vanished, by
 * whatever hand. Folders are watched, not files: an editor replaces a file, and a missing one may come.
 */
export function watchSinks(options: {
  /** Every credential with its sinks. */
  sinks: () => readonly { id: string; sinks: readonly { path: string }[] }[]
  changed: (credentialId: string) => void
  reportError: (error: unknown) => void
}): SinkWatch {
  const { changed, reportError } = options
  let byPath = new Map<string, Set<string>>()
  const seen = new Map<string, string>()
  const timers = new Map<string, NodeJS.Timeout>()

  const announce = (ids: Ids) => {
    for (const id of ids) changed(id)
  }
  /** Tells if the file is not as it was when it was last looked at; after an event in any case. */
  const look = async (file: string, isSure = false) => {
    const found = await stat(file).catch(() => null)
    const state = found ? `${found.mtimeMs} ${found.size} ${found.ino}` : 'none'
    const before = seen.get(file)
    seen.set(file, state)
    if (isSure || before !== state) announce(byPath.get(file) ?? new Set())
  }
  const lookSoon = (file: string, ms: number) => {
    clearTimeout(timers.get(file))
    const timer = setTimeout(() => void look(file, true).catch(reportError), ms)
    timer.unref()
    timers.set(file, timer)
  }
  const folders = new FolderWatch((file) => {
    if (byPath.has(file)) lookSoon(file, quietMs)
  }, reportError)
  const polling = setInterval(() => {
    for (const file of byPath.keys()) void look(file).catch(reportError)
  }, pollMs)
  polling.unref()

  return {
    refresh() {
      const next = new Map<string, Set<string>>()
      for (const { id, sinks } of options.sinks())
        for (const file of sinks.map((sink) => path.resolve(sink.path)))
          next.set(file, (next.get(file) ?? new Set()).add(id))
      for (const file of next.keys()) {
        if (!byPath.has(file)) lookSoon(file, beginMs)
      }
      for (const file of byPath.keys()) if (!next.has(file)) seen.delete(file)
      byPath = next
      folders.follow([...next.keys()].map((file) => path.dirname(file)))
    },
    async close() {
      clearInterval(polling)
      for (const timer of timers.values()) clearTimeout(timer)
      await folders.close()
    },
  }
}
