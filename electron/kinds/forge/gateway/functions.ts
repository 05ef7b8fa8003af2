import * as z from 'zod'
import { parseJson } from '../../json'

/**
 * What a function of Forge's page does, as far as people other than administrators may call it.
 * - `job`: makes pictures. `stop`: acts on whatever runs. `restore`: shows what a task has made.
 * - `paste`: reads a text; without one, what anybody made last. `read`: of the page alone, and harmless.
 * - `settings`: the values of all settings, which the page asks for when it loads.
 */
type PageAct = 'job' | 'stop' | 'restore' | 'paste' | 'read' | 'settings'

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
      props: z.object({ elem_id: z.string().nullish().catch(null), label: z.string().nullish().catch(null) }),
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

interface Row {
  act: PageAct
  event: RegExp
  /** The button or field that calls it. */
  target: RegExp
  /** What it may change in the page; null: things that have no name. */
  outputs: RegExp | null
  js?: RegExp
}

const tab = '(?:txt2img|img2img)'
const all = (...names: string[]) => new RegExp(`^(?:${names.join('|')})$`)
const made = all(`${tab}_gallery`, `(?:generation_info|html_info|html_log)_${tab}`)
const sizes = all('img2img_(?:width|height)', 'txt2img_(?:width|height)')

/** From modules/ui.py, ui_toprow.py, ui_common.py and processing_scripts/seed.py of Forge. */
const rows: readonly Row[] = [
  { act: 'job', event: /^click$/, target: all(`${tab}_generate`), outputs: made, js: /^submit(?:_img2img)?$/ },
  { act: 'job', event: /^submit$/, target: all(`${tab}_prompt`), outputs: made, js: /^submit(?:_img2img)?$/ },
  { act: 'job', event: /^click$/, target: all('txt2img_upscale'), outputs: made, js: /^submit_txt2img_upscale$/ },
  { act: 'stop', event: /^click$/, target: all(`${tab}_(?:interrupt|interrupting|skip)`), outputs: all() },
  { act: 'restore', event: /^click$/, target: all(`${tab}_restore_progress`), outputs: made, js: /^restoreProgress/ },
  { act: 'paste', event: /^click$/, target: all('paste', `${tab}_send_to_(?:img2img|inpaint|extras)`), outputs: null },
  {
    act: 'read',
    event: /^(?:click|change)$/,
    target: all(`${tab}_styles`, `${tab}_(?:negative_)?token_button`),
    outputs: all(`${tab}_(?:negative_)?token_counter`),
  },
  {
    act: 'read',
    event: /^change$/,
    target: all(`${tab}_cfg_scale`, 'txt2img_hr_cfg'),
    outputs: all(`${tab}_neg_prompt`, 'hires_neg_prompt'),
  },
  {
    act: 'read',
    event: /^(?:change|release)$/,
    target: all('txt2img_hr-checkbox', 'txt2img_(?:width|height|hr_scale|hr_resize_x|hr_resize_y)'),
    outputs: all('txtimg_hr_finalres'),
  },
  {
    act: 'read',
    event: /^click$/,
    target: all(`${tab}_res_switch_btn`, 'img2img_detect_image_size_btn'),
    outputs: sizes,
  },
  {
    act: 'read',
    event: /^(?:change|click)$/,
    target: all('img2img_scale', 'img2img_update_resize_to'),
    outputs: all('img2img_scale_resolution_preview'),
  },
  {
    act: 'read',
    event: /^click$/,
    target: all(`${tab}_clear_prompt`, `${tab}_style_apply(?:_dialog)?`),
    outputs: all(`${tab}_(?:prompt|neg_prompt|styles)`),
  },
  { act: 'read', event: /^click$/, target: all(`${tab}_generation_info_button`), outputs: all(`html_info_${tab}`) },
  { act: 'read', event: /^click$/, target: all(`${tab}_reuse_(?:sub)?seed`), outputs: all(`${tab}_(?:sub)?seed`) },
  { act: 'read', event: /^change$/, target: all(`${tab}_subseed_show`), outputs: all(`${tab}_seed_extras`) },
  { act: 'read', event: /^change$/, target: all(`${tab}_override_settings`), outputs: all(`${tab}_override_settings`) },
  {
    act: 'read',
    event: /^select$/,
    target: all(
      'img2img_(?:img2img|img2img_sketch|inpaint|inpaint_sketch|inpaint_upload|batch|batch_upload|batch_from_dir)_tab',
      'img2img_tab_resize_(?:to|by)',
    ),
    outputs: null,
  },
]

type NameOf = (id: number) => string

function fits(row: Row, { targets, outputs, js }: Dependency, nameOf: NameOf): boolean {
  const { event, target, outputs: may, js: wanted } = row
  if (targets.length === 0) return false
  if (!targets.every(([id, name]) => id !== null && event.test(name) && target.test(nameOf(id)))) return false
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
  const functions = new Map<number, PageFunction>()
  const add = (dependency: Dependency, act: PageAct | null) => {
    if (act === null) return
    const takes = dependency.inputs.map((id) => [nameOf(id), props.get(id)?.label ?? ''])
    functions.set(dependency.id, { act, takes })
  }
  for (const one of dependencies) add(one, rows.find((row) => fits(row, one, nameOf))?.act ?? onLoad(one, nameOf))
  for (const one of dependencies) {
    const before = one.trigger_after ?? null
    if (before !== null && functions.has(before) && isFollowUp(one, nameOf)) add(one, 'read')
  }
  return { appId, functions }
}
