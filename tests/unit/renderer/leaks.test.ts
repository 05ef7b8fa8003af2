import { describe, expect, it } from 'vitest'
import { below, groupFindings } from '../../../renderer/features/leaks/groups'
import type { LeakFinding } from '../../../shared/contract'

const finding = (kind: LeakFinding['kind'], severity: LeakFinding['severity']): LeakFinding => ({
  ...{ id: `${kind} ${severity}`, kind, severity, where: '/srv/a', part: null, serviceId: null, lines: [], count: 1 },
  ...{ commits: [], commitCount: 0, credentialId: 'qwen', field: 'token', generation: 'current' },
  ...{ fingerprint: '0123456789ab', spelling: 'plain', utf16: false, weight: 'file' },
})

describe('the findings of a leak scan', () => {
  it('come by source, the worst source first, without what stands where it belongs', () => {
    const { groups, expected } = groupFindings([
      finding('git', 'danger'),
      finding('file', 'warning'),
      finding('label', 'warning'),
      finding('environment', 'notice'),
      finding('file', 'expected'),
    ])

    expect(groups.map(({ id, findings }) => [id, findings.length])).toEqual([
      ['git', 1],
      ['file', 1],
      ['container', 2],
    ])
    expect(expected.map(({ id }) => id)).toEqual(['file expected'])
  })

  it.each([
    ['/srv/stack', '/srv/stack/.env', '.env'],
    ['D:\\Dev', 'D:\\Dev\\CoursIA\\.env', 'CoursIA\\.env'],
    ['/srv/stack', '/srv/stack', '/srv/stack'],
    ['/srv/stack', '/srv/stack-2/.env', '/srv/stack-2/.env'],
    ['/', '/etc/passwd', '/etc/passwd'],
    [null, 'comfyui-qwen', 'comfyui-qwen'],
  ])('below %s, %s is shown as %s', (folder, where, shown) => {
    expect(below(folder, where)).toBe(shown)
  })
})
