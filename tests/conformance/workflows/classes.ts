import * as z from 'zod'
import { checkGraph } from '../../../electron/kinds/comfyui/check-graph'
import { NodeClass, type NodeClasses } from '../../../electron/kinds/comfyui/class-inputs'
import { dryRunOf, readDryRun } from '../../../electron/kinds/comfyui/dry-run'
import type { Graph } from '../../../electron/kinds/comfyui/graph'
import played from '../../../electron/simulator/comfyui/nodes/recorded.json'
import { ask } from '../talk'
import used from './recorded.json'

/** One way in which a graph does not fit. */
export interface Fault {
  node: string
  detail: string
  /** The file that is not there, where that is all. */
  file: string | null
}

/** A real ComfyUI, or what stands in for it. */
export interface Judge {
  /** Who says whether a graph is taken, in words. */
  name: string
  /** What graphs are converted by. */
  classes: NodeClasses
  /** What is wrong with a graph; nothing where it is taken. Null where it could not be asked. */
  judge: (graph: Graph) => Promise<Fault[] | null>
}

const Classes = z.record(z.string(), NodeClass)

/** The classes that were recorded; no file is listed in them. */
export const recorded: NodeClasses = Classes.parse({ ...used.classes, ...played.classes })

/** What is wrong with a graph by the classes alone; what the program itself checks beyond them is not known. */
export const faultsBy = (graph: Graph, classes: NodeClasses): Fault[] =>
  checkGraph(graph, classes).map(({ fault, node, input, detail }) => ({
    node,
    detail: [fault, input, detail].filter((part) => part !== null && part !== '').join(' '),
    file: fault === 'choice-unknown' ? detail : null,
  }))

/** Nobody is asked: graphs are converted by the recorded classes, and held against them. */
export const nobody: Judge = {
  name: `nobody: no ComfyUI was named; by the recorded classes of ${played.comfyui} only`,
  classes: recorded,
  judge: () => Promise.resolve(null),
}

const Stats = z.object({ system: z.object({ comfyui_version: z.string() }) })
const limitMs = 60_000

/** A real ComfyUI, which validates without running (`dry-run.ts`). Throws where it does not answer as one. */
export async function byServer(url: string, token: string | null): Promise<Judge> {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
  const get = async (path: string) => (await ask(url, { path, headers }, AbortSignal.timeout(limitMs))).json
  const { system } = Stats.parse(await get('/system_stats'))
  const classes = Classes.parse(await get('/object_info'))
  return {
    name: `ComfyUI ${system.comfyui_version}, by its own validation`,
    classes,
    async judge(graph) {
      const dry = dryRunOf(graph, classes)
      if (!dry) {
        // A class that is not there is reason enough; anything else that keeps it from being asked says nothing.
        const lacking = faultsBy(graph, classes).filter(({ detail }) => detail.startsWith('class-unknown'))
        return lacking.length > 0 ? lacking : null
      }
      const question = { method: 'POST', path: '/prompt', headers, body: { prompt: dry.graph } }
      const answer = await ask(url, question, AbortSignal.timeout(limitMs))
      const read = readDryRun(dry, answer.status, answer.json)
      if (read.verdict === 'accepted') return []
      if (read.verdict === 'queued') throw new Error('it queued a graph that none can run: end that job there')
      if (read.verdict === 'unknown') return null
      const { error, node_errors: named } = read.answer
      const faults = Object.entries(named).flatMap(([node, { errors }]) =>
        errors.map(({ type, message, details, extra_info: extra }) => ({
          node,
          detail: `${type} ${details || message}`,
          file: type === 'value_not_in_list' && typeof extra?.received_value === 'string' ? extra.received_value : null,
        })),
      )
      return faults.length > 0 ? faults : [{ node: '', detail: JSON.stringify(error), file: null }]
    },
  }
}
