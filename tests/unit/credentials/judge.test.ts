import { describe, expect, it } from 'vitest'
import type { ContainerPlace } from '../../../electron/credentials/control'
import { judgeFile, judgeLive, judgeVariable, type SinkState } from '../../../electron/credentials/judge'
import type { Place, RuntimeKind } from '../../../shared/contract'
import { reason } from '../../../shared/problems'

const seen = (part: Partial<ContainerPlace> & { same?: boolean }): ContainerPlace => ({
  id: 's',
  kind: 'container-file',
  where: '/data/PASSWORD',
  variable: 'TOKEN',
  isMountedByItself: true,
  since: null,
  found: { isSame: part.same ?? false, fingerprint: 'aaaaaaaaaaaa', reason: null },
  reason: null,
  ...part,
})
const host = (state: SinkState) => ({ path: '/srv/PASSWORD', state, service: 'comfy' })

describe('a file as the container sees it', () => {
  it.each<[string, Place['state'], string | undefined, ContainerPlace, SinkState]>([
    ['equal', 'same', undefined, seen({ same: true }), 'drifted'],
    ['the old one, mounted by itself', 'needs-restart', 'place.stale-mount', seen({}), 'same'],
    ['another one, in a mounted folder', 'drifted', 'place.other-file', seen({ isMountedByItself: false }), 'same'],
    ['different here and there', 'drifted', undefined, seen({}), 'drifted'],
    ['not there', 'missing', undefined, seen({ found: null }), 'same'],
    [
      'not to be read by the container’s user',
      'unreadable',
      'sink.unreadable',
      seen({ found: null, reason: reason('sink.unreadable', { path: '/data', code: 'EACCES' }) }),
      'same',
    ],
    [
      'not to be seen while the container is stopped',
      'unknown',
      'place.not-running',
      seen({ found: null, reason: reason('place.not-running', { container: 'c' }) }),
      'same',
    ],
    [
      'not to be seen for want of a program',
      'unknown',
      'place.no-reader',
      seen({ found: null, reason: reason('place.no-reader', { path: '/data' }) }),
      'same',
    ],
  ])('is %s', (_, state, why, place, file) => {
    const verdict = judgeFile(place, host(file))
    expect([verdict.state, verdict.why?.problem]).toEqual([state, why])
  })
})

describe('a variable that a container was made with', () => {
  const variable = (part: Parameters<typeof seen>[0]) => seen({ kind: 'container-env', ...part })
  it('needs a recreate when the file has moved on, and only then', () => {
    expect(judgeVariable(variable({ same: true }), host('same')).state).toBe('same')
    expect(judgeVariable(variable({}), host('same'))).toMatchObject({ state: 'needs-recreate', requires: 'recreate' })
    expect(judgeVariable(variable({ found: null }), host('same')).state).toBe('needs-recreate')
    expect(judgeVariable(variable({}), host('drifted')).state).toBe('drifted')
    expect(judgeVariable(variable({ found: null }), host('drifted')).state).toBe('missing')
  })
})

describe('what a live service answers', () => {
  type Inside = Pick<Place, 'kind' | 'field' | 'state'>
  const file = (state: Place['state']): Inside => ({ kind: 'container-file', field: 'token', state })
  const environment = (state: Place['state']): Inside => ({ kind: 'container-env', field: 'token', state })
  const sink = (state: Place['state']) => ({ field: 'token', state, requires: 'restart' }) as const
  const stateOf = (runtime: RuntimeKind, inside: Inside[], sinks: ReturnType<typeof sink>[]) =>
    judgeLive({ state: 'refused' }, { service: 's', runtime, sinks, inside, field: 'token' }).state

  it.each<[Place['state'], RuntimeKind, Inside[], ReturnType<typeof sink>[]]>([
    ['needs-restart', 'compose', [file('same')], [sink('same')]],
    ['needs-restart', 'compose', [file('needs-restart')], [sink('same')]],
    ['needs-recreate', 'compose', [environment('needs-recreate')], [sink('same')]],
    ['refused', 'compose', [file('drifted')], [sink('drifted')]],
    ['refused', 'compose', [], [sink('same')]],
    ['needs-restart', 'process', [], [sink('same')]],
    ['refused', 'process', [], [sink('drifted')]],
    ['refused', 'process', [], []],
    ['refused', 'external', [], [sink('same')]],
  ])('is %s where a %s service refuses', (state, runtime, inside, sinks) => {
    expect(stateOf(runtime, inside, sinks)).toBe(state)
  })

  it('stays what it is when it is no refusal', () => {
    for (const state of ['accepted', 'open', 'unknown'] as const)
      expect(
        judgeLive({ state }, { service: 's', runtime: 'compose', sinks: [], inside: [file('same')], field: 'token' }),
      ).toMatchObject({ state, requires: 'nothing' })
  })
})
