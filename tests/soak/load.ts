import { setTimeout as pause } from 'node:timers/promises'
import type { HeadlessPanel } from '../support/headless'
import { freePort } from '../support/ports'
import { until } from '../support/until'

const ids = ['comfyui-demo', 'forge-demo'] as const
type Id = (typeof ids)[number]

/** How often things happen with a load of 1, in times a minute. A load of 10 is ten times as much of everything. */
const perMinute = { generation: 6, question: 60, rotation: 1, request: 60 } as const

/** Pages that follow what happens, with a load of 1. */
const pagesAtOne = 1

/** Jobs in a service's line, with which no more are given to it. */
const mostWaiting = 3

export interface Done {
  generations: number
  rotations: number
  questions: number
  requests: number
  events: number
  /** What was refused or failed, in words, with how often. */
  failed: Map<string, number>
}

/** The gateway's address and a person's key to it. */
export interface Prepared {
  gateway: string
  key: string
}

/** Starts a panel's two simulated services, and opens the gateway in front of ComfyUI. */
export async function prepare(panel: HeadlessPanel): Promise<Prepared> {
  const ask = async (method: string, to: string, body?: object): Promise<unknown> => {
    const answer = await panel.rest(to, { method, ...(body && { body: JSON.stringify(body) }) })
    if (!answer.ok) throw new Error(`${method} ${to}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }
  for (const id of ids) {
    await ask('PATCH', `/services/${id}`, { url: `http://127.0.0.1:${await freePort()}` })
    await ask('POST', `/services/${id}/start`)
  }
  const port = await freePort()
  const gateway = { enabled: true, host: '127.0.0.1', port, tls: 'off', unknownRoutes: false }
  await ask('PATCH', '/services/comfyui-demo', { gateway })
  // What the contract answers with.
  const { key } = (await ask('POST', '/keys', { userId: 'user', name: 'soak', services: null, panel: false })) as {
    key: string
  }
  const url = `http://127.0.0.1:${port}`
  await until('the gateway to answer', () =>
    fetch(`${url}/queue`).then(
      () => true,
      () => false,
    ),
  )
  return { gateway: url, key }
}

/** Uses a panel as people do, `times` as much, until `over` is aborted, and tells what was done. */
export async function useAsPeopleDo(
  panel: HeadlessPanel,
  { gateway, key }: Prepared,
  times: number,
  over: AbortSignal,
): Promise<Done> {
  const done: Done = { generations: 0, rotations: 0, questions: 0, requests: 0, events: 0, failed: new Map() }
  const fail = (what: string) => {
    if (!over.aborted) done.failed.set(what, (done.failed.get(what) ?? 0) + 1)
  }
  /** Does something so often; what takes longer than its turn makes the next one later. */
  const often = async (what: keyof typeof perMinute, act: (turn: number) => Promise<void>) => {
    for (let turn = 0; !over.aborted; turn += 1) {
      const next = pause(60_000 / (perMinute[what] * times), undefined, { signal: over }).catch(() => undefined)
      await act(turn).catch((error: unknown) => fail(`${what}: ${String(error)}`))
      await next
    }
  }
  const of = async (what: string, answer: Response): Promise<unknown> => {
    if (!answer.ok) fail(`${what}: ${answer.status}`)
    return answer.json()
  }
  const waiting = async (id: Id) => {
    const list = (await of('list', await panel.rest(`/generations?state=queued&serviceId=${id}&limit=10`))) as {
      items: unknown[]
    } // the contract's answer
    return list.items.length
  }
  const generate = async (id: Id, turn: number) => {
    if ((await waiting(id)) >= mostWaiting) return
    const params = { prompt: `a lamp, number ${turn}`, width: 256, height: 256, steps: 4 }
    await of(
      'generation',
      await panel.rest('/generations', { method: 'POST', body: JSON.stringify({ serviceId: id, params }) }),
    )
    done.generations += 1
  }
  const questions = [
    '/services',
    '/gpus',
    '/attention',
    '/generations?limit=50',
    '/usage',
    '/gateway',
    '/credentials',
    '/alerts',
  ]
  const follow = async () => {
    const stream = await panel.rest('/events', { signal: over, headers: { accept: 'text/event-stream' } })
    const reader = stream.body?.getReader()
    while (reader && !(await reader.read()).done) done.events += 1
  }
  await Promise.all([
    often('generation', (turn) => generate('comfyui-demo', turn)),
    often('generation', (turn) => generate('forge-demo', turn)),
    often('question', async (turn) => {
      await of('question', await panel.rest(questions[turn % questions.length] ?? '/services'))
      done.questions += 1
    }),
    often('request', async (turn) => {
      const to = turn % 2 === 0 ? '/queue' : '/system_stats'
      await of('request', await fetch(`${gateway}${to}`, { headers: { authorization: `Bearer ${key}` } }))
      done.requests += 1
    }),
    often('rotation', async () => {
      await of('rotation', await panel.rest('/credentials/forge-demo/rotate', { method: 'POST', body: '{}' }))
      done.rotations += 1
    }),
    ...Array.from({ length: pagesAtOne * times }, () =>
      follow().catch((error: unknown) => fail(`events: ${String(error)}`)),
    ),
  ])
  return done
}
