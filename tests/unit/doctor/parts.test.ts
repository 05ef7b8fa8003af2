import { describe, expect, it } from 'vitest'
import { pairsIn } from '../../../electron/doctor/collect/container'
import { readLog } from '../../../electron/doctor/collect/log'
import { readAnswer } from '../../../electron/doctor/collect/answers'
import { isMangled, shapeOf } from '../../../electron/doctor/shape'
import { otherCard } from '../../../electron/doctor/causes/card'
import { walk } from '../../../electron/doctor/walk'
import type { Evidence } from '../../../electron/doctor/evidence'
import english from '../../../renderer/i18n/en/doctor.json'
import { CauseId } from '../../../shared/contract'
import { isProblemId, reason } from '../../../shared/problems'

const hash = `$2b$12$${'a'.repeat(53)}`

describe('the shape of a value', () => {
  it.each([
    ['', 'empty', ''],
    [hash, 'hash', '$2b$12$'],
    [hash.slice(0, 57), 'cut', '$2b$12$'],
    ['$2b$12.abc', 'cut', '$2b$12'],
    [hash.replaceAll('$', '$$$$'), 'marked', ''],
    [hash.replaceAll('$', '\\$'), 'marked', ''],
    [`'${hash}'`, 'marked', ''],
    ['plain', 'other', ''],
  ] as const)('%s', (value, form, prefix) => {
    expect(shapeOf(value)).toMatchObject({ form, prefix, length: value.length, hasMark: false, hasReturn: false })
    expect(isMangled(shapeOf(value))).toBe(form === 'cut' || form === 'marked')
  })

  it('leaves a byte order mark and a carriage return out of the fingerprint, and tells of them', () => {
    const plain = shapeOf(hash)

    expect(shapeOf(`\ufeff${hash}\r`)).toEqual({ ...plain, hasMark: true, hasReturn: true })
  })
})

describe('what a command line says', () => {
  it('gives the first pair of each flag, quotes taken off', () => {
    const found = pairsIn('webui --api --api-auth ann:one,bob:two --gradio-auth="ann:th:ree" --gradio-auth-path f', 'c')

    expect(found).toMatchObject([
      { key: '--api-auth', username: 'ann', raw: 'one', place: 'c: --api-auth' },
      { key: '--gradio-auth', username: 'ann', raw: 'th:ree' },
    ])
  })
})

describe('what a log says', () => {
  it('counts the last start', () => {
    const token = (print: string) => `For direct API calls, use token=[secret ${print}]`

    expect(readLog('comfyui', [token('0123456789ab'), 'other', token('ba9876543210')])).toMatchObject({
      printedToken: 'ba9876543210',
      importFailed: null,
      brokenApiAuth: null,
    })
    expect(readLog('comfyui', ['   0.0 seconds (IMPORT FAILED): custom_nodes/ComfyUI-Login']).importFailed).toContain(
      'IMPORT',
    )
  })

  it('quotes why an import failed, also where a later line only says that it did', () => {
    const why = "Cannot import /comfy/custom_nodes/ComfyUI-Login module for custom nodes: No module named 'bcrypt'"
    const times = '   0.0 seconds (IMPORT FAILED): /comfy/custom_nodes/ComfyUI-Login'
    expect(readLog('comfyui', [why, 'Import times for custom nodes:', times]).importFailed).toBe(why)
    expect(
      readLog('comfyui', ['Cannot import /comfy/custom_nodes/Other module for custom nodes: x']).importFailed,
    ).toBeNull()
  })
})

describe('an answer', () => {
  it('keeps the path of a redirect, and not what may repeat a token', () => {
    const answer = (location: string) =>
      readAnswer(
        { kind: 'comfyui', url: 'http://127.0.0.1:8188', asked: 'GET /' },
        { status: 302, headers: { location }, body: Buffer.from(''), tookMs: 1 },
      )

    expect(answer('/login?token=abc').location).toBe('/login')
    expect(answer('https://sso.example/auth?next=%2F').location).toBe('https://sso.example/auth')
  })
})

describe('the walk', () => {
  const evidence: Evidence = {
    service: { id: 'a', kind: 'comfyui', runtime: 'process', url: 'http://127.0.0.1:1', isManaged: true, runs: true },
    vault: 'open',
    credential: null,
    answers: {},
    program: null,
    otherAddress: null,
    values: [],
    previous: null,
    guestFile: null,
    log: { importFailed: null, printedToken: null, brokenApiAuth: null, webThread: null, read: false },
    card: null,
    files: null,
  }

  it('names the first that is proven; what else is proven stands beside it', () => {
    const cause = (id: CauseId, state: 'proven' | 'ruled-out' | 'unknown') => ({
      id,
      severity: 'warning' as const,
      look: () => ({ state, evidence: [] }),
    })

    const { cause: named, findings } = walk(evidence, [
      cause('proxy', 'ruled-out'),
      cause('mangled', 'unknown'),
      cause('stale', 'proven'),
      cause('other-secret', 'proven'),
    ])

    expect(named).toBe('stale')
    expect(findings.map(({ cause: id, state }) => `${id} ${state}`)).toEqual([
      'stale cause',
      'other-secret present',
      'mangled unknown',
      'proxy ruled-out',
    ])
  })

  it('tells of another GPU than asked for beside what keeps the credential out, with the fix of its files', () => {
    const files = [{ path: '/srv/compose.yaml', state: '3fa91c07be42' }]
    const reasonOf = reason('identity.contradicts', { id: 'a', meant: 'RTX 3090 (GPU 1)', found: 'RTX 3080 (GPU 0)' })
    const card = {
      state: 'contradicts' as const,
      reason: reasonOf,
      fix: { id: 'f', needs: 'recreate' as const, files },
    }
    const { verdict, cause, findings } = walk({ ...evidence, card }, [otherCard])
    expect([verdict, cause]).toEqual(['unknown', null])
    expect(findings).toMatchObject([
      {
        ...{ cause: 'other-card', state: 'present', reason: { problem: 'doctor.other-card' } },
        evidence: [{ params: { card: 'RTX 3090 (GPU 1)' } }, { params: { card: 'RTX 3080 (GPU 0)' } }],
        fixes: [
          {
            acts: [
              { kind: 'lint-fix', fixes: ['f'], files },
              { kind: 'recreate', serviceId: 'a' },
            ],
          },
        ],
      },
    ])
    const manual = walk({ ...evidence, card: { ...card, fix: null } }, [otherCard]).findings
    expect(manual).toMatchObject([{ state: 'present', fixes: [] }])
    const agrees = {
      ...card,
      state: 'agrees' as const,
      reason: reason('identity.agrees', { id: 'a', card: 'RTX 3090' }),
    }
    expect(walk({ ...evidence, card: agrees }, [otherCard]).findings).toMatchObject([{ state: 'ruled-out' }])
    for (const state of ['unclear', 'unknown'] as const)
      expect(walk({ ...evidence, card: { ...card, state } }, [otherCard]).findings).toEqual([])
  })

  it('has words for every cause', () => {
    expect(CauseId.options.filter((id) => !isProblemId(`doctor.${id}`))).toEqual([])
    expect(Object.keys(english.cause).sort()).toEqual([...CauseId.options].sort())
  })
})
