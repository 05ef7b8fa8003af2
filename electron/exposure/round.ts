import type { ExposureCell, ExposureOrigin, ExposureRow, ServiceKind } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { placeOf } from '../kinds/refusal'
import type { Redact } from '../logs/cutting'
import { accepts, askFrom, type ExposureAnswer } from './ask'
import type { ExposureTarget, OwnAddress } from './addresses'
import { exposedSurfaces, untold, type ExposedSurface } from './surfaces'

/** So many questions at a time: a service with one worker must not choke on them. */
const atOnce = 4

export interface Round {
  origins: ExposureOrigin[]
  rows: ExposureRow[]
}

/** A table in which nothing has been asked yet. */
export function emptyRound(kind: ServiceKind, addresses: readonly OwnAddress[]): Round {
  return {
    origins: addresses.map((address) => ({ ...address, answers: null })),
    rows: exposedSurfaces(kind).map(({ id, shown, purpose, stake, with: asked, expected }) => ({
      id,
      surface: shown,
      purpose,
      stake,
      with: asked,
      expected,
      cells: addresses.map((_, origin) => ({ origin, got: '', verdict: null, tookMs: null })),
    })),
  }
}

/** An answer in protocol terms. */
function wordsOf({ status, error, location }: ExposureAnswer, redact: Redact): string {
  if (status === null) return error ?? ''
  return location === null ? String(status) : `${status} ${placeOf(redact(location))}`
}

/** The system's word for an address that the machine has no more: its interface has gone meanwhile. */
const gone = 'EADDRNOTAVAIL'

/** Null where the address is the machine's no more: then nothing is sent. */
async function unlessGone<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof Problem && error.id === 'door.other-host') return null
    throw error
  }
}

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items]
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

/**
 * Asks every surface from every address, one address after the other, and fills the table as answers come. Rejects with
 * the signal's reason when it is aborted.
 */
export async function runRound(
  round: Round,
  kind: ServiceKind,
  target: ExposureTarget,
  { signal, redact, onProgress }: { signal: AbortSignal; redact: Redact; onProgress: () => void },
): Promise<void> {
  const surfaces = exposedSurfaces(kind)
  const first = surfaces.filter(({ sets }) => sets !== undefined)
  const others = surfaces.filter(({ sets }) => sets === undefined)

  for (const [origin, address] of round.origins.entries()) {
    signal.throwIfAborted()
    const isThere = await unlessGone(() => accepts(address, target.port, signal))
    address.answers = isThere ?? false
    let silence = isThere === null ? gone : 'ECONNREFUSED'
    const context = { ...untold }
    const fill = (surface: ExposedSurface, cell: Omit<ExposureCell, 'origin'>) => {
      const row = round.rows.find(({ id }) => id === surface.id)
      if (row) row.cells[origin] = { origin, ...cell }
      onProgress()
    }
    const ask = async (surface: ExposedSurface) => {
      signal.throwIfAborted()
      if (!address.answers) {
        fill(surface, { got: silence, verdict: 'unreachable', tookMs: null })
        return
      }
      const answer = await unlessGone(() => askFrom(address, target, surface.question, signal))
      signal.throwIfAborted()
      if (answer === null) {
        address.answers = false
        silence = gone
        fill(surface, { got: gone, verdict: 'unreachable', tookMs: null })
        return
      }
      const verdict = surface.judge(answer, context)
      if (surface.sets) context[surface.sets] = verdict
      fill(surface, { got: wordsOf(answer, redact), verdict, tookMs: Math.round(answer.tookMs) })
    }
    for (const surface of first) await ask(surface)
    await eachOf(others, ask)
    // What an interface answered before it vanished says nothing of what is there now.
    if (silence === gone)
      for (const row of round.rows) row.cells[origin] = { origin, got: gone, verdict: 'unreachable', tookMs: null }
  }
}
