import { expect, it } from 'vitest'
import { csvOf } from '../../../electron/usage/csv'
import type { UsageLine } from '../../../shared/contract'

const line: UsageLine = {
  ...{ user: 'amina', userName: 'Amina', key: null, keyName: null, keyLimits: null },
  ...{ day: '2026-11-27', service: null, machine: 'local' },
  ...{ requests: 3, jobs: 2, failed: 0, images: 8, gpuSeconds: 12.5, unknownJobs: 0 },
  ...{ bytesIn: 10, bytesOut: 20, refused: 1 },
}
const rowsOf = (more: Partial<UsageLine>, by: 'user' | 'key' = 'user', per: 'day' | 'service' = 'day') =>
  csvOf([{ ...line, ...more }], { by, per }).split('\r\n')

it('has a header, a line each, and empty cells for what is not known', () => {
  expect(rowsOf({ gpuSeconds: null, userName: null })).toEqual([
    '\uFEFFuser,user_name,day,machine,requests,jobs,failed,images,gpu_seconds,unknown_jobs,bytes_in,bytes_out,refused',
    'amina,,2026-11-27,local,3,2,0,8,,0,10,20,1',
    '',
  ])
  const [head, row] = rowsOf({ key: 'k1', keyName: 'laptop', day: null, service: 'forge' }, 'key', 'service')
  expect(head).toContain('key_name,key_limit_jobs_at_once,key_limit_jobs_a_day,key_limit_gpu_seconds_a_day,service')
  expect(row).toBe('amina,Amina,k1,laptop,,,,forge,local,3,2,0,8,12.5,0,10,20,1')
  const keyLimits = { concurrentJobs: 2, jobsPerDay: null, gpuSecondsPerDay: 600 }
  expect(rowsOf({ key: 'k1', keyName: 'laptop', keyLimits }, 'key')[1]).toMatch(/^amina,Amina,k1,laptop,2,,600,2026/)
})

it.each([
  ['=HYPERLINK("http://evil")', `"'=HYPERLINK(""http://evil"")"`],
  ['+1', `'+1`],
  ['-1', `'-1`],
  ['@SUM(A1)', `'@SUM(A1)`],
  ['\tx', `'\tx`],
  ['a,b', '"a,b"'],
  ['two\nlines', '"two\nlines"'],
  ['Zoé', 'Zoé'],
])('a name that is %j is no formula and no column more', (userName, cell) => {
  expect(csvOf([{ ...line, userName }], { by: 'user', per: 'day' })).toContain(`\r\namina,${cell},2026-11-27,`)
})
