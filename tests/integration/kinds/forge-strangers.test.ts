import { describe, expect, it } from 'vitest'
import type { BackendEvent } from '../../../electron/kinds'
import { until } from '../../support/until'
import { forge, forgeSecret, generate, storyOf } from './simulators'

const now = () => AbortSignal.timeout(10_000)
const seed = 7
const small = { width: 256, height: 256, seed }
const authorization = `Basic ${Buffer.from(`${forgeSecret.username}:${forgeSecret.password}`).toString('base64')}`

/** Somebody else on the same Forge. */
function stranger(url: string) {
  const post = async (path: string, body?: object) => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return (await response.json()) as Record<string, unknown>
  }
  const state = async () => {
    const response = await fetch(`${url}/sdapi/v1/progress`, { headers: { authorization } })
    return ((await response.json()) as { state: { job: string; job_timestamp: string; sampling_step: number } }).state
  }
  return {
    interrupt: () => post('/sdapi/v1/interrupt'),
    state,
    /** Makes a picture; the answer comes when it is done. */
    async generate(steps: number, more: object = {}) {
      const answer = await post('/sdapi/v1/txt2img', { prompt: 'theirs', steps, ...small, ...more })
      return (answer['images'] as string[])[0] // an answer of `txt2img`
    },
    samples: () => until('the stranger’s job samples', async () => (await state()).sampling_step > 0),
    /** Jobs that wait, as Forge tells it. */
    async pending() {
      const response = await fetch(`${url}/internal/pending-tasks`)
      return ((await response.json()) as { size: number }).size
    },
  }
}

const cancelOn = (abort: AbortController, isTime: (event: BackendEvent) => boolean) => (event: BackendEvent) => {
  if (isTime(event)) abort.abort()
}

describe('Forge, used by others at the same time', () => {
  it('cancelling a job that waits leaves the stranger’s picture whole, and the job does not run to its end', async () => {
    await using service = await forge({ behaviour: { stepMs: 15 } })
    const other = stranger(service.simulator.url)
    const whole = await other.generate(40)
    const theirs = other.generate(40)
    await other.samples()
    const abort = new AbortController()
    const jobId = crypto.randomUUID()
    const onEvent = cancelOn(abort, (event) => event.type === 'queued' && event.position !== null)
    const events = await generate(
      service.backend,
      { prompt: 'ours', steps: 140 },
      { jobId, signal: abort.signal, onEvent },
    )
    expect(storyOf(events)).toEqual(['queued', 'cancelled'])
    expect(events.at(-1)).toEqual({ type: 'cancelled', remains: true })
    expect(await other.pending()).toBe(1)
    // What the panel does with a job that remains.
    const off = service.backend.interrupt(jobId, now())
    expect(await theirs).toBe(whole)
    await off
    expect((await other.state()).job).toBe('')
    expect((await other.state()).sampling_step).toBeLessThan(100)
  })

  it('keeps its own pictures when a stranger interrupted before their turn', async () => {
    await using service = await forge({ behaviour: { stepMs: 15 } })
    const other = stranger(service.simulator.url)
    const theirs = other.generate(140)
    await other.samples()
    const events = await generate(
      service.backend,
      { prompt: 'ours' },
      { onEvent: (event) => event.type === 'queued' && event.position !== null && void other.interrupt() },
    )
    expect(events.filter(({ type }) => type === 'image')).toHaveLength(1)
    expect(events.at(-1)).toEqual({ type: 'done', cached: false, warnings: [] })
    await theirs
  })

  it('keeps the unfinished pictures of a job that a stranger interrupted, and says so', async () => {
    await using service = await forge({ behaviour: { stepMs: 100 } })
    const other = stranger(service.simulator.url)
    const events = await generate(
      service.backend,
      { prompt: 'ours', steps: 100 },
      { onEvent: (event) => event.type === 'progress' && event.phase === 'sampling' && void other.interrupt() },
    )
    expect(events.filter(({ type }) => type === 'image')).toHaveLength(1)
    expect(events.at(-1)).toMatchObject({ type: 'done', warnings: [{ problem: 'backend.interrupted-elsewhere' }] })
  })

  it('shows neither a stranger’s progress nor a stranger’s preview', async () => {
    await using service = await forge({ behaviour: { stepMs: 30, preview: 'png' } })
    const other = stranger(service.simulator.url)
    const theirs = other.generate(40, {
      width: 128,
      height: 128,
      override_settings: { show_progress_every_n_steps: 1 },
    })
    await other.samples()
    const events = await generate(service.backend, { prompt: 'ours', steps: 8 })
    await theirs
    expect(storyOf(events).slice(0, 2)).toEqual(['queued', 'running'])
    expect(events.filter(({ type }) => type === 'queued').at(-1)).toEqual({ type: 'queued', position: 1 })
    const steps = events.flatMap((event) => (event.type === 'progress' && event.steps !== null ? [event.steps] : []))
    expect(new Set(steps)).toEqual(new Set([8]))
    // The width in a PNG's header: theirs is 128.
    const widths = events.flatMap((event) =>
      event.type === 'preview' ? [Buffer.from(event.bytes).readUInt32BE(16)] : [],
    )
    expect(new Set(widths)).toEqual(new Set([256]))
    expect(events.at(-1)).toMatchObject({ type: 'done', warnings: [] })
  })

  it('tells how many wait, whoever they are', async () => {
    await using service = await forge({ behaviour: { stepMs: 20 } })
    const other = stranger(service.simulator.url)
    const jobs = [other.generate(40)]
    await other.samples()
    jobs.push(other.generate(1), other.generate(1))
    await until('both wait', async () => (await other.pending()) === 2)
    expect((await service.backend.probe(now())).queue).toEqual({ running: 1, waiting: 2 })
    expect(await service.backend.queueState(now())).toEqual({ running: 1, waiting: 2 })
    await Promise.all(jobs)
  })
})

describe('Forge without its web interface', () => {
  it('interrupts nothing, for it is not told whose job runs, and says so', async () => {
    await using service = await forge({ nowebui: true, behaviour: { stepMs: 15 } })
    const other = stranger(service.simulator.url)
    const whole = await other.generate(40)
    const theirs = other.generate(40)
    await other.samples()
    const abort = new AbortController()
    const onEvent = cancelOn(abort, ({ type }) => type === 'queued')
    const events = await generate(service.backend, { prompt: 'ours', steps: 20 }, { signal: abort.signal, onEvent })
    expect(storyOf(events)).toEqual(['queued', 'cancelled'])
    expect(await theirs).toBe(whole)
  })

  it('a job that runs is left to its end, and its record says so', async () => {
    await using service = await forge({ nowebui: true, behaviour: { stepMs: 15 } })
    const abort = new AbortController()
    const onEvent = cancelOn(abort, ({ type }) => type === 'running')
    const events = await generate(service.backend, { prompt: 'ours', steps: 140 }, { signal: abort.signal, onEvent })
    expect(events.at(-1)).toMatchObject({ type: 'cancelled', warnings: [{ problem: 'backend.left-running' }] })
    expect((await stranger(service.simulator.url).state()).job).toBe('scripts_txt2img')
    await service.backend.interrupt(crypto.randomUUID(), now())
    expect((await stranger(service.simulator.url).state()).job).toBe('scripts_txt2img')
  })

  it('shows no steps and no previews, which may be anybody’s, and says why', async () => {
    await using service = await forge({ nowebui: true, behaviour: { stepMs: 30, preview: 'png' } })
    const events = await generate(service.backend, { prompt: 'ours', steps: 20 })
    expect(storyOf(events)).toEqual(['queued', 'running', 'saving', 'image', 'done'])
    expect(events.at(-1)).toMatchObject({ warnings: [{ problem: 'backend.progress-untold' }] })
    expect((await service.backend.probe(now())).queue).toEqual({ running: 0, waiting: null })
  })

  it('does not take the job for its own that ran before it', async () => {
    await using service = await forge({ nowebui: true, behaviour: { stepMs: 15 } })
    const other = stranger(service.simulator.url)
    const theirs = other.generate(60)
    await other.samples()
    const begun = (await other.state()).job_timestamp
    await until('another second', () => Date.now() % 1000 < 100)
    const seen: string[] = []
    const note = async (event: BackendEvent) => {
      if (event.type === 'running') seen.push((await other.state()).job_timestamp)
    }
    await generate(service.backend, { prompt: 'ours', steps: 60 }, { onEvent: (event) => void note(event) })
    await theirs
    expect(seen).not.toContain(begun)
  })
})
