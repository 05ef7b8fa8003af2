import path from 'node:path'
import { WorkflowName, type WorkflowDetail, type WorkflowNeeds, type WorkflowReport } from '../../shared/contract'
import { isProblemId, Problem, type Reason } from '../../shared/problems'
import { systemClock, type Clock } from '../async/clock'
import {
  convertWorkflow,
  parseWorkflow,
  type Conversion,
  type ParsedWorkflow,
  type WorkflowFile,
} from '../kinds/comfyui/convert'
import { asProblem, askServices, type Answer, type WorkflowService } from './asking'
import type { WorkflowChanger } from './changes'
import type { WorkflowLibrary } from './index'
import { classesOf, missingOn, needsOn } from './needs'

export type { WorkflowService } from './asking'

/** Workflow files that come in, and what workflows need of services. Calls throw a Problem on expected failures. */
export interface WorkflowIntake {
  /** Reads and checks a file; keeps nothing. One that is refused is told so, and not thrown. */
  inspect(file: WorkflowFile, signal: AbortSignal): Promise<WorkflowReport>
  /** Imports a file, whole or not at all: as a new workflow, or as a new version of `replaces`. */
  import(
    file: WorkflowFile,
    as: { name?: string | undefined; replaces?: string | undefined },
    by: WorkflowChanger,
    signal: AbortSignal,
  ): Promise<WorkflowDetail>
  /** What a version needs, and which services have it now; left out: the newest. */
  needs(id: string, version: number | undefined, signal: AbortSignal): Promise<WorkflowNeeds>
}

interface IntakeParts {
  library: Pick<WorkflowLibrary, 'named' | 'holds' | 'import' | 'read'>
  /** Every service that runs workflows, in the order in which they are chosen. */
  services: () => WorkflowService[]
  clock?: Clock
}

/** A file as it was read by one service, or by none. */
interface Reading {
  conversion: Conversion
  by: Answer | null
}

const longestFileName = 200

/** A text without the halves of characters that a cut leaves at its ends: no header can carry them. */
const whole = (text: string): string => text.replaceAll(/\p{Cs}/gu, '')

/** What a file is called, without what a name of a file may not have. */
function fileNameOf(given: string): string {
  const name = path.win32.basename(given).replaceAll(/\p{Cc}/gu, '')
  return whole(name.slice(-longestFileName)).trim() || 'workflow.json'
}

/** What a workflow is called after its file. */
const nameAfter = (fileName: string): string =>
  WorkflowName.safeParse(whole(path.parse(fileName).name.slice(0, 120))).data ?? 'Workflow'

/** What is told of a file of which nothing is imported. */
const refusedReport = (reason: Reason | null, fileName: string): Omit<WorkflowReport, 'fileName' | 'bytes'> => ({
  ...{
    format: /\.(?:png|webp|jpe?g)$/i.test(fileName) ? 'image' : 'api',
    formatVersion: null,
    verdict: 'refused',
    reason,
  },
  ...{ refused: [], nodes: 0, subgraphs: 0, skipped: [], inputs: [], pinned: [], missing: [] },
  ...{ validated: null, replaces: null },
})

/** What was made, or the reason of the Problem that was thrown. */
async function refusable<T>(work: () => Promise<T>): Promise<T | { refusal: Reason }> {
  try {
    return await work()
  } catch (error) {
    return { refusal: asProblem(error).reason }
  }
}

const lacks = ({ conversion: { workflow }, by }: Reading): number =>
  workflow && by?.classes ? missingOn(workflow, by.classes).length : Number.MAX_SAFE_INTEGER

/** Throws for what is refused. */
function workflowOf({ workflow, reason, refused }: Conversion, name: string) {
  if (workflow) return workflow
  if (reason && isProblemId(reason.problem)) throw new Problem(reason.problem, reason.params)
  const nodes = refused.map(({ node, title }) => `${title} (#${node})`)
  throw new Problem('workflow.nodes-refused', { name, nodes: nodes.slice(0, 20).join(', ') })
}

export function createIntake({ library, services, clock = systemClock }: IntakeParts): WorkflowIntake {
  /** The file as the service reads it that has most of what it needs; by nobody where none could be asked. */
  async function read(parsed: ParsedWorkflow, signal: AbortSignal): Promise<Reading> {
    const answers = await askServices(services(), parsed.classes, clock, signal)
    const [best] = answers
      .flatMap((by) => (by.classes ? [{ conversion: convertWorkflow(parsed, by.classes), by }] : []))
      .toSorted((a, b) => lacks(a) - lacks(b))
    return best ?? { conversion: convertWorkflow(parsed, null), by: null }
  }

  /** Whether the service takes it, by its own word. */
  async function validate({ conversion: { workflow }, by }: Reading, signal: AbortSignal) {
    if (!workflow || !by) return null
    const pictures = workflow.form.filter(({ type }) => type === 'image')
    try {
      return { serviceId: by.id, ...(await by.nodes.accepts(workflow.api, pictures, signal)) }
    } catch (error) {
      if (signal.aborted) throw error
      return { serviceId: by.id, accepted: null, tookMs: null, reason: asProblem(error).reason }
    }
  }

  async function replacedBy(fileName: string, bytes: Uint8Array, readBy: string | null) {
    const there = library.named(nameAfter(fileName))
    return there && { ...there, same: await library.holds(there.id, { bytes, readBy }) }
  }

  return {
    async inspect({ name, bytes }, signal) {
      const fileName = fileNameOf(name)
      const about = { fileName, bytes: bytes.length }
      const reading = await refusable(async () => read(parseWorkflow({ name: fileName, bytes }), signal))
      if ('refusal' in reading) return { ...about, ...refusedReport(reading.refusal, fileName) }
      const { workflow, reason, refused, ...counted } = reading.conversion
      if (!workflow) return { ...about, ...refusedReport(reason, fileName), ...counted, refused }
      const missing = reading.by?.classes ? missingOn(workflow, reading.by.classes) : []
      return {
        ...{ ...about, ...counted, verdict: missing.length > 0 ? 'missing' : 'recognised', reason, refused, missing },
        ...{ inputs: workflow.form, pinned: workflow.pinned },
        validated: await validate(reading, signal),
        replaces: await replacedBy(fileName, bytes, reading.by?.id ?? null),
      }
    },
    async import({ name: given, bytes }, { name, replaces }, by, signal) {
      const fileName = fileNameOf(given)
      const reading = await read(parseWorkflow({ name: fileName, bytes }), signal)
      const kept = { ...workflowOf(reading.conversion, fileName), readBy: reading.by?.id ?? null }
      const file = { name: fileName, bytes }
      return library.import({ name: name ?? nameAfter(fileName), file, read: kept, replaces }, by)
    },
    async needs(id, version, signal) {
      const kept = await library.read(id, version)
      return needsOn(kept, await askServices(services(), classesOf(kept.api), clock, signal))
    },
  }
}
