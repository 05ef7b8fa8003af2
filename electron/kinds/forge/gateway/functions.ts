import * as z from 'zod'
import { parseJson } from '../../json'
import { made, rows, type PageAct, type Row } from './page-rows'

export interface PageFunction {
  act: PageAct
  /** What each value that it takes is called: the name of its field in the page, and its label. */
  takes: readonly string[][]
}

/** Functions of one start of a service, by their number. What is not here is an administrator's. */
export type PageFunctions = ReadonlyMap<number, PageFunction>

/** `GET /app_id`: another with every start, and after "Reload UI", when the functions have other numbers. */
export const AppId = z.object({ app_id: z.number() })

/** `GET /config` (gradio/blocks.py 4.40), the keys that are judged by. */
const Config = z.object({
  app_id: z.number(),
  components: z.array(
    z.object({
      id: z.number(),
      props: z.object({
        elem_id: z.string().nullish().catch(null),
        label: z.string().nullish().catch(null),
        // What a button says.
        value: z.string().max(100).nullish().catch(null),
      }),
    }),
  ),
  dependencies: z.array(
    z.object({
      id: z.number(),
      targets: z.array(z.tuple([z.number().nullable(), z.string()])),
      inputs: z.array(z.number()),
      outputs: z.array(z.number()),
      js: z.unknown(),
      trigger_after: z.number().nullish(),
    }),
  ),
})
type Dependency = z.infer<typeof Config>['dependencies'][number]

type NameOf = (id: number) => string

/** How the parts of a page are called, and what its buttons say. */
interface Named {
  nameOf: NameOf
  wordsOf: NameOf
}

function fits(row: Row, { targets, inputs, outputs, js }: Dependency, { nameOf, wordsOf }: Named): boolean {
  const { event, target, says, inputs: only, takes, outputs: may, js: wanted } = row
  if (targets.length === 0) return false
  if (!targets.every(([id, name]) => id !== null && event.test(name) && target.test(nameOf(id)))) return false
  if (says && !targets.every(([id]) => id !== null && says.test(wordsOf(id)))) return false
  if (only && !inputs.every((id) => only.test(nameOf(id)))) return false
  if (takes && !inputs.some((id) => takes.test(nameOf(id)))) return false
  if (may && !outputs.every((id) => may.test(nameOf(id)))) return false
  return wanted === undefined || (typeof js === 'string' && wanted.test(js))
}

/** What a page calls by itself when it loads: it takes nothing. */
function onLoad({ targets, inputs, outputs }: Dependency, nameOf: NameOf): PageAct | null {
  if (targets.length === 0 || inputs.length > 0 || targets.some(([, event]) => event !== 'load')) return null
  return outputs.some((id) => nameOf(id).startsWith('setting_')) ? 'settings' : 'read'
}

/** What follows another function in the page, and changes nothing but what is shown there. */
const isFollowUp = ({ targets, inputs, outputs }: Dependency, nameOf: NameOf) =>
  targets.every(([id, event]) => id === null && event === 'then') &&
  (inputs.length === 0 ? outputs.length === 0 : outputs.every((id) => made.test(nameOf(id))))

/**
 * The functions that people may call, from what the service says of its own page. Null where it says nothing that can be
 * read. They are told by where they hang in the page, which the program decides and no caller.
 */
export function readFunctions(text: string): { appId: number; functions: PageFunctions } | null {
  const read = Config.safeParse(parseJson(text))
  if (!read.success) return null
  const { app_id: appId, components, dependencies } = read.data
  const props = new Map(components.map((one) => [one.id, one.props]))
  const nameOf: NameOf = (id) => props.get(id)?.elem_id ?? ''
  const named: Named = { nameOf, wordsOf: (id) => props.get(id)?.value ?? '' }
  const functions = new Map<number, PageFunction>()
  const add = (dependency: Dependency, act: PageAct | null) => {
    if (act === null) return
    const takes = dependency.inputs.map((id) => [nameOf(id), props.get(id)?.label ?? ''])
    functions.set(dependency.id, { act, takes })
  }
  for (const one of dependencies) add(one, rows.find((row) => fits(row, one, named))?.act ?? onLoad(one, nameOf))
  for (const one of dependencies) {
    const before = one.trigger_after ?? null
    if (before !== null && functions.has(before) && isFollowUp(one, nameOf)) add(one, 'read')
  }
  return { appId, functions }
}
