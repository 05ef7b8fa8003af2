import { expect, test } from 'vitest'
import { RecordSchema } from '../../../electron/credentials/record'
import { sessionsAfter, sessionsFate } from '../../../electron/rotation/sessions'
import type { ProofRow, Scheme, SinkType } from '../../../shared/contract'

const recordOf = (scheme: Scheme, types: SinkType[] = []) =>
  RecordSchema.parse({
    ...{ id: 'one', scheme, version: 1, createdAt: 0, changedAt: 0 },
    ...{ pending: null, previous: null, lastProof: null },
    secret: { username: 'ann', password: 'a-password', token: null },
    sinks: types.map((type) => ({
      ...{ id: type, type, path: `/x/${type}`, key: null },
      field: 'token',
      requires: null,
    })),
  })

const withKey = recordOf('comfyui-login', ['comfyui-login', 'session-key'])
const withoutKey = recordOf('comfyui-login', ['comfyui-login'])
const forge = recordOf('basic', ['env'])

test.each([
  ['restart', 'end', 'stay', 'end'],
  ['recreate', 'end', 'unknown', 'end'],
  ['none', 'next-start', 'stay', 'next-start'],
  ['stopped', 'next-start', 'stay', 'next-start'],
  ['external', 'next-start', 'stay', 'next-start'],
] as const)('browser sessions when a service is: %s', (action, keyed, bare, gradio) => {
  expect(sessionsFate(withKey, 'comfyui', action)).toBe(keyed)
  expect(sessionsFate(withoutKey, 'comfyui', action)).toBe(bare)
  expect(sessionsFate(forge, 'forge', action)).toBe(gradio)
  expect(sessionsFate(recordOf('token'), 'comfyui', action)).toBe('unknown')
})

test('only a session that was open before and is refused now counts as seen', () => {
  const cell = (state: ProofRow['old']['state']) => ({ expect: 401, got: 401, state, tookMs: 1 })
  const row = (state: ProofRow['old']['state']): ProofRow => ({
    ...{ serviceId: 'a', surface: 'GET /', purpose: 'session', old: cell(state) },
    ...{ none: cell('pass'), wrong: cell('pass'), fresh: cell('pass') },
  })
  expect(sessionsAfter('a', 'end', [row('pass')])).toEqual({ serviceId: 'a', fate: 'ended' })
  expect(sessionsAfter('a', 'end', [row('not-counted')])).toEqual({ serviceId: 'a', fate: 'end' })
  expect(sessionsAfter('b', 'end', [row('pass')])).toEqual({ serviceId: 'b', fate: 'end' })
})
