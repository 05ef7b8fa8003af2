import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { wholeLines } from '../../../electron/updates/containers'
import { unifiedDiff } from '../../../electron/updates/diff'
import { splitTag, updateTags } from '../../../electron/updates/images'
import { compareNodes, nameSome } from '../../../electron/updates/nodes'
import { isLater, judgeCard, planFiles } from '../../../electron/updates/offer'
import { addSettings, missingSettings, readSettings, removeSettings } from '../../../electron/updates/settings'
import { compareVersions, readVersions } from '../../../electron/updates/versions'

describe('the plan of files', () => {
  const stack = (present: Record<string, string | null>, changed: string[], brought = ['a', 'b', 'c']) => ({
    present: new Map(Object.entries(present)),
    fresh: new Map([
      ['a', 'new\n'],
      ['b', 'same\n'],
      ['c', 'new c\n'],
      ['d', 'added\n'],
    ]),
    recognised: { stackId: 'comfyui-qwen' as const, version: '1', changed },
    brought: new Set(brought),
  })
  const plan = (...of: Parameters<typeof stack>) =>
    planFiles(stack(...of), (text) => text.replaceAll('hunter2', '••••')).map(
      ({ path: name, change, isChanged }) => `${name} ${change}${isChanged ? ' theirs' : ''}`,
    )

  test('says of each file whether it is the same, replaced or added', () => {
    expect(plan({ a: 'old\n', b: 'same\n', c: 'old c\n', d: null }, [])).toEqual([
      'a replaced',
      'b same',
      'c replaced',
      'd added',
    ])
  })

  test('asks about what the person changed or took away, and about a file of theirs in the place of a new one', () => {
    const found = plan({ a: 'mine\n', b: 'same\n', c: null, d: 'my own\n' }, ['a', 'c'])
    expect(found).toEqual(['a replaced theirs', 'c added theirs', 'd replaced theirs', 'b same'])
  })

  test('does not mind Windows’ line ends', () => {
    expect(plan({ a: 'new\r\n', b: 'same\r\n', c: 'new c\n', d: null }, ['a'])).toEqual([
      'a same',
      'b same',
      'c same',
      'd added',
    ])
  })

  test('shows no secret in a diff', () => {
    const [file] = planFiles(stack({ a: 'password: hunter2\n', b: null, c: null, d: null }, ['a']), (text) =>
      text.replaceAll('hunter2', '••••'),
    )
    expect(file?.diff).toBe('@@ -1 +1 @@\n-password: ••••\n+new')
  })

  test('shows in a diff nothing that looks like a secret either, known to the vault or not', () => {
    const secret = 'hf_abcdefghij'
    const diffOf = (name: string, there: string) =>
      planFiles(
        {
          present: new Map([[name, there]]),
          fresh: new Map([[name, 'new\n']]),
          recognised: { stackId: 'comfyui-qwen', version: '1', changed: [name] },
          brought: new Set([name]),
        },
        (text) => text,
      )[0]?.diff
    expect(diffOf('compose.yaml', `a:\n  environment:\n    HF_TOKEN: ${secret}\n    TZ: Etc/UTC\n`)).toBe(
      '@@ -1 +1 @@\n-a:\n-  environment:\n-    HF_TOKEN: •••\n-    TZ: Etc/UTC\n+new',
    )
    expect(diffOf('.env.example', `HF_TOKEN='${secret}'\r\n`)).toBe("@@ -1 +1 @@\n-HF_TOKEN='•••'\n+new")
    expect(diffOf('Dockerfile', `ENV TZ=Etc/UTC HF_TOKEN="${secret}"\n`)).toBe(
      '@@ -1 +1 @@\n-ENV TZ=Etc/UTC HF_TOKEN=•••\n+new',
    )
    expect(diffOf('serve.py', `run('--api-auth me:${secret}')\n`)).not.toContain(secret)
  })
})

test('a diff shows what changes with three lines around', () => {
  const lines = Array.from({ length: 12 }, (_, at) => `line ${at}`)
  const changed = lines.with(6, 'another').join('\n')
  expect(unifiedDiff(lines.join('\n'), changed)).toBe(
    '@@ -4 +4 @@\n line 3\n line 4\n line 5\n-line 6\n+another\n line 7\n line 8\n line 9',
  )
  expect(unifiedDiff('a\r\nb\r\n', 'a\nb\n')).toBe('')
  expect(unifiedDiff('x\n'.repeat(2000), 'y')).toBe(null)
})

describe('versions', () => {
  const dockerfile =
    'FROM python:3.11.11-slim\nARG COMFYUI_REF\nARG TORCH_VERSION=2.6.0\nARG TORCH_INDEX=https://x/whl/cu124\n'
  const compose = (ref: string, build: string) =>
    `services:\n  a:\n    build:\n      context: .\n      args:\n        COMFYUI_REF: v${ref}\n        TORCH_INDEX: https://x/whl/${build}\n`

  test('are read from the build of both versions, with what the .env sets', () => {
    const now = readVersions(
      new Map([
        ['Dockerfile', dockerfile],
        ['compose.yaml', compose('0.3.64', 'cu124')],
      ]),
      new Map(),
    )
    const after = new Map([
      ['Dockerfile', dockerfile.replace('3.11.11', '3.13.9')],
      ['compose.yaml', compose('0.38.1', '${TORCH_BUILD:-cu130}')],
    ])
    const parts = (env: Map<string, string>) =>
      compareVersions(now, readVersions(after, env), 'comfyui').map((part) => `${part.name} ${part.now} ${part.new}`)
    expect(parts(new Map())).toEqual([
      'ComfyUI 0.3.64 0.38.1',
      'Python 3.11.11 3.13.9',
      'PyTorch 2.6.0 2.6.0',
      'CUDA 12.4 13.0',
    ])
    expect(parts(new Map([['TORCH_BUILD', 'cu126']]))).toContain('CUDA 12.4 12.6')
  })

  test('of files that somebody broke are not told', () => {
    expect(
      readVersions(
        new Map([
          ['compose.yaml', 'services: [a'],
          ['Dockerfile', null],
        ]),
        new Map(),
      ),
    ).toEqual(new Map())
  })
})

describe('settings', () => {
  let folder: string
  const env = () => readFile(path.join(folder, '.env'), 'utf8')
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'regie-settings-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('are added with their comments left alone, and taken out again where nobody changed them', async () => {
    const before = "# mine\nPASSWORD='s3cret'\nTZ=Europe/Paris\n"
    await writeFile(path.join(folder, '.env'), before)
    const added = missingSettings(
      // The last two would make another project of it, on a card that nobody has.
      "# of the new one\nTORCH_BUILD='cu130'\nTZ='Etc/UTC'\nMORE=''\nCOMPOSE_PROJECT_NAME='x'\nGPU_UUID='GPU-0'\n",
      await readSettings(folder),
    )
    expect(added).toEqual([
      ['TORCH_BUILD', 'cu130'],
      ['MORE', ''],
    ])
    await addSettings(folder, added)
    await addSettings(folder, added)
    expect(await env()).toBe(`${before}TORCH_BUILD='cu130'\nMORE=''\n`)
    await writeFile(path.join(folder, '.env'), (await env()).replace("MORE=''", "MORE='mine now'"))
    await removeSettings(folder, added)
    expect(await env()).toBe(`${before}MORE='mine now'\n`)
  })

  test('of a file that is broken or cannot be read are refused by its name', async () => {
    const other = await mkdtemp(path.join(folder, 'other-'))
    await writeFile(path.join(other, '.env'), "A=1\nB='never closed\n")
    await expect(readSettings(other)).rejects.toMatchObject({ id: 'sink.env-broken', params: { line: 2 } })
    await rm(path.join(other, '.env'))
    await mkdir(path.join(other, '.env'))
    await expect(readSettings(other)).rejects.toMatchObject({ id: 'sink.unreadable', params: { code: 'EISDIR' } })
  })
})

test('a version that a later Regie made is told from an earlier one; what is no number is unknown', () => {
  const later = [['0.39.0', '0.38.1'] as const, ['0.38.1-2', '0.38.1'] as const, ['0.38.10', '0.38.9'] as const]
  for (const [one, other] of later) expect([isLater(one, other), isLater(other, one)]).toEqual([true, false])
  for (const [one, other] of [['0.38.1', '0.38.1'] as const, ['dfdcbab6', '0.1'] as const, ['9', 'dfdcbab6'] as const])
    expect(isLater(one, other)).toBe(false)
})

test('a log is cut between its lines alone: half of a secret is one that no redactor knows', () => {
  expect(wholeLines('one\ntwo', 20)).toBe('one\ntwo')
  expect(wholeLines('token=hunter2\nsecond\nthird', 18)).toBe('second\nthird')
  expect(wholeLines('5%\r10% hunter2\r15%', 8)).toBe('15%')
  expect(wholeLines('hunter2hunter2', 8)).toBe('')
})

test('nodes that are gone and new ones are told apart, and long lists cut', () => {
  expect(compareNodes(['A', 'B'], ['B', 'C'])).toEqual({ missing: ['A'], added: ['C'] })
  expect(nameSome(Array.from({ length: 14 }, (_, at) => `N${at}`))).toMatch(/N11 … \(\+2\)$/)
})

test('a card is judged by what is free once the old models are unloaded; unknown is unknown', () => {
  expect(judgeCard({ freeMiB: 2_000, oldMiB: 20_000, neededMiB: 20_000 })).toBe(true)
  expect(judgeCard({ freeMiB: 1_000, oldMiB: 12_000, neededMiB: 20_000 })).toBe(false)
  expect(judgeCard({ freeMiB: null, oldMiB: 12_000, neededMiB: 20_000 })).toBe(null)
  expect(judgeCard({ freeMiB: 1_000, oldMiB: 0, neededMiB: null })).toBe(null)
})

test('names of images are cut at their tag, not at a registry’s port', () => {
  expect(splitTag('regie/comfyui-qwen:0.38.1-cu130')).toEqual({ repo: 'regie/comfyui-qwen', tag: '0.38.1-cu130' })
  expect(splitTag('127.0.0.1:5000/a')).toEqual({ repo: '127.0.0.1:5000/a', tag: 'latest' })
  expect(updateTags('0b6f6a0e-5e0c-4a53-9c0e-3f5d2a8f7c11').keep).toBe('regie/keep:0b6f6a0e5e0c')
})
