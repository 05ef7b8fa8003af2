import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import type { ComposeSpec } from '../../../shared/contract'
import { Problem, type ProblemId } from '../../../shared/problems'
import { realDisk } from '../files/disk'
import { withFingerprints } from './changes'
import type { RenderedProject } from './compose'
import { filesReadFor, type ReadFiles } from './reads'

/** What tells that a file is another: its size and its time. A missing file has a mark too. */
async function markOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => null)
  return found ? `${file} ${found.size} ${found.mtimeMs} ${found.ino}` : `${file} –`
}

const markOfAll = async (files: readonly string[]) => (await Promise.all(files.map(markOf))).join('\n')

/** What is wrong with the files stays until they are others; any other failure may be over the next time. */
const lasting = new Set<ProblemId>([
  'compose.yaml',
  'compose.invalid',
  'compose.interpolation',
  'compose.variable-missing',
  'compose.env-file-missing',
  'compose.env-file-invalid',
])

/** How long a model holds whose files cannot all be watched, in ms. */
const unwatchedMs = 60_000
const mostModels = 64
/** How often files that change while they are read are read again. */
const mostAttempts = 3

interface Kept {
  reads: ReadFiles
  mark: string
  at: number
  model: Promise<RenderedProject>
}

export interface ModelsOptions {
  /** Asks Compose; for one service alone where one is named, whatever its profile. */
  render: (spec: ComposeSpec, service: string | undefined) => Promise<RenderedProject>
  /** What Compose fills `${NAME}` from. */
  surroundings: () => NodeJS.ProcessEnv
  now?: () => number
}

/**
 * Rendered projects, kept in memory until a file that Compose reads or the environment changes. Of every variable only
 * the fingerprint of its value is kept.
 */
export function createModels({ render, surroundings, now = () => performance.now() }: ModelsOptions) {
  const kept = new Map<string, Kept>()

  /** A model and its hashes come from several runs: where a file changed between them, they are none of one moment. */
  async function renderSteady(
    spec: ComposeSpec,
    service: string | undefined,
    { reads, mark }: Pick<Kept, 'reads' | 'mark'>,
  ): Promise<RenderedProject> {
    let before = mark
    for (let attempt = 1; ; attempt++) {
      const rendered = await render(spec, service)
      const after = await markOfAll(reads.files)
      if (after !== before && attempt < mostAttempts) {
        before = after
        continue
      }
      const services = Object.entries(rendered.services).map(([name, each]) => [name, withFingerprints(each)] as const)
      return { ...rendered, services: Object.fromEntries(services) }
    }
  }

  async function modelOf(spec: ComposeSpec, service: string | undefined): Promise<RenderedProject> {
    const { file, overrides, profiles, project, envFile } = spec
    const environment = surroundings()
    const around = createHash('sha256').update(JSON.stringify(environment)).digest('hex')
    const key = JSON.stringify([file, overrides, profiles, project, envFile, service])
    const known = kept.get(key)
    if (known) {
      const isFresh = known.reads.isComplete || now() - known.at < unwatchedMs
      if (isFresh && known.mark === `${around} ${await markOfAll(known.reads.files)}`) return known.model
    }
    const reads = await filesReadFor(spec, realDisk, environment)
    const files = await markOfAll(reads.files)
    const mark = `${around} ${files}`
    const model = renderSteady(spec, service, { reads, mark: files })
    if (kept.size >= mostModels) kept.clear()
    kept.set(key, { reads, mark, at: now(), model })
    model.catch((error: unknown) => {
      if (!(error instanceof Problem && lasting.has(error.id)) && kept.get(key)?.model === model) kept.delete(key)
    })
    return model
  }

  /** A service whose profile is not on is in no whole model: it is asked for by itself, as `up` would take it. */
  return async (spec: ComposeSpec): Promise<RenderedProject> => {
    const whole = await modelOf(spec, undefined)
    if (Object.hasOwn(whole.services, spec.service)) return whole
    try {
      return await modelOf(spec, spec.service)
    } catch (error) {
      if (error instanceof Problem) return whole
      throw error
    }
  }
}
