import { z } from 'zod'
import type { Row, Table } from '../row'
import { ask, untilItBreaks, type Answer } from '../talk'
import type { ForgeWorld } from './world'

type ForgeRow = Row<ForgeWorld>

const guarded: ForgeRow['skip'] = ({ facts, account }) =>
  facts.pages === 'none'
    ? 'only with the web interface'
    : facts.pages === 'guarded' && !account
      ? 'needs --account-file'
      : null

/** A name that no page uses: Gradio's own are ten letters and digits. */
let sessions = 0
const newSession = () => `regie-${process.pid}-${Date.now()}-${(sessions += 1)}`

const Page = z.object({
  components: z.array(
    z.object({ id: z.number(), props: z.object({ elem_id: z.string().nullish(), value: z.unknown() }).partial() }),
  ),
  dependencies: z.array(
    z.object({
      id: z.number().optional(),
      targets: z.array(z.tuple([z.number(), z.string()])),
      inputs: z.array(z.number()),
      backend_fn: z.boolean(),
    }),
  ),
})

const Told = z.object({ msg: z.string(), event_id: z.string().nullish(), success: z.boolean().optional() })
type Told = z.infer<typeof Told>

/** The events of a stream, in the order in which they came. Throws for anything else that stands in it. */
function eventsOf({ text }: Answer): Told[] {
  return text
    .split('\n\n')
    .filter((part) => part !== '')
    .map((part) => Told.parse(JSON.parse(/^data: (.*)$/s.exec(part)?.[1] ?? part)))
}

/** What tells that a stream lives, and how far a job is, comes as it may. */
const steps = (events: readonly Told[]) =>
  events.flatMap(({ msg }) => (['heartbeat', 'progress', 'process_generating', 'log'].includes(msg) ? [] : [msg]))

/** A function of the page that leaves nothing behind: it counts the tokens of a prompt (modules/ui.py). */
async function counting(world: ForgeWorld, signal: AbortSignal) {
  const headers = world.headers('right')
  const { components, dependencies } = Page.parse((await ask(world.url, { path: '/config', headers }, signal)).json)
  const button = components.find(({ props }) => props.elem_id === 'txt2img_token_button')?.id
  const place = dependencies.findIndex(
    ({ targets, backend_fn: isOurs }) => isOurs && targets.some(([id, event]) => id === button && event === 'click'),
  )
  const found = dependencies[place]
  if (!found) throw new Error('the page has no counter of tokens')
  const valueOf = (id: number) => components.find((one) => one.id === id)?.props.value ?? ''
  return { fn_index: found.id ?? place, data: found.inputs.map(valueOf), trigger_id: button }
}

/** Calls the function in a session, so often, and answers the calls' names and what the session is told of them. */
async function called(world: ForgeWorld, times: number, signal: AbortSignal) {
  const headers = world.headers('right')
  const session = newSession()
  const call = { ...(await counting(world, signal)), session_hash: session }
  const joined: string[] = []
  for (let n = 0; n < times; n += 1) {
    const answer = await ask(world.url, { path: '/queue/join', headers, body: call }, signal)
    joined.push(z.object({ event_id: z.string() }).parse(answer.json).event_id)
  }
  const stream = await ask(world.url, { path: `/queue/data?session_hash=${session}`, headers }, signal)
  return { joined, stream, events: eventsOf(stream) }
}

const rows: readonly ForgeRow[] = [
  {
    what: 'the line is told',
    skip: guarded,
    ask: { path: '/queue/status', credential: 'right' },
    expect: { status: 200, json: { msg: 'estimation', event_id: null, rank: null, rank_eta: null } },
  },
  {
    what: 'a call without a session is refused in words',
    skip: guarded,
    ask: { path: '/queue/join', credential: 'right', body: { data: [], fn_index: 0 } },
    expect: { status: 400, json: { detail: 'Session hash not found.' } },
  },
  {
    what: 'the stream of a session that nobody has begun says so, and breaks off',
    skip: guarded,
    async play(world, check, signal) {
      const headers = world.headers('right')
      const asked = { path: `/queue/data?session_hash=${newSession()}`, headers }
      const { headers: told, ...stream } = await untilItBreaks(world.url, asked, signal)
      check.like('the stream', told['content-type'], /^text\/event-stream/)
      // What it says of it is empty with the FastAPI that Forge pins.
      check.like('what it tells', stream, {
        text: /^data: \{"msg":"unexpected_error","event_id":null,"message":"(?:404: Session not found\.)?","success":false\}\n\n$/,
        isBroken: true,
      })
    },
  },
  {
    what: 'who takes back a call that there is not is let be',
    skip: guarded,
    ask: () => ({
      path: '/cancel',
      credential: 'right',
      body: { session_hash: newSession(), fn_index: 0, event_id: 'regie' },
    }),
    expect: { status: 200, json: { success: true } },
  },
  {
    what: 'who takes back a call without naming it is told what is missing',
    skip: guarded,
    ask: { path: '/cancel', credential: 'right', body: { fn_index: 0 } },
    expect: {
      status: 422,
      json: {
        detail: [
          { type: 'missing', loc: ['body', 'session_hash'], msg: 'Field required' },
          { type: 'missing', loc: ['body', 'event_id'], msg: 'Field required' },
        ],
      },
    },
  },
  {
    what: 'a call is told in its session from its place in line to its end, and then the stream ends',
    skip: guarded,
    async play(world, check, signal) {
      const { joined, stream, events } = await called(world, 1, signal)
      check.like('the stream', stream.headers['content-type'], /^text\/event-stream/)
      check.same('what it tells', steps(events), ['estimation', 'process_starts', 'process_completed', 'close_stream'])
      check.same(
        'whose it is',
        events.filter(({ msg, event_id: id }) => id !== joined[0] && !['heartbeat', 'close_stream'].includes(msg)),
        [],
      )
      check.like('its end', events.at(-2), { msg: 'process_completed', event_id: joined[0], success: true })
    },
  },
  {
    what: 'the stream of a session with two calls ends after both',
    skip: guarded,
    async play(world, check, signal) {
      const { joined, events } = await called(world, 2, signal)
      const ended = events.filter(({ msg }) => msg === 'process_completed').map(({ event_id: id }) => id)
      check.same('what ended', ended.toSorted(), joined.toSorted())
      check.same('the last word', events.at(-1)?.msg, 'close_stream')
    },
  },
]

export const queueTables: readonly Table<ForgeWorld>[] = [{ title: 'Forge: the line of its pages', rows }]
