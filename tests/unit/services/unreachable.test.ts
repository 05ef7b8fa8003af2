import { describe, expect, it } from 'vitest'
import type { BackendProbe, ProbeEvidence } from '../../../electron/kinds/backend'
import { absenceIn, judgeHealth, type Evidence } from '../../../electron/services/health'
import type { Timed } from '../../../electron/services/timed'
import { describeReach, newReach, reachAfter } from '../../../electron/services/unreachable'
import { reason, type ProblemId } from '../../../shared/problems'

const seen = (
  rung: ProbeEvidence['rung'],
  outcome: ProbeEvidence['outcome'],
  answered: string,
  problem?: ProblemId,
): ProbeEvidence => ({
  ...{ rung, outcome, asked: 'GET /system_stats', answered, tookMs: 5_000 },
  ...(problem ? { reason: reason(problem, { url: 'http://10.0.0.4:8188', detail: answered }) } : {}),
})

const probeOf = (at: number, ...evidence: ProbeEvidence[]): BackendProbe & Timed => ({
  ...{ evidence, model: null, queue: null, at, tookMs: 5_000 },
})

const failing = (answered: string, problem: ProblemId = 'backend.unreachable') =>
  probeOf(2_000, seen('listening', 'failed', answered, problem))

const ready: BackendProbe & Timed = {
  ...probeOf(
    1_000,
    seen('listening', 'proven', '401'),
    seen('authenticated', 'proven', '401 → 200'),
    seen('ready', 'proven', '200 running 0 waiting 0'),
  ),
  model: 'qwen.safetensors',
}

const judge = (more: Partial<Evidence>) =>
  judgeHealth(
    {
      ...{ id: 'render2', url: 'http://10.0.0.4:8188', now: 3_000, running: { state: 'none' }, failure: null },
      ...{ presence: { asked: '', answered: 'configured', reason: null, at: 1_000, tookMs: 0 }, misses: 2 },
      ...{ unmanaged: reason('service.external', { id: 'render2' }), probe: null, lastClear: null, ...more },
    },
    null,
  )

describe('an external service that cannot be reached', () => {
  it.each<[string, BackendProbe & Timed, string, string]>([
    ['a timeout', failing('no answer', 'backend.timeout'), 'service.timed-out', 'timed out after 5 s'],
    ['a timeout of the system', failing('ETIMEDOUT'), 'service.timed-out', '10.0.0.4:8188'],
    ['a refusal', failing('ECONNREFUSED'), 'service.connection-refused', 'refuses the connection'],
    ['no route', failing('EHOSTUNREACH'), 'service.no-route', 'EHOSTUNREACH'],
    ['an unknown name', failing('ENOTFOUND', 'backend.host-unknown'), 'service.host-unknown', '10.0.0.4'],
    ['a bad certificate', failing('CERT_HAS_EXPIRED', 'backend.tls'), 'service.tls', 'CERT_HAS_EXPIRED'],
    ['no TLS at all', failing('EPROTO'), 'service.tls', 'EPROTO'],
    ['no HTTP', failing('HPE_INVALID_CONSTANT'), 'service.other-program', 'Another program'],
    ['a cut', failing('ECONNRESET'), 'service.silent', 'is not responding'],
    [
      'another program',
      probeOf(
        2_000,
        seen('listening', 'proven', '404'),
        seen('authenticated', 'failed', '404', 'backend.unexpected-answer'),
      ),
      ...(['service.other-program', '(404)'] as const),
    ],
  ])('says why: %s', (_name, probe, problem, words) => {
    const health = judge({ probe })
    expect(health).toMatchObject({ state: 'unreachable', problem })
    expect(health.reason).toContain(words)
  })

  it('claims nothing of what it could not see, and shows what came back last', () => {
    const never = judge({ probe: failing('ECONNREFUSED') })
    expect(never.rungs.map(({ state }) => state)).toEqual(['waiting', 'waiting', 'failed', 'waiting', 'waiting'])
    expect(
      never.rungs
        .filter(({ state }) => state === 'waiting')
        .map(({ answered }) => answered)
        .join(''),
    ).toBe('')
    const before = judge({ probe: failing('ECONNREFUSED'), answered: ready })
    expect(before.rungs.slice(3).map(({ answered, at }) => [answered, at])).toEqual([
      ['401 → 200', 1_000],
      ['200 running 0 waiting 0', 1_000],
    ])
  })

  it('is another matter than refusing, failing or starting', () => {
    const answering = (last: ProbeEvidence) => probeOf(2_000, seen('listening', 'proven', '401'), last)
    const refused = answering(seen('authenticated', 'refused', '401 → 401', 'backend.refused'))
    const settling = { ...seen('authenticated', 'failed', '404', 'backend.unexpected-answer'), settling: true }
    expect(judge({ probe: refused }).state).toBe('locked-out')
    expect(judge({ probe: answering(settling) }).state).toBe('listening')
    expect(judge({ unmanaged: null, probe: failing('ECONNREFUSED') }).state).toBe('stopped')
  })

  it('is remembered: how often in a row, since when, and when it answered last', () => {
    const [first, second] = [failing('ECONNREFUSED'), { ...failing('ECONNREFUSED'), at: 5_000 }]
    const add = (reach: ReturnType<typeof newReach>, probe: BackendProbe & Timed) =>
      reachAfter(reach, probe, absenceIn(probe) === null)
    const never = add(add(newReach(), first), second)
    expect(describeReach(never)).toEqual({ failures: 2, failingSince: 2_000, answeredAt: null, model: null })
    const again = add(add(never, ready), second)
    expect(describeReach(again)).toEqual({
      ...{ failures: 1, failingSince: 5_000, answeredAt: 1_000, model: 'qwen.safetensors' },
    })
  })
})
