import { Problem } from '../../../shared/problems'
import { answerProblem, callFor, type BackendClient } from '../client'
import { validationProblem } from './errors'
import { fetchChoices } from './offered'
import type { NodeErrors } from './schemas'
import type { Graph } from './graph'

export interface Posted {
  promptId: string
  clientId: string
  graph: Graph
  previewMethod: string | null
  /** Its place in the line; null: as the service counts. */
  number: number | null
}

/** Posts a graph under the caller's own id. Returns the outputs that were dropped; throws what was refused. */
export async function submitGraph(
  client: BackendClient,
  timeoutMs: number,
  job: Posted,
  signal: AbortSignal,
): Promise<NodeErrors> {
  const { graph, promptId, clientId, previewMethod, number } = job
  const extra = previewMethod === null ? {} : { extra_data: { preview_method: previewMethod } }
  const json = { prompt: graph, prompt_id: promptId, client_id: clientId, ...extra, ...(number !== null && { number }) }
  const question = { method: 'POST', path: '/prompt', json, timeoutMs: 3 * timeoutMs, signal } as const
  const answer = await client.call(callFor('submission', question))
  if (answer.status !== 200 && answer.status !== 400)
    throw answerProblem(answer, { kind: client.kind, url: client.url, call: question })
  const submission = await client.pick('submission', question, answer.body)
  if ('prompt_id' in submission && answer.status === 200) return submission.node_errors
  if ('error' in submission && answer.status === 400)
    throw validationProblem(submission, graph, await fetchChoices(client, timeoutMs, signal))
  throw new Problem('backend.job-refused', { detail: String(answer.status) })
}
