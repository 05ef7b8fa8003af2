import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { interceptProcedureErrors } from '../../../electron/api/errors'
import { asItIs } from '../../../electron/logs/cutting'

const intercept = interceptProcedureErrors({ log: pino({ level: 'silent' }), dataFolder: '/data', redact: asItIs })
const fail = (error: Error & { code: string; path?: string }) =>
  intercept({ path: ['credentials', 'create'], next: () => Promise.reject(error) })
const failure = (code: string, path?: string) => Object.assign(new Error(code), { code, ...(path ? { path } : {}) })

describe('a call that meets a full disk', () => {
  it.each([
    ['a settings file', failure('ENOSPC', '/data/config.json.tmp-1763'), '/data'],
    ['a file of another disk', failure('EDQUOT', '/stack/.env'), '/stack/.env'],
    ['the database', failure('SQLITE_FULL'), '/data'],
  ])('%s is answered with what is full and what to do, not as a bug', async (_, error, path) => {
    await expect(fail(error)).rejects.toMatchObject({
      status: 503,
      data: { problem: 'disk.full', params: { path }, hint: expect.stringContaining('Free some space') as string },
    })
  })

  it('any other failure of a file stays a bug without details', async () => {
    await expect(fail(failure('EIO', '/data/regie.db'))).rejects.toMatchObject({ code: 'INTERNAL_SERVER_ERROR' })
  })
})
