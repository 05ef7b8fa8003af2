import { randomBytes } from 'node:crypto'
import { stat, unlink } from 'node:fs/promises'
import path from 'node:path'
import { fileErrorCode } from '../storage/files'
import { partEnd } from './formats'
import type { ModelMemory } from './memory'

/** A name that this file has given, and no other. */
const isOurs = (file: string) => path.isAbsolute(file) && /^\..+\.[0-9a-f]{12}\.regie-part$/.test(path.basename(file))

/**
 * Files that are put beside others for a moment. Their names are written down before they are there: what a panel that was
 * killed has left of them is as large as a model, or keeps one on the disk.
 */
export class ScratchFiles {
  readonly #memory: Pick<ModelMemory, 'scratch' | 'setScratch'>
  readonly #noted: Set<string>

  constructor(memory: Pick<ModelMemory, 'scratch' | 'setScratch'>) {
    this.#memory = memory
    this.#noted = new Set(memory.scratch().filter(isOurs))
  }

  /** A name of its own in a folder, for what is to be made there next. */
  name(folder: string, of: string): string {
    const file = path.join(folder, `.${of}.${randomBytes(6).toString('hex')}${partEnd}`)
    this.#noted.add(file)
    this.#save()
    return file
  }

  /** Takes one away where it still is; one that cannot be now is tried again at the next start. */
  async away(file: string): Promise<void> {
    try {
      await unlink(file)
    } catch (error) {
      // A drive that is away may come back with it.
      const isGone = fileErrorCode(error) === 'ENOENT' && (await isThere(path.dirname(file)))
      if (!isGone) return
    }
    this.#noted.delete(file)
    this.#save()
  }

  /** Takes away what was left. */
  async clean(): Promise<void> {
    for (const file of [...this.#noted]) await this.away(file)
  }

  #save(): void {
    this.#memory.setScratch([...this.#noted])
  }
}

const isThere = (folder: string): Promise<boolean> =>
  stat(folder).then(
    () => true,
    () => false,
  )
