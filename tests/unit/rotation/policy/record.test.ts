import { describe, expect, it } from 'vitest'
import { newCare } from '../../../../electron/credentials/care'
import { keepPrevious, previousUntil } from '../../../../electron/credentials/grace'
import { waitsIn } from '../../../../electron/rotation/policy/plan'
import { median } from '../../../../shared/median'
import { RecordSchema } from '../../../../electron/credentials/record'
import type { Rotation } from '../../../../shared/contract'

const hourMs = 60 * 60_000
const secret = { username: 'regie', password: 'old', token: null, sessionKey: null }

describe('a record of a vault from before there were policies', () => {
  const record = RecordSchema.parse({
    id: 'turbo',
    scheme: 'basic',
    version: 2,
    createdAt: 0,
    changedAt: 1000,
    secret,
    pending: null,
    previous: { username: 'regie', password: 'older', token: null },
    sinks: [],
    lastProof: null,
  })

  it('is read, has no policy, and nobody noted', () => {
    expect(record.care).toEqual(newCare())
    expect(record.care.policy).toMatchObject({ mode: 'off', everyDays: 90, graceHours: 24 })
  })

  it('keeps its previous secret for the usual time from its last change', () => {
    expect(previousUntil(record)).toBe(1000 + 24 * hourMs)
    expect(previousUntil({ ...record, previous: null })).toBeNull()
  })

  it('keeps what is replaced as long as its policy says, or not at all', () => {
    expect(keepPrevious(record, secret, 5000)).toEqual({ previous: secret, previousUntil: 5000 + 24 * hourMs })
    const care = { ...record.care, policy: { ...record.care.policy, graceHours: 0 } }
    expect(keepPrevious({ care }, secret, 5000)).toEqual({ previous: null, previousUntil: null })
  })
})

describe('how long a restart is expected to take', () => {
  it('is the middle of what was seen', () => {
    expect(median([])).toBeNull()
    expect(median([9000])).toBe(9000)
    expect(median([60_000, 1000, 2000])).toBe(2000)
    expect(median([4000, 2000])).toBe(3000)
  })

  it('is read from a rotation’s own evidence', () => {
    const line = (service: string, ms: number) => ({
      line: 'apply.restarted',
      params: { service, ms },
      text: '',
      written: false,
    })
    const step = { id: 'apply', state: 'done', startedAt: 0, tookMs: 1 } as const
    const rotation: Rotation = {
      id: 'r',
      credentialId: 'turbo',
      state: 'committed',
      startedAt: 0,
      finishedAt: 1,
      startedBy: 'ann',
      oldFingerprint: null,
      newFingerprint: null,
      steps: [{ ...step, lines: [line('forge-turbo', 7000), line('other', 1)] }],
      proof: [],
    }
    expect(waitsIn(rotation, 'forge-turbo')).toEqual([7000])
    expect(waitsIn(null, 'forge-turbo')).toEqual([])
  })
})
