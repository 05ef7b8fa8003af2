import { randomUUID } from 'node:crypto'
import type { WorkflowInput } from '../../../shared/contract'
import { Problem, reason } from '../../../shared/problems'
import type { Acceptance, NodeQuestions } from '../backend'
import { answerProblem, callFor, type BackendClient } from '../client'
import type { BackendTiming } from '../timing'
import type { ComfyApi } from './api'
import { checkGraph, type GraphFault } from './check-graph'
import { classIn, type NodeClass, type NodeClasses } from './class-inputs'
import { dryRunOf, readDryRun, type DryRun, type DryRunAnswer } from './dry-run'
import { titleOf, validationProblem } from './errors'
import type { Graph } from './graph'
import type { NodeErrors } from './schemas'

/** So many classes are asked for at a time. */
const atOnce = 6

type Fault = Pick<GraphFault, 'node' | 'input' | 'detail'>

/** What is wrong with a graph where a dry run does not look: in the place of the faults that were made for it. */
const faultOf = (graph: Graph, classes: NodeClasses, { made }: DryRun): Fault | undefined =>
  checkGraph(graph, classes).find(({ node, input }) => made.some((one) => one.node === node && one.input === input))

type Place = Pick<WorkflowInput, 'node' | 'input'>

/** An answer without what is said of pictures that are given when the graph runs: they may be missing now. */
function withoutGiven(answer: DryRunAnswer, given: readonly Place[]): DryRunAnswer {
  if (answer.verdict !== 'refused') return answer
  const isGiven = (node: string, { type, extra_info: about }: NodeErrors[string]['errors'][number]) =>
    type === 'custom_validation_failed' &&
    given.some((place) => place.node === node && place.input === about?.input_name)
  const { error, node_errors: named } = answer.answer
  const left = Object.entries(named).flatMap(([node, about]) => {
    const errors = about.errors.filter((one) => !isGiven(node, one))
    return errors.length === 0 ? [] : [[node, { ...about, errors }] as const]
  })
  if (Object.keys(named).length > 0 && left.length === 0) return { verdict: 'accepted' }
  return { verdict: 'refused', answer: { error, node_errors: Object.fromEntries(left) } }
}

/** What a ComfyUI is asked for the sake of imported workflows. */
export function createNodeQuestions(client: BackendClient, api: ComfyApi, { callMs }: BackendTiming): NodeQuestions {
  async function classes(types: Iterable<string>, signal: AbortSignal): Promise<NodeClasses> {
    const found = new Map<string, NodeClass>()
    const waiting = new Set(types).values()
    const ask = async () => {
      for (const type of waiting) {
        const path = `/object_info/${encodeURIComponent(type)}`
        const info = await client.read('node-classes', { path, timeoutMs: callMs, signal })
        const known = classIn(info, type)
        if (known) found.set(type, known)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, ask))
    return Object.fromEntries(found)
  }

  /** Posts what no ComfyUI runs. Should one have queued it all the same, it is taken off at once. */
  async function post(run: DryRun, signal: AbortSignal) {
    const id = randomUUID()
    const json = { prompt: run.graph, prompt_id: id, client_id: id }
    const question = { method: 'POST', path: '/prompt', json, timeoutMs: 3 * callMs, signal } as const
    const answer = await client.call(callFor('submission', question))
    if (answer.status !== 200 && answer.status !== 400)
      throw answerProblem(answer, { kind: client.kind, url: client.url, call: question })
    const body = await client.pick('submission', question, answer.body)
    if (answer.status === 200) await api.cancel('prompt_id' in body ? body.prompt_id : id, signal)
    return readDryRun(run, answer.status, body)
  }

  async function accepts(graph: Graph, given: readonly Place[], signal: AbortSignal): Promise<Acceptance> {
    const began = performance.now()
    const types = Object.values(graph).map(({ class_type: type }) => type)
    const now = await classes(types, signal)
    const unknown = types.find((type) => !classIn(now, type))
    if (unknown !== undefined)
      return { accepted: false, tookMs: null, reason: reason('backend.node-missing', { detail: unknown }) }
    const run = dryRunOf(graph, now)
    if (!run) return { accepted: null, tookMs: null, reason: reason('workflow.not-askable') }
    const answer = withoutGiven(await post(run, signal), given)
    const tookMs = Math.round(performance.now() - began)
    switch (answer.verdict) {
      case 'queued':
      case 'unknown':
        return { accepted: null, tookMs, reason: reason('workflow.not-askable') }
      case 'refused':
        return { accepted: false, tookMs, reason: validationProblem(answer.answer, graph, {}).reason }
      case 'accepted': {
        const fault = faultOf(graph, now, run)
        if (!fault) return { accepted: true, tookMs, reason: null }
        const { node, input, detail } = fault
        const told = { node: titleOf(graph, node), input: input ?? '', detail }
        return { accepted: false, tookMs, reason: new Problem('backend.input-refused', told).reason }
      }
      default:
        return answer satisfies never
    }
  }

  return { classes, accepts }
}
