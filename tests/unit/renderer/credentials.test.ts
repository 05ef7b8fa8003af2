import { describe, expect, it } from 'vitest'
import { canBeWritten, groupPlaces, splitPath } from '../../../renderer/features/credentials/fingerprint/groups'
import { journalOf, standing } from '../../../renderer/features/credentials/rotation/rotation-plan'
import {
  areSound,
  checkRows,
  emptyRow,
  fitRow,
  rowOf,
  toSinkInput,
  type SinkRow,
} from '../../../renderer/features/credentials/sink-rows'
import { ageInDays, passesFilter, secondsLeft } from '../../../renderer/features/credentials/words'
import { SinkInput, type Place, type ProofCell, type RotationStep } from '../../../shared/contract'

const place = (part: Partial<Place>): Place => ({
  kind: 'sink',
  id: 's',
  serviceId: null,
  where: '/opt/.env',
  key: null,
  field: 'token',
  fingerprint: 'aaaaaaaaaaaa',
  state: 'same',
  requires: 'restart',
  modifiedAt: null,
  change: null,
  ...part,
})

describe('the fingerprint map', () => {
  it('puts every place under the vault’s value of the same part, the compared part first', () => {
    const places = [
      place({ id: 'user', field: 'username' }),
      place({ kind: 'vault', id: '', field: 'token', fingerprint: 'cccccccccccc', state: 'source' }),
      place({ id: 'password', field: 'password' }),
      place({ id: 'token' }),
      place({ kind: 'live', id: 'comfyui' }),
    ]
    const groups = groupPlaces({ fingerprints: { password: 'bbbbbbbbbbbb', token: 'cccccccccccc' } }, places)
    expect(groups.map(({ field, fingerprint, places: of }) => [field, fingerprint, of.map(({ id }) => id)])).toEqual([
      ['token', 'cccccccccccc', ['token', 'comfyui']],
      ['username', null, ['user']],
      ['password', 'bbbbbbbbbbbb', ['password']],
    ])
  })

  it('offers to write a sink that deviates, never a service or one in sync', () => {
    expect(canBeWritten(place({ state: 'drifted' }))).toBe(true)
    expect(canBeWritten(place({ state: 'missing' }))).toBe(true)
    expect(canBeWritten(place({ state: 'same' }))).toBe(false)
    expect(canBeWritten(place({ kind: 'live', state: 'refused' }))).toBe(false)
  })

  it.each([
    ['/srv/comfyui/login/PASSWORD', '/srv/comfyui/', 'login/PASSWORD'],
    ['C:\\stacks\\forge\\.env', 'C:\\stacks\\', 'forge\\.env'],
    ['/.env', '', '/.env'],
    ['.env', '', '.env'],
  ])('cuts %s so that its last two names stay whole', (path, folder, name) => {
    expect(splitPath(path)).toEqual({ folder, name })
  })
})

describe('the sinks editor', () => {
  const row = (part: Partial<SinkRow>): SinkRow => ({
    ...emptyRow(1, 'basic'),
    path: '/opt/.env',
    variable: 'KEY',
    ...part,
  })

  it.each([
    [{ path: ' ' }, { path: 'path-missing' }],
    [{ path: 'stack/.env' }, { path: 'path-relative' }],
    [{ variable: '' }, { variable: 'variable-missing' }],
    [{ variable: '1KEY' }, { variable: 'variable-invalid' }],
    [{ type: 'file' as const, variable: '' }, {}],
    [{ path: 'C:\\stack\\.env' }, {}],
    [{ path: '\\\\host\\share\\.env' }, {}],
  ])('finds in %j: %j', (part, issues) => {
    expect(checkRows([row(part)])).toEqual([issues])
    expect(areSound(checkRows([row(part)]))).toBe(Object.keys(issues).length === 0)
  })

  it('refuses the same place twice, but takes two keys of one file', () => {
    expect(checkRows([row({}), row({ key: 2 })])).toEqual([{}, { path: 'twice' }])
    expect(checkRows([row({}), row({ key: 2, variable: 'OTHER' })])).toEqual([{}, {}])
  })

  it('sends what the contract takes, and only what was filled in', () => {
    const sent = toSinkInput(row({ path: ' /opt/.env ', requires: 'recreate' }))
    expect(sent).toEqual({ type: 'env', path: '/opt/.env', key: 'KEY', requires: 'recreate' })
    expect(SinkInput.safeParse(sent).success).toBe(true)
    expect(toSinkInput(row({ type: 'file', field: 'password' }))).toEqual({
      type: 'file',
      path: '/opt/.env',
      field: 'password',
    })
  })

  it('brings a sink back as it stands', () => {
    const sink = {
      id: 'x',
      type: 'env',
      path: '/opt/.env',
      key: 'KEY',
      field: 'password',
      requires: 'restart',
    } as const
    expect(toSinkInput(rowOf(sink, 1))).toEqual({
      type: 'env',
      path: '/opt/.env',
      key: 'KEY',
      field: 'password',
      requires: 'restart',
    })
  })

  it('lets go of what another scheme does not have', () => {
    expect(fitRow(row({ type: 'comfyui-login', field: 'password' }), 'token')).toMatchObject({ type: 'env', field: '' })
  })
})

describe('where a rotation stands', () => {
  const step = (
    id: RotationStep['id'],
    state: RotationStep['state'],
    startedAt: number | null = null,
  ): RotationStep => ({
    id,
    state,
    startedAt,
    tookMs: null,
    lines: [],
  })
  const cell = (state: ProofCell['state']): ProofCell => ({ expect: 401, got: null, state, tookMs: null })
  const steps = [step('prepare', 'done', 10), step('write', 'failed', 20), step('apply', 'waiting')]

  it('counts its steps and its answers', () => {
    const row = { serviceId: 's', surface: 'GET /', purpose: 'api' as const }
    const proof = [
      { ...row, none: cell('pass'), wrong: cell('not-counted'), old: cell('fail'), fresh: cell('waiting') },
    ]
    expect(standing({ steps, proof })).toEqual({ step: 2, of: 3, isRollingBack: false, answers: { pass: 1, of: 3 } })
  })

  it('tells when it goes back, which is no further step', () => {
    const back = [...steps, step('roll-back', 'running', 30)]
    expect(standing({ steps: back, proof: [] })).toMatchObject({ of: 3, isRollingBack: true })
    expect(journalOf({ startedAt: 5, finishedAt: 40, steps: back }).map(({ at, key }) => [at, key])).toEqual([
      [5, 'started'],
      [10, 'prepare'],
      [20, 'write'],
      [30, 'roll-back'],
      [40, 'ended'],
    ])
  })
})

describe('words of the list', () => {
  it('count whole days, and never before the change', () => {
    expect(ageInDays({ changedAt: 0 }, 86_400_000 * 12 + 5)).toBe(12)
    expect(ageInDays({ changedAt: 10 }, 5)).toBe(0)
  })

  it('list a rotating credential under neither need nor peace', () => {
    expect(passesFilter({ state: 'rotating' }, 'all')).toBe(true)
    expect(passesFilter({ state: 'rotating' }, 'needs-you')).toBe(false)
    expect(passesFilter({ state: 'rotating' }, 'in-sync')).toBe(false)
    expect(passesFilter({ state: 'refused' }, 'needs-you')).toBe(true)
  })

  it('count down to zero and stay there', () => {
    expect(secondsLeft(30_000, 0)).toBe(30)
    expect(secondsLeft(30_000, 29_001)).toBe(1)
    expect(secondsLeft(30_000, 31_000)).toBe(0)
  })
})
