import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Generated } from './answer'
import type { Generator } from './generate'
import { paramsOf, txt2imgFields } from './models'
import { readModel } from './pydantic'
import { ForgeException } from './replies'

/** Where functions hang in the page, by the names of modules/ui.py; the page's other thousand parts are not simulated. */
const names = [
  'txt2img_generate',
  'txt2img_prompt',
  'txt2img_gallery',
  'generation_info_txt2img',
  'html_info_txt2img',
  'html_log_txt2img',
  'txt2img_token_button',
  'txt2img_token_counter',
  'settings_submit',
]
const idOf = (name: string) => names.indexOf(name) + 1
/** A field without a name, such as the one that carries the task's id. */
const unnamed = names.length + 1

const dependency = (
  id: number,
  target: string,
  { inputs, outputs, js = null }: { inputs: number[]; outputs: string[]; js?: string | null },
) => ({
  id,
  targets: [[idOf(target), 'click']],
  inputs,
  outputs: outputs.map(idOf),
  backend_fn: true,
  js,
  queue: null,
  api_name: 'f',
  trigger_after: null,
  rendered_in: null,
})

/** Components and functions of the page, as `/config` tells them (gradio/blocks.py 4.40). */
export const page = {
  components: [...names.map((name, at) => ({ id: at + 1, props: { elem_id: name } })), { id: unnamed, props: {} }],
  dependencies: [
    dependency(0, 'txt2img_generate', {
      inputs: [unnamed, idOf('txt2img_prompt')],
      outputs: ['txt2img_gallery', 'generation_info_txt2img', 'html_info_txt2img', 'html_log_txt2img'],
      js: 'submit',
    }),
    dependency(1, 'txt2img_token_button', { inputs: [idOf('txt2img_prompt')], outputs: ['txt2img_token_counter'] }),
    dependency(2, 'settings_submit', { inputs: [], outputs: [] }),
  ],
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Pictures as gradio gives them to its gallery: files that the page asks for. */
async function shown({ images, info }: Generated, task: string, folder: string): Promise<unknown[]> {
  const place = path.join(folder, 'outputs', 'page')
  await mkdir(place, { recursive: true })
  const files = await Promise.all(
    images.map(async (image, at) => {
      const file = path.join(place, `${task.replaceAll(/\W/g, '')}-${at}.png`)
      await writeFile(file, Buffer.from(image, 'base64'))
      return { image: { path: file, url: null, orig_name: path.basename(file) }, caption: null }
    }),
  )
  return [files, info, '<p></p>', '']
}

/** What a failure looks like in the page (modules/call_queue.py): it is shown, and the call has succeeded. */
const failure = (error: unknown): unknown[] => {
  const type = error instanceof ForgeException ? error.type : 'RuntimeError'
  const message = error instanceof Error ? error.message : String(error)
  return [null, '', `<div class='error'>${escaped(`${type}: ${message}`)}</div>`]
}

/** Calls a function of the page; null where it is not simulated. */
export const callPage =
  ({ generate }: Pick<Generator, 'generate'>, folder: string) =>
  (index: unknown, [first, second]: readonly unknown[]): (() => Promise<unknown[]>) | null => {
    if (index === 1) return () => Promise.resolve(["<span class='gr-box gr-text-input'>?/?</span>"])
    if (index !== 0) return null
    // Small and short: what the page's other fields would say is not simulated.
    const task = String(first)
    const fields = { prompt: String(second), force_task_id: task, steps: 4, width: 64, height: 64 }
    const read = readModel(fields, txt2imgFields)
    if (!('values' in read)) return null
    return () => generate('txt2img', paramsOf(read.values)).then((made) => shown(made, task, folder), failure)
  }
