import { randomUUID } from 'node:crypto'
import { json } from '../http/reply'
import { header } from '../http/server'
import type { Generator } from './generate'
import type { Handler } from './handlers'
import { paramsOf, txt2imgFields } from './models'
import { parseBody, readModel } from './pydantic'
import { detail, missing, unprocessable } from './replies'

/** Where functions hang in the page, by the names of modules/ui.py; the page's other thousand parts are not simulated. */
const names = [
  'txt2img_generate',
  'txt2img_prompt',
  'txt2img_gallery',
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
      outputs: ['txt2img_gallery'],
      js: 'submit',
    }),
    dependency(1, 'txt2img_token_button', { inputs: [idOf('txt2img_prompt')], outputs: ['txt2img_token_counter'] }),
    dependency(2, 'settings_submit', { inputs: [], outputs: [] }),
  ],
}

type Message = Readonly<Record<string, unknown>>

const completed = (id: string, output: object, success: boolean): Message => ({
  ...{ msg: 'process_completed', event_id: id, output, success },
})

/**
 * The line of gradio's calls (gradio/queueing.py and routes.py). The events of a session come in one piece, once all that it
 * has called has ended.
 */
export function createQueue({ generate }: Pick<Generator, 'generate'>) {
  const sessions = new Map<string, Promise<Message[]>[]>()

  /** What a function gives for its outputs; null where it is not simulated. */
  function run(index: unknown, [first, second]: readonly unknown[]): Promise<unknown[]> | null {
    if (index === 1) return Promise.resolve(["<span class='gr-box gr-text-input'>?/?</span>"])
    if (index !== 0) return null
    // Small and short: what the page's other fields would say is not simulated, nor is the list of pictures.
    const fields = { prompt: String(second), force_task_id: String(first), steps: 4, width: 64, height: 64 }
    const read = readModel(fields, txt2imgFields)
    return 'values' in read ? generate('txt2img', paramsOf(read.values)).then(() => [[]]) : null
  }

  async function messages(id: string, running: Promise<unknown[]>): Promise<Message[]> {
    const begun: Message[] = [
      { msg: 'estimation', event_id: id, rank: 0, queue_size: 1, rank_eta: null },
      { msg: 'process_starts', event_id: id, eta: null },
    ]
    try {
      const data = await running
      const output = { data, is_generating: false, duration: 0, average_duration: 0, render_config: null }
      return [...begun, completed(id, { ...output, changed_state_ids: [] }, true)]
    } catch {
      return [...begun, completed(id, { error: null }, false)]
    }
  }

  const join: Handler = async (call) => {
    const body = parseBody((await call.body()).toString('utf8'), header(call, 'content-type'))
    if ('issues' in body) return unprocessable(body.issues)
    const { data, fn_index: index, session_hash: session } = body.value
    if (typeof session !== 'string') return detail(400, 'Session hash not found.')
    const running = Array.isArray(data) ? run(index, data) : null
    if (running === null) return detail(404, 'Not simulated')
    const id = randomUUID().replaceAll('-', '')
    sessions.set(session, [...(sessions.get(session) ?? []), messages(id, running)])
    return json({ event_id: id })
  }

  const data: Handler = async ({ query }) => {
    const session = query.get('session_hash')
    if (session === null) return unprocessable([missing('query', 'session_hash')])
    const called = sessions.get(session)
    sessions.delete(session)
    const told = called
      ? [...(await Promise.all(called)).flat(), { msg: 'close_stream', event_id: null }]
      : [{ msg: 'unexpected_error', event_id: null, message: '404: Session not found.', success: false }]
    return {
      status: 200,
      headers: { 'content-type': 'text/event-stream; charset=utf-8' },
      body: told.map((message) => `data: ${JSON.stringify(message)}\n\n`).join(''),
      breaksOff: called === undefined,
    }
  }
  return { join, data }
}
