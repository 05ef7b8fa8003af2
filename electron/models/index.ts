import type { ModelMention } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { ModelChanging, type ChangingNeeds } from './changing'
import { ModelDownloads, type DownloadsNeeds } from './download/downloads'
import { ownName } from './formats'
import { ModelLibrary, type LibraryOptions } from './library'
import { openModelMemory } from './memory'
import { ScratchFiles } from './scratch'
import { createModelThread } from './thread'

export type { WantedModel } from './missing'

interface ModelsOptions
  extends
    Omit<LibraryOptions, 'memory' | 'thread'>,
    Pick<ChangingNeeds, 'loadOf' | 'auditFirst' | 'linkFile'>,
    Pick<DownloadsNeeds, 'tokenOf' | 'wire' | 'retryMs' | 'room'> {
  /** What is known of files, which is found out anew where it is not there. */
  file: string
  /** Downloads, as they are written down. */
  downloadsFile: string
  /** The bundled `model-worker`. */
  worker: string | URL
  /** What names a file of a model. */
  mentions: (name: string) => Promise<ModelMention[]>
}

/** Opens the library of models: nothing is looked at before somebody asks. */
export async function openModels(all: ModelsOptions) {
  const { file, worker, loadOf, auditFirst, linkFile, mentions, downloadsFile, ...options } = all
  const thread = createModelThread(worker)
  const memory = await openModelMemory(file)
  const library = new ModelLibrary({ ...options, memory, thread })
  const scratch = new ScratchFiles(memory)
  const changing = new ModelChanging({
    ...{ library, thread, loadOf, auditFirst, scratch },
    ...(linkFile && { linkFile }),
  })
  const downloads = await ModelDownloads.open({
    ...{ ...options, file: downloadsFile, thread, auditFirst },
    folders: () => library.folders(),
    arrived: () => library.lookSoon(),
  })
  return {
    library,
    changing,
    downloads,
    /** Goes on with what a former run of the panel left. */
    begin(): void {
      void changing.begin().catch(options.reportBug)
      downloads.begin()
    },
    /** What names a file, so that it would miss it. Throws `library.gone`. */
    async mentions(id: string): Promise<ModelMention[]> {
      const found = library.files().find((one) => one.id === id)
      if (!found) throw new Problem('library.gone')
      return mentions(ownName(found.name).split('/').at(-1) ?? found.name)
    },
    async close(): Promise<void> {
      await downloads.close()
      await library.close()
    },
  }
}

export type Models = Awaited<ReturnType<typeof openModels>>
