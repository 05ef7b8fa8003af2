import { setTimeout as pause } from 'node:timers/promises'
import type { Row, Table } from '../row'
import { ask } from '../talk'
import type { ForgeWorld } from './world'

type ForgeRow = Row<ForgeWorld>

const withApi: ForgeRow['skip'] = ({ facts, account }) =>
  facts.api === 'off' ? 'only with --api' : facts.api === 'guarded' && !account ? 'needs --account-file' : null
const withPages: ForgeRow['skip'] = ({ facts }) => (facts.pages === 'none' ? 'only with the web interface' : null)
const withModel: ForgeRow['skip'] = (world) =>
  withApi(world) ?? withPages(world) ?? (world.facts.model ? null : 'needs a checkpoint')

const idle = {
  progress: 0,
  eta_relative: 0,
  state: { skipped: false, stopping_generation: false, job: '', job_count: 0 },
  current_image: null,
}

const invalid = (what: string, body: unknown, issue: Record<string, unknown>): ForgeRow => ({
  what,
  skip: withApi,
  ask: { path: '/sdapi/v1/txt2img', credential: 'right', body },
  expect: { status: 422, json: { detail: [issue] } },
})

const url = (type: string) => `https://errors.pydantic.dev/2.8/v/${type}`

const stillRows: readonly ForgeRow[] = [
  {
    what: 'an idle server says so',
    skip: withApi,
    ask: { path: '/sdapi/v1/progress', credential: 'right' },
    expect: { status: 200, json: idle },
  },
  {
    what: 'nobody waits',
    skip: withPages,
    ask: { path: '/internal/pending-tasks' },
    expect: { status: 200, json: { size: 0, tasks: [] } },
  },
  {
    what: 'a task that nobody knows is neither waiting, nor running, nor done',
    skip: withPages,
    ask: { path: '/internal/progress', body: { id_task: 'task(regie-conformance)' } },
    expect: {
      status: 200,
      json: {
        ...{ active: false, queued: false, completed: false, progress: null, eta: null },
        ...{ live_preview: null, id_live_preview: -1, textinfo: 'Waiting...' },
      },
    },
  },
  {
    what: 'a task without a name is refused',
    skip: withPages,
    ask: { path: '/internal/progress', body: { id_task: null } },
    expect: {
      status: 422,
      json: { detail: [{ type: 'string_type', loc: ['body', 'id_task'], url: url('string_type') }] },
    },
  },
  invalid(
    'steps in words are refused',
    { steps: 'abc' },
    {
      type: 'int_parsing',
      loc: ['body', 'steps'],
      input: 'abc',
      url: url('int_parsing'),
    },
  ),
  invalid('half a step is refused', { steps: 20.5 }, { type: 'int_from_float', loc: ['body', 'steps'] }),
  invalid('a number is no prompt', { prompt: 5 }, { type: 'string_type', loc: ['body', 'prompt'] }),
  {
    what: 'what is no JSON is refused where it breaks',
    skip: withApi,
    ask: {
      path: '/sdapi/v1/txt2img',
      credential: 'right',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    },
    expect: { status: 422, json: { detail: [{ type: 'json_invalid', msg: 'JSON decode error' }] } },
  },
  {
    what: 'an unknown script is refused in words',
    skip: withApi,
    ask: { path: '/sdapi/v1/txt2img', credential: 'right', body: { script_name: 'nobody-made-this' } },
    expect: { status: 422, json: { detail: "Script 'nobody-made-this' not found" } },
  },
  {
    what: 'img2img without an image is not found',
    skip: withApi,
    ask: { path: '/sdapi/v1/img2img', credential: 'right', body: { prompt: 'x' } },
    expect: { status: 404, json: { detail: 'Init image not found' } },
  },
  {
    what: 'the first sampler is the one that unknown names become',
    skip: withApi,
    ask: { path: '/sdapi/v1/samplers', credential: 'right' },
    expect: {
      status: 200,
      text: /^\[\{"name":"DPM\+\+ 2M","aliases":\["k_dpmpp_2m"\],"options":\{"scheduler":"karras"\}\},/,
    },
  },
  {
    what: 'an unknown sampler is refused by Neo',
    changes: true,
    skip: (world) => withModel(world) ?? (world.facts.neo ? null : 'is no Forge Neo'),
    ask: { path: '/sdapi/v1/txt2img', credential: 'right', body: { sampler_name: 'nobody-made-this', steps: 1 } },
    expect: { status: 400, json: { detail: 'Sampler not found' } },
  },
  {
    what: 'the schedulers begin with the samplers’ own',
    skip: withApi,
    ask: { path: '/sdapi/v1/schedulers', credential: 'right' },
    expect: {
      status: 200,
      text: /^\[\{"name":"automatic","label":"Automatic","aliases":null,"default_rho":-1(?:\.0)?,"need_inner_model":false\},/,
    },
  },
]

const jobRows: readonly ForgeRow[] = [
  {
    what: 'a job that fails is told as 500 with its exception, and stays the current task of an idle server',
    changes: true,
    skip: withModel,
    async play(world, check, signal) {
      const headers = world.headers('right')
      const send = (path: string, body: unknown) => ask(world.url, { path, headers, body }, signal)
      const id = `task(regie-${Date.now()}-bad)`
      const failing = { prompt: 'x', width: 64, height: 64, steps: 1, enable_hr: true, force_task_id: id }
      check.answer('the job', await send('/sdapi/v1/txt2img', failing), {
        status: 500,
        json: { error: 'TypeError', detail: '', body: '' },
      })
      check.answer('its task', await send('/internal/progress', { id_task: id }), {
        status: 200,
        json: { active: true, queued: false, completed: false },
      })
      check.answer('the server', await ask(world.url, { path: '/sdapi/v1/progress', headers }, signal), {
        status: 200,
        json: { state: { job: '', job_count: 0 } },
      })
    },
  },
  {
    what: 'jobs are told by their own names: one runs, one waits, and an interrupt meets the one that runs',
    changes: true,
    skip: withModel,
    async play(world, check, signal) {
      const headers = world.headers('right')
      const send = (path: string, body: unknown = {}) => ask(world.url, { path, headers, body }, signal)
      const [first, second] = ['one', 'two'].map((name) => `task(regie-${Date.now()}-${name})`)
      const job = (id: string | undefined, steps: number) =>
        send('/sdapi/v1/txt2img', { prompt: 'x', width: 64, height: 64, steps, force_task_id: id })
      const task = async (id: string | undefined) => await send('/internal/progress', { id_task: id })
      const until = async (id: string | undefined, key: 'active' | 'queued') => {
        while (!signal.aborted) {
          const { json } = await task(id)
          if (
            typeof json === 'object' &&
            json !== null &&
            key in json &&
            Object.entries({ ...json }).some(([k, v]) => k === key && v === true)
          )
            return
          await pause(50, undefined, { signal })
        }
      }
      const running = job(first, 150)
      await until(first, 'active')
      const waiting = job(second, 1)
      await until(second, 'queued')
      check.answer('the one that waits', await task(second), {
        status: 200,
        json: { active: false, queued: true, completed: false, progress: null, textinfo: 'In queue: 1/1' },
      })
      check.answer('the line', await ask(world.url, { path: '/internal/pending-tasks' }, signal), {
        status: 200,
        json: { size: 1, tasks: [second] },
      })
      check.answer('the interrupt', await send('/sdapi/v1/interrupt'), { status: 200, json: {} })
      const picture = { status: 200, json: { images: (found: unknown) => Array.isArray(found) && found.length === 1 } }
      check.answer('the interrupted one', await running, picture)
      check.answer('the one that waited', await waiting, picture)
      check.answer('its end', await task(second), {
        status: 200,
        json: { active: false, queued: false, completed: true },
      })
    },
  },
]

export const jobTables: readonly Table<ForgeWorld>[] = [
  { title: 'Forge: what is refused, and what stands still', rows: stillRows },
  { title: 'Forge: jobs', rows: jobRows },
]
