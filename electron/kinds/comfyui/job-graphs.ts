import type { GenerationParams } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import {
  isImported,
  type BackendTarget,
  type FamilyParams,
  type ImportedParams,
  type ImportedWorkflow,
  type NodeQuestions,
  type ResolvedParams,
} from '../backend'
import type { BackendClient } from '../client'
import { isMadeId, picturesIn } from '../imported'
import { readPicture } from '../tasks'
import { graphOf, isFamilyName, resolveParams } from './choose'
import type { Graph } from './graph'
import { graphOfImported, resolveImported } from './imported'
import type { Offer } from './offer'
import { uploadPicture } from './upload'

interface GraphParts {
  target: BackendTarget
  client: BackendClient
  nodes: Pick<NodeQuestions, 'classes'>
  /** Of what the service offers now. */
  ofOffer: <T>(signal: AbortSignal, use: (offer: Offer) => T) => Promise<T>
}

/** What requests become on a ComfyUI: checked parameters, and then the graph of a job, of a family or an imported workflow. */
export function createJobGraphs({ target, client, nodes, ofOffer }: GraphParts) {
  /** The imported workflow that a name stands for; null for a family's. */
  async function importedBy(name: string | undefined, version?: number): Promise<ImportedWorkflow | null> {
    if (name === undefined || isFamilyName(name) || !isMadeId(name) || !target.readWorkflow) return null
    return target.readWorkflow(name, version)
  }

  async function resolve(params: GenerationParams, signal: AbortSignal): Promise<ResolvedParams> {
    const workflow = await importedBy(params.workflow, params.workflowVersion)
    if (!workflow) return ofOffer(signal, (now) => resolveParams(params, now))
    const types = Object.values(workflow.graph).map(({ class_type: type }) => type)
    return resolveImported(params, workflow, await nodes.classes(types, signal))
  }

  /** Puts pictures where graphs find them. Returns how the service names each; null when that is given up. */
  async function sendPictures(
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string> | null> {
    const names = new Map<string, string>()
    try {
      for (const id of new Set(ids)) names.set(id, await uploadPicture(client, await readPicture(target, id), signal))
      return names
    } catch (error) {
      if (!signal.aborted || error instanceof Problem) throw error
      return null
    }
  }

  async function drawFamily(params: FamilyParams, signal: AbortSignal): Promise<Graph | null> {
    const { images = [], mask } = params
    const names = await sendPictures([...images, ...(mask === undefined ? [] : [mask])], signal)
    if (names === null) return null
    const nameOf = (id: string) => names.get(id) ?? id
    const pictures = { images: images.map(nameOf), mask: mask === undefined ? null : nameOf(mask) }
    return ofOffer(signal, (now) => graphOf(params, now, pictures))
  }

  async function drawImported(params: ImportedParams, signal: AbortSignal): Promise<Graph | null> {
    const workflow = await importedBy(params.workflow, params.workflowVersion)
    if (!workflow) throw new Problem('workflow.not-found', { id: params.workflow })
    const names = await sendPictures(picturesIn(workflow.form, params.values), signal)
    return names && graphOfImported(params, workflow, names)
  }

  return {
    resolve,
    /** The graph of a job, its pictures sent; null when that is given up. */
    draw: (params: ResolvedParams, signal: AbortSignal): Promise<Graph | null> =>
      isImported(params) ? drawImported(params, signal) : drawFamily(params, signal),
  }
}
