import { pino } from 'pino'
import { expect, it } from 'vitest'
import { interceptProcedureErrors, undeclaredProblem } from '../../../electron/api/errors'
import { asItIs } from '../../../electron/logs/cutting'
import { Problem, type ProblemId } from '../../../shared/problems'

it('a problem that the contract does not declare for a procedure is answered, and logged as an error', async () => {
  const lines: string[] = []
  const log = pino({ level: 'error' }, { write: (line) => void lines.push(line) })
  const call = (name: string, id: ProblemId) =>
    interceptProcedureErrors({ log, dataFolder: '/data', redact: asItIs })({
      path: name.split('/'),
      next: () => Promise.reject(new Problem(id)),
    })

  await expect(call('services/start', 'service.busy')).rejects.toMatchObject({ code: 'CONFLICT', status: 409 })
  await expect(call('system/settings', 'session.locked')).rejects.toMatchObject({ status: 401 })
  expect(lines).toEqual([])
  await expect(call('system/settings', 'service.busy')).rejects.toMatchObject({ code: 'CONFLICT', status: 409 })
  await expect(call('system/health', 'session.required')).rejects.toMatchObject({ status: 401 })

  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { procedure: 'system/settings', problem: 'service.busy', msg: undeclaredProblem },
    { procedure: 'system/health', problem: 'session.required', msg: undeclaredProblem },
  ])
})
