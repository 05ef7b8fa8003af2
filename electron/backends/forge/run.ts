import { setTimeout as delay } from 'node:timers/promises'
import { Problem } from '../../../shared/problems'
import { detached, type BackendEvent, type ResolvedParams } from '../backend'
import { decodeImage } from '../image-type'
import { createInbox } from '../inbox'
import { parseJson } from '../json'
import type { BackendTiming } from '../timing'
import type { ForgeApi } from './api'
import { replacedChoices } from './choose'
import { observe, unseen, type Seen } from './progress'
import { Info, type Progress, type Txt2Img } from './schemas'

type Input =
  | { type: 'done'; done: Txt2Img }
  | { type: 'failed'; error: unknown }
  | { type: 'progress'; progress: Progress }
  | { type: 'abort'; reason: unknown }
  | { type: 'grace-over' }

/** The first looks are quick: a Turbo model is done within a second. */
const quickMs = 120
const quickLooks = 16

/** Sends one `txt2img` and follows the server's progress beside it until the answer is there. */
export async function* runForge(
  { api, timing }: { api: ForgeApi; timing: BackendTiming },
  params: ResolvedParams,
  signal: AbortSignal,
): AsyncGenerator<BackendEvent, void, undefined> {
  const inbox = createInbox<Input>(() => null)
  const lifetime = new AbortController()
  const abort = () => inbox.put({ type: 'abort', reason: signal.reason })
  if (signal.aborted) {
    if (signal.reason !== detached) yield { type: 'cancelled' }
    return
  }
  signal.addEventListener('abort', abort, { once: true })
  const fail = (error: unknown) => inbox.put({ type: 'failed', error })
  api.txt2img(params, lifetime.signal).then((done) => inbox.put({ type: 'done', done }), fail)
  watch(api, timing, { signal: lifetime.signal, put: (progress) => inbox.put({ type: 'progress', progress }) }).catch(
    fail,
  )
  let grace: NodeJS.Timeout | undefined
  let cancelling = false
  let seen: Seen = unseen
  try {
    yield { type: 'queued', position: null }
    for (;;) {
      const input = await inbox.take()
      switch (input.type) {
        case 'done':
          yield* cancelling || seen.stopped ? [{ type: 'cancelled' } as const] : deliver(params, input.done)
          return
        case 'failed':
          if (!cancelling) throw await explain(input.error, api, { timing, seen })
          yield { type: 'cancelled' }
          return
        case 'progress': {
          const next = observe(seen, input.progress)
          seen = next.seen
          yield* next.events
          break
        }
        case 'abort':
          if (input.reason === detached) return
          cancelling = true
          grace = setTimeout(() => inbox.put({ type: 'grace-over' }), timing.cancelGraceMs)
          keepInterrupting(api, timing, lifetime.signal).catch(fail)
          break
        case 'grace-over':
          yield { type: 'cancelled' }
          return
        default:
          input satisfies never
      }
    }
  } finally {
    clearTimeout(grace)
    signal.removeEventListener('abort', abort)
    lifetime.abort()
  }
}

interface Watch {
  signal: AbortSignal
  put: (progress: Progress) => void
}

/** Looks at the progress until the job's end. A look that fails is left out: `txt2img` itself tells what is wrong. */
async function watch(api: ForgeApi, timing: BackendTiming, { signal, put }: Watch): Promise<void> {
  let previewAt = -Infinity
  for (let look = 0; ; look += 1) {
    try {
      await delay(Math.min(timing.pollMs, look < quickLooks ? quickMs : timing.pollMs), undefined, { signal })
      const withImage = performance.now() - previewAt >= timing.previewMs
      const progress = await api.progress(withImage, signal)
      if (progress.current_image) previewAt = performance.now()
      put(progress)
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof Problem)) throw error
    }
  }
}

/**
 * Closing the connection would not stop the job. An interrupt that comes before the job has begun is forgotten when it
 * begins, so it is repeated until the answer is there (with unfinished pictures).
 */
async function keepInterrupting(api: ForgeApi, timing: BackendTiming, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await interrupt(api, timing)
    await delay(timing.pollMs)
  }
}

async function interrupt(api: ForgeApi, timing: BackendTiming): Promise<void> {
  try {
    await api.interrupt(AbortSignal.timeout(timing.cancelGraceMs))
  } catch (error) {
    // A service that does not answer is given up after the grace.
    if (!(error instanceof Problem) && !(error instanceof Error && error.name === 'TimeoutError')) throw error
  }
}

/** A connection that breaks while the job runs is a crash; a limit that runs out stops the job on the service. */
async function explain(error: unknown, api: ForgeApi, { timing, seen }: { timing: BackendTiming; seen: Seen }) {
  if (!(error instanceof Problem)) return error
  if (error.id === 'backend.timeout') {
    await interrupt(api, timing)
    return new Problem('backend.job-timeout', { minutes: Math.ceil(timing.jobMs / 60_000) })
  }
  if (error.id === 'backend.unreachable' && (seen.running || error.params['detail'] !== 'ECONNREFUSED'))
    return new Problem('backend.disconnected', { detail: error.params['detail'] ?? '' }, { cause: error })
  return error
}

function* deliver(params: ResolvedParams, done: Txt2Img): Generator<BackendEvent, void, undefined> {
  const info = Info.catch({}).parse(parseJson(done.info))
  // With a grid in front, the pictures themselves start later.
  const pictures = done.images.slice(Math.min(info.index_of_first_image ?? 0, Math.max(0, done.images.length - 1)))
  if (pictures.length === 0) throw new Problem('backend.no-images')
  yield { type: 'progress', phase: 'saving', step: null, steps: null, fraction: null }
  for (const picture of pictures) {
    const image = decodeImage(picture)
    if (!image)
      throw new Problem('backend.unexpected-answer', {
        asked: 'POST /sdapi/v1/txt2img',
        kind: 'Forge',
        detail: 'a picture that is neither PNG, JPEG nor WebP',
      })
    yield { type: 'image', image }
  }
  yield { type: 'done', cached: false, warnings: replacedChoices(params, info) }
}
