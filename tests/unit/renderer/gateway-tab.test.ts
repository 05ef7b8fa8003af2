import { expect, it } from 'vitest'
import type { LintFinding } from '../../../shared/contract'
import { portChanges, reachesItself } from '../../../renderer/features/gateway/close-port'
import { worksThere } from '../../../renderer/features/gateway/works-there'

it('who works, waits and is only connected is named once, and jobs of nobody known are counted', () => {
  const why = { problem: 'card.line', params: {}, message: '', hint: '' }
  const line = [
    { name: 'Anna', reason: null },
    { name: 'Anna', reason: null },
    { name: 'Bo', reason: why },
  ]
  const guests = [{ name: 'Anna' }, { name: 'Cy' }, { name: 'Cy' }]
  expect(worksThere({ queue: { running: 1, waiting: 3 } }, line, guests)).toEqual({
    ...{ working: ['Anna'], waiting: ['Bo'], inside: ['Cy'], strangers: 2 },
  })
  expect(worksThere({ queue: null }, [], [])).toMatchObject({ working: [], strangers: null })
  expect(worksThere({ queue: { running: 0, waiting: null } }, line, []).strangers).toBe(0)
})

it('closing a port takes the usual change of each open port of that service, and no other finding', () => {
  const finding = (rule: string, service: string, fixes: string[]) =>
    ({ rule, service, fixes: fixes.map((id) => ({ id })) }) as unknown as LintFinding
  const findings = [
    finding('port-open', 'qwen', ['a', 'b']),
    finding('port-open', 'forge', ['c']),
    finding('password-plain', 'qwen', ['d']),
  ]
  const compose = { file: '/srv/compose.yaml', service: 'qwen' }
  expect(portChanges({ findings }, { compose })).toMatchObject({ fixes: [{ id: 'a' }], isByHand: false })
  const byHand = [finding('port-open', 'qwen', [])]
  expect(portChanges({ findings: byHand }, { compose })).toEqual({ fixes: [], isByHand: true })
})

it('a port is not closed while Regie itself comes from the network', () => {
  const urls = ['http://127.0.0.1:8188', 'http://localhost:8188', 'http://192.168.1.4:8188', 'http://studio:8188']
  expect(urls.map((url) => reachesItself({ url }))).toEqual([true, true, false, false])
})
