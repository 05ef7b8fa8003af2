import type { LibraryFile, ModelHashing } from '../../shared/contract'
import { createRate } from '../docker/models/rate'
import type { ModelMemory } from './memory'
import { lookAt } from './scan'
import type { ModelThread } from './thread'

/** No more is read of a disk that services load from meanwhile. */
const usualBytesPerS = 300e6

export interface HashingNeeds {
  thread: Pick<ModelThread, 'hash'>
  memory: Pick<ModelMemory, 'isHashing' | 'setHashing' | 'keepHash'>
  /** All files, as they are known now. */
  files: () => readonly LibraryFile[]
  /** Told of each hash. */
  hashed: (path: string, sha256: string) => void
  /** Told when something is to be shown anew. */
  changed: () => void
  reportBug: (error: unknown) => void
  /** No more is read of a disk that services load from meanwhile. */
  bytesPerS?: number
}

/** What waits for its hash: first those of which another one is as long, for these may be the same. */
function waiting(files: readonly LibraryFile[]): LibraryFile[] {
  const sizes = new Map<number, number>()
  for (const { bytes, removed } of files) if (!removed) sizes.set(bytes, (sizes.get(bytes) ?? 0) + 1)
  const isPaired = (file: LibraryFile) => (sizes.get(file.bytes) ?? 0) > 1
  return files
    .filter(({ sha256, removed }) => sha256 === null && !removed)
    .sort((a, b) => Number(isPaired(b)) - Number(isPaired(a)) || a.bytes - b.bytes)
}

/** Hashes files, one after the other, for as long as that is wished: also after a restart, where it had got to. */
export class ModelHashingRun {
  readonly #needs: Required<HashingNeeds>
  #running: AbortController | null = null
  #done: Promise<void> = Promise.resolve()
  #current: { name: string; bytes: number } | null = null
  #rate: number | null = null
  /** Cannot be read now: asked again after the next look. */
  readonly #unreadable = new Set<string>()

  constructor(needs: HashingNeeds) {
    this.#needs = { bytesPerS: usualBytesPerS, ...needs }
  }

  status(): ModelHashing {
    const all = this.#needs.files().filter(({ removed }) => !removed)
    const rest = all.filter(({ sha256 }) => sha256 === null)
    const bytes = rest.reduce((sum, one) => sum + one.bytes, 0)
    return {
      state: this.#running ? 'running' : this.#needs.memory.isHashing() ? 'paused' : 'idle',
      ...{ files: all.length, hashed: all.length - rest.length, bytesPerS: this.#rate },
      current: this.#current?.name ?? null,
      leftBytes: Math.max(0, bytes - (this.#current?.bytes ?? 0)),
    }
  }

  start(): void {
    this.#needs.memory.setHashing(true)
    this.goOn()
    this.#needs.changed()
  }

  async stop(): Promise<void> {
    this.#needs.memory.setHashing(false)
    await this.close()
  }

  /** After a look at the folders: goes on where that is wished. */
  goOn(): void {
    this.#unreadable.clear()
    if (this.#needs.memory.isHashing()) this.#begin()
  }

  async close(): Promise<void> {
    this.#running?.abort()
    await this.#done
  }

  #begin(): void {
    if (this.#running) return
    const abort = new AbortController()
    this.#running = abort
    this.#done = this.#run(abort.signal)
      .catch((error: unknown) => {
        if (!abort.signal.aborted) this.#needs.reportBug(error)
      })
      .finally(() => {
        this.#running = null
        this.#current = null
        this.#rate = null
        this.#needs.changed()
      })
  }

  async #run(signal: AbortSignal): Promise<void> {
    const measured = createRate()
    const left = () => waiting(this.#needs.files()).filter(({ path }) => !this.#unreadable.has(path))
    // Files that have come meanwhile have their turn after those that were there.
    for (let files = left(); files.length > 0; files = left()) {
      for (const file of files) {
        signal.throwIfAborted()
        await this.#hashOne(file, signal, measured)
        this.#needs.changed()
      }
    }
    this.#needs.memory.setHashing(false)
  }

  async #hashOne(file: LibraryFile, signal: AbortSignal, measured: ReturnType<typeof createRate>): Promise<void> {
    const { thread, memory, hashed, changed, bytesPerS } = this.#needs
    const before = await lookAt(file.path)
    if (before === null) {
      this.#unreadable.add(file.path)
      return
    }
    let told = 0
    const current = { name: file.name, bytes: 0 }
    this.#current = current
    const result = await thread.hash(file.path, {
      ...{ bytesPerS, signal },
      progress: (bytes) => {
        this.#rate = measured.add(bytes - told)
        told = bytes
        current.bytes = bytes
        changed()
      },
    })
    const after = await lookAt(file.path)
    // Of what was written to meanwhile, nobody knows which of its states was hashed.
    if (result === null || before.stamp !== after?.stamp || result.bytes !== before.bytes) {
      this.#unreadable.add(file.path)
      return
    }
    memory.keepHash({ path: before.path, stamp: before.stamp }, result.sha256)
    hashed(file.path, result.sha256)
  }
}
