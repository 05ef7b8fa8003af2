import { describe, expect, test } from 'vitest'
import type { ExposureBinding, ExposureRow, ExposureStake, ExposureVerdict } from '../../../shared/contract'
import { gradeExposure, gradeRule, type ExposureEvidence } from '../../../electron/exposure/grade'

const origins = [
  { address: '127.0.0.1', family: 4, scope: 'loopback', answers: true },
  { address: '192.0.2.7', family: 4, scope: 'machine', answers: true },
] as const

function row(
  id: string,
  stake: ExposureStake,
  verdicts: ExposureVerdict[],
  more: Partial<ExposureRow> = {},
): ExposureRow {
  const cells = verdicts.map((verdict, origin) => ({ origin, got: '', verdict, tookMs: 1 }))
  return { id, surface: `GET /${id}`, purpose: 'api', stake, with: 'nothing', expected: 'refusal', cells, ...more }
}
const grade = (rows: ExposureRow[], more: Partial<ExposureEvidence> = {}) => {
  const { grade: given, findings } = gradeExposure({
    kind: 'comfyui',
    isTls: true,
    origins,
    rows,
    binding: null,
    ...more,
  })
  return { grade: given, problems: findings.map(({ reason }) => reason.problem) }
}
const onlyHere = { origins: [origins[0], { ...origins[1], answers: false }] }
const binding = (live: string[], file: string[] | null, reach: ExposureBinding['reach']): ExposureBinding => ({
  source: 'container',
  live,
  file,
  reach,
  otherPorts: [],
})

describe('the rule', () => {
  const table: [what: string, stake: ExposureStake, verdict: ExposureVerdict, network: string, local: string][] = [
    ['control', 'control', 'exposed', 'F', 'D'],
    ['an unclear answer where control is at stake', 'control', 'unclear', 'E', 'C'],
    ['data', 'data', 'exposed', 'D', 'B'],
    ['facts', 'facts', 'open', 'C', 'A'],
    ['facts that should be guarded', 'facts', 'exposed', 'C', 'A'],
  ]
  test.each(table)('%s', (_what, stake, verdict, network, local) => {
    expect(grade([row('x', stake, [verdict, verdict])]).grade).toBe(network)
    expect(grade([row('x', stake, [verdict, 'unreachable'])], onlyHere).grade).toBe(local)
    // What is let in here and refused from the network is a matter of this machine.
    expect(grade([row('x', stake, [verdict, 'guarded'])]).grade).toBe(local)
  })

  test('guarded everywhere is an A', () => {
    expect(grade([row('x', 'control', ['guarded', 'guarded'])])).toEqual({ grade: 'A', problems: [] })
  })

  test.each(['absent', 'unreachable'] as const)(
    '%s everywhere is no grade: nothing of the program was found',
    (verdict) => {
      expect(grade([row('x', 'control', [verdict, verdict])])).toEqual({ grade: null, problems: [] })
      // A page at `/` is any server's.
      expect(grade([row('x', 'control', [verdict, verdict]), row('ui', 'control', ['exposed', 'exposed'])])).toEqual({
        grade: null,
        problems: [],
      })
    },
  )

  test('what is open by intent counts for nothing unless it tells facts', () => {
    expect(grade([row('login', 'control', ['open', 'open'])]).grade).toBe('A')
  })

  test('plain HTTP that answers on the network is no better than a B', () => {
    expect(grade([row('x', 'control', ['guarded', 'guarded'])], { isTls: false })).toEqual({
      grade: 'B',
      problems: ['door.plain-http'],
    })
    expect(grade([row('x', 'control', ['guarded', 'unreachable'])], { ...onlyHere, isTls: false }).grade).toBe('A')
  })

  test('a live binding wider than the file’s is a C', () => {
    const rows = [row('x', 'control', ['guarded', 'guarded'])]
    const wider = binding(['0.0.0.0:8188'], ['127.0.0.1:8188'], 'network')
    expect(grade(rows, { binding: wider })).toEqual({ grade: 'C', problems: ['door.binding-differs'] })
    expect(grade(rows, { binding: binding(['127.0.0.1:8188'], ['127.0.0.1:8188'], 'this-machine') }).grade).toBe('A')
  })

  test('where no address of a network could be asked, the binding tells who can reach it', () => {
    const rows = [row('x', 'control', ['exposed'])]
    expect(grade(rows, { origins: [origins[0]], binding: binding(['0.0.0.0:1'], null, 'network') }).grade).toBe('F')
    expect(grade(rows, { origins: [origins[0]], binding: binding(['127.0.0.1:1'], null, 'this-machine') }).grade).toBe(
      'D',
    )
  })

  test('the worst finding counts, and stands first', () => {
    const rows = [row('f', 'facts', ['open', 'open']), row('c', 'control', ['exposed', 'exposed'])]
    expect(grade(rows)).toEqual({ grade: 'F', problems: ['door.control-network', 'door.facts-network'] })
  })

  test('nothing that answers cannot be graded', () => {
    const silent = origins.map((origin) => ({ ...origin, answers: false }))
    expect(grade([row('x', 'control', ['unreachable', 'unreachable'])], { origins: silent }).grade).toBeNull()
  })

  test('the network is never better than this machine', () => {
    const order = 'ABCDEF'
    for (const { network, local } of Object.values(gradeRule))
      expect(order.indexOf(network)).toBeGreaterThanOrEqual(order.indexOf(local))
  })
})

describe('well-known causes have words of their own', () => {
  const open: ExposureVerdict[] = ['exposed', 'unreachable']
  const shut: ExposureVerdict[] = ['guarded', 'unreachable']

  test('Forge with --gradio-auth alone', () => {
    const rows = [row('api', 'control', open), row('config', 'control', shut)]
    expect(grade(rows, { ...onlyHere, kind: 'forge' }).problems).toEqual(['door.forge-api-open'])
  })

  test('Forge with --api-auth alone', () => {
    const rows = [row('api', 'control', shut), row('config', 'control', open)]
    expect(grade(rows, { ...onlyHere, kind: 'forge' }).problems).toEqual(['door.forge-ui-open'])
  })

  test('an empty token that opens', () => {
    const rows = [row('api', 'control', shut), row('api-empty', 'control', open, { with: 'empty-token' })]
    expect(grade(rows, onlyHere).problems).toEqual(['door.empty-token'])
  })

  test('a login page that lets strangers in', () => {
    const rows = [row('api', 'control', shut), row('login', 'control', open, { purpose: 'login' })]
    expect(grade(rows, onlyHere).problems).toEqual(['door.login-open'])
  })
})
