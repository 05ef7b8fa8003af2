import path from 'node:path'
import type { ServiceConfig } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { fileErrorCode, readIfPresent } from '../storage/files'
import { earlierVersions } from '../stacks/earlier'
import { readTemplate } from '../stacks/files'
import { readManifest } from '../stacks/manifest'
import type { RecognisedStack } from '../stacks/recognise'
import { templateOf, type StackTemplate } from '../stacks/templates'
import { withoutGpu } from '../stacks/texts'
import type { UpdateParts } from './parts'

/** A service that lives in one of Regie's stacks. */
export interface StackOfService {
  folder: string
  template: StackTemplate
  recognised: RecognisedStack
  spec: NonNullable<ServiceConfig['compose']>
  /** Texts of the files that are there, by their names; null for one that is not. */
  present: Map<string, string | null>
  /** Texts of the new version. */
  fresh: Map<string, string>
  /** The files that the present version brought: what else lies there under a name of the new one is the person's. */
  brought: Set<string>
}

const read = async (folder: string, name: string) =>
  (await readIfPresent(path.join(folder, name)))?.toString('utf8') ?? null

/** Whether a Compose file asks for a GPU. One that was deployed without keeps none. */
const asksForGpu = (composeFile: string | null) => composeFile === null || /\breservations:|\bgpus:/.test(composeFile)

async function filesBroughtBy(folder: string, { stackId, version }: RecognisedStack): Promise<Set<string>> {
  const earlier = earlierVersions.find((one) => one.stackId === stackId && one.version === version)
  return new Set(Object.keys((await readManifest(folder))?.files ?? earlier?.files ?? {}))
}

/** The stack behind a service; null where it is none of Regie's. Throws `updates.files-unreadable`. */
export async function stackOf(
  { recognise, templates }: Pick<UpdateParts, 'recognise' | 'templates'>,
  { id, compose: spec }: ServiceConfig,
): Promise<StackOfService | null> {
  if (!spec || path.basename(spec.file) !== 'compose.yaml') return null
  const folder = path.dirname(spec.file)
  try {
    const recognised = await recognise(folder)
    if (!recognised) return null
    const template = templateOf(recognised.stackId)
    const present = new Map<string, string | null>()
    const fresh = new Map<string, string>()
    for (const name of template.files) {
      present.set(name, await read(folder, name))
      const text = await readTemplate(templates, template.id, name)
      const bare = name === 'compose.yaml' && !asksForGpu(present.get('compose.yaml') ?? null)
      fresh.set(name, bare ? withoutGpu(text, template.id) : text)
    }
    return { folder, template, recognised, spec, present, fresh, brought: await filesBroughtBy(folder, recognised) }
  } catch (error) {
    const code = fileErrorCode(error)
    if (error instanceof Problem || code === null) throw error
    throw new Problem('updates.files-unreadable', { id, folder, code })
  }
}
