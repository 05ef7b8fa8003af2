import fc from 'fast-check'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { testRounds } from '../../../support/long'
import { parseDocument } from 'yaml'
import { noFacts, type LintFacts } from '../../../../electron/compose/lint/model'
import { planChange } from '../../../../electron/compose/lint/plan'
import { readProject } from '../../../../electron/compose/lint/project'
import { applyEdits } from '../../../../electron/compose/lint/text'
import { readEnvValue } from '../../../../electron/compose/files/dotenv'
import { comfyuiEnv, comfyuiQwen, dummyHash, forgeEnv, forgeTurbo } from './coursia'
import { lintOf, memoryDisk, place, quiet } from './project'

const gpus = [
  { index: 0, uuid: 'GPU-aaaaaaaa-1111-2222-3333-444444444444', name: 'NVIDIA GeForce RTX 3080 Ti' },
  { index: 1, uuid: 'GPU-bbbbbbbb-1111-2222-3333-444444444444', name: 'NVIDIA GeForce RTX 3090' },
]

type Files = Record<string, string>

/** The files after some fixes. */
async function mended(files: Files, wanted: readonly string[], facts: Partial<LintFacts> = {}) {
  const disk = memoryDisk(files)
  const read = (on: typeof disk) => readProject({ file: place('compose.yaml') }, { ...noFacts, ...facts }, on)
  const plan = await planChange(wanted, read, disk)
  const after = { ...files }
  for (const file of plan.files) after[file.name] = file.after.toString('utf8')
  for (const made of plan.folders) after[`${path.relative(place('.'), made)}/`] = ''
  return { plan, after }
}

/** The files after the first (or another) fix of one problem. */
async function mend(files: Files, problem: string, { at = 0, ...facts }: Partial<LintFacts> & { at?: number } = {}) {
  const finding = (await lintOf(files, facts)).find((one) => one.problem === problem)
  const fix = finding?.fixes[at]
  if (!finding || !fix) throw new Error(`${problem} has no fix`)
  const { after, plan } = await mended(files, [fix.id], facts)
  return { after, plan, finding, yaml: after['compose.yaml'] ?? '', env: after['.env'] ?? '' }
}

const body = (lines: string) => quiet(lines).split('\n').slice(7, -1).join('\n')
const bodyOf = (yaml: string) => yaml.split('\n').slice(7, -1).join('\n')

describe('a fix', () => {
  it.each([
    [`# head\r\nA=1 # one\r\nTOK=${dummyHash} # hash\r\nB="x"`, `TOK='${dummyHash}' # hash`],
    [`TOK="${dummyHash}"`, `TOK='${dummyHash}'`],
    [`export TOK = ${dummyHash.replaceAll('$', '$$$$')}`, `export TOK = '${dummyHash}'`],
    [`TOK="${dummyHash.replaceAll('$', '\\$')}"`, `TOK='${dummyHash}'`],
  ])('sets single quotes in %j and touches nothing else', async (before, line) => {
    const files = { 'compose.yaml': quiet("environment: { T: '${TOK}' }"), '.env': before }
    const finding = (await lintOf(files)).find(({ rule }) => rule === 'env-dollar')

    const { after } = await mended(files, [finding?.fixes[0]?.id ?? ''])

    const lines = before.split('\n')
    const at = lines.findIndex((text) => text.includes('TOK'))
    const end = lines[at]?.endsWith('\r') ? '\r' : ''
    expect(after['.env']).toBe(lines.map((text, index) => (index === at ? line + end : text)).join('\n'))
    expect(readEnvValue(after['.env'] ?? '', 'TOK')).toEqual({ compose1: dummyHash, compose2: dummyHash })
  })

  it.each([
    ['- "8188" # c', '- "127.0.0.1::8188" # c'],
    ['- 80:8188', '- 127.0.0.1:80:8188'],
    ["- '0.0.0.0:80:8188/udp'", "- '127.0.0.1:80:8188/udp'"],
    ['- "[::]:80:8188"', '- "127.0.0.1:80:8188"'],
    ['- "${PORT:-80}:8188"', '- "127.0.0.1:${PORT:-80}:8188"'],
    ['- target: 8188\n  published: 80\n  protocol: udp # c', "- '127.0.0.1:80:8188/udp' # c"],
    ['- { target: 8188, published: 80, mode: ingress }', "- '127.0.0.1:80:8188'"],
    ['- { target: 8188, host_ip: 0.0.0.0 }', '- { target: 8188, host_ip: 127.0.0.1 }'],
  ])('binds %j to loopback', async (before, after) => {
    const { yaml } = await mend({ 'compose.yaml': quiet(`ports:\n${before}`) }, 'lint.port-open')

    expect(bodyOf(yaml)).toBe(body(`ports:\n${after}`))
  })

  it('names the card that is chosen, in device_ids and in the variables, in lists and mappings', async () => {
    const devices = 'deploy:\n  resources:\n    reservations:\n      devices:\n        - driver: nvidia\n'
    const asked = (ids: string, environment: string) =>
      quiet(`${devices}          ${ids}\n          capabilities: [gpu]\n${environment}`)
    const uuid = gpus[1]?.uuid ?? ''

    const list = await mend(
      { 'compose.yaml': asked("device_ids: ['0'] # c", 'environment:\n  - CUDA_VISIBLE_DEVICES=0\n  # end') },
      'lint.gpu-by-index',
      { gpus, at: 1 },
    )
    const map = await mend({ 'compose.yaml': asked('count: 1', 'environment:\n  A: b') }, 'lint.gpu-count', {
      gpus,
      gpuUuid: uuid,
    })
    const none = await mend(
      { 'compose.yaml': asked("device_ids:\n            - '1'", 'user: me') },
      'lint.gpu-by-index',
      { gpus, at: 1 },
    )

    expect(bodyOf(list.yaml)).toContain(`device_ids: ['${uuid}'] # c`)
    expect(bodyOf(list.yaml)).toContain(
      `  - CUDA_VISIBLE_DEVICES=${uuid}\n      - CUDA_DEVICE_ORDER=PCI_BUS_ID\n      # end`,
    )
    expect(bodyOf(map.yaml)).toContain(`device_ids: ['${uuid}']\n`)
    expect(bodyOf(map.yaml)).toContain(
      `  A: b\n      CUDA_VISIBLE_DEVICES: ${uuid}\n      CUDA_DEVICE_ORDER: PCI_BUS_ID`,
    )
    expect(parseDocument(none.yaml).getIn(['services', 'a', 'environment', 'CUDA_VISIBLE_DEVICES'])).toBe(uuid)
    expect(none.yaml).toContain(`            - '${uuid}'`)
  })

  it('asks for Forge’s login at the API too, and never copies a password that stands there', async () => {
    const { yaml } = await mend({ 'compose.yaml': forgeTurbo, '.env': forgeEnv }, 'lint.forge-api-open')
    const login = '${FORGE_USER:-admin}:${FORGE_PASSWORD}'
    expect(yaml).toContain(`--gradio-auth ${login} --api-auth ${login} --gpu-device-id`)

    const plain = forgeTurbo.replace(login, 'me:dummy')
    const open = (await lintOf({ 'compose.yaml': plain })).find(({ problem }) => problem === 'lint.forge-api-open')
    expect(open?.fixes).toEqual([])
  })

  it('writes a mount so that Docker makes no folder, as the Compose that is there allows', async () => {
    const files = { 'compose.yaml': quiet('volumes:\n  - ./a.token:/run/a.token:ro # c\n  - ./b:/b') }

    const two = await mend(files, 'lint.source-missing-file', { compose: 'plugin' })
    const one = await mend(files, 'lint.source-missing-file', { compose: 'standalone' })

    const long = 'volumes:\n  - type: bind\n    source: ./a.token\n    target: /run/a.token\n    read_only: true'
    expect(bodyOf(two.yaml)).toBe(body(`${long}\n    bind:\n      create_host_path: false # c\n  - ./b:/b`))
    expect(bodyOf(one.yaml)).toBe(body(`${long} # c\n  - ./b:/b`))
  })

  it('mounts the folder of a secret file only where nothing else lies in it', async () => {
    const yaml = quiet('volumes:\n  - ./login/PASSWORD:/app/login/PASSWORD:ro')
    const alone = await mend({ 'compose.yaml': yaml, 'login/PASSWORD': 'x' }, 'lint.secret-file-mount')
    expect(bodyOf(alone.yaml)).toBe(body('volumes:\n  - ./login:/app/login:ro'))

    const crowded = await lintOf({ 'compose.yaml': yaml, 'login/PASSWORD': 'x', 'login/master.env': 'y' })
    expect(crowded.find(({ rule }) => rule === 'secret-file-mount')?.fixes).toEqual([])
  })

  it('moves a secret out of the YAML, and tells that what leads back holds it', async () => {
    const files = { 'compose.yaml': quiet('environment:\n  - API_KEY=du$$mmy # c'), '.env': 'A=1' }
    const { yaml, env, plan } = await mend(files, 'lint.secret-in-yaml')

    expect(bodyOf(yaml)).toBe(body('environment:\n  - API_KEY=${API_KEY:?set it in .env} # c'))
    expect(env).toBe("A=1\nAPI_KEY='du$mmy'\n")
    expect(plan.removesSecret).toBe(true)
  })

  it('pins the image that runs', async () => {
    const files = { 'compose.yaml': quiet('').replace('example/a:1.2', 'example/a:latest # c') }
    const { yaml } = await mend(files, 'lint.image-moving', { images: { a: 'sha256:abc' } })

    expect(yaml).toContain('image: example/a:latest@sha256:abc # c\n')
  })

  it('refuses a fix that does not exist', async () => {
    await expect(mended({ 'compose.yaml': quiet('') }, ['no.0'])).rejects.toThrow('no longer available')
  })
})

describe('all fixes together', () => {
  it.each([
    ['comfyui-qwen', comfyuiQwen, comfyuiEnv],
    ['forge-turbo', forgeTurbo, forgeEnv],
    ['comfyui-qwen with Windows line ends', comfyuiQwen.replaceAll('\n', '\r\n'), comfyuiEnv],
  ])(
    '%s: every finding with a fix is gone, the rest of the file is there, and it can be taken back',
    async (_, yaml, env) => {
      const files = { 'compose.yaml': yaml, '.env': env, 'entrypoint.sh': '#!/bin/bash\r\n' }
      const before = await lintOf(files, { gpus })
      const wanted = before.flatMap(({ fixes }) => fixes.filter(({ folders }) => !folders).slice(0, 1))

      const { plan, after } = await mended(
        files,
        wanted.map(({ id }) => id),
        { gpus },
      )

      const left = await lintOf(after, { gpus })
      expect(left.filter(({ fixes }) => fixes.some(({ folders }) => !folders)).map(({ problem }) => problem)).toEqual(
        [],
      )
      expect(parseDocument(after['compose.yaml'] ?? '').errors).toEqual([])
      for (const comment of yaml.match(/# .*/g) ?? []) expect(after['compose.yaml']).toContain(comment.trim())
      for (const file of plan.files) {
        const back = file.back.reduce((text, edits) => applyEdits(text, edits), file.after.toString(file.encoding))
        expect(Buffer.from(back, file.encoding).equals(file.before)).toBe(true)
      }
    },
  )
})

const wordCharacters = Array.from('abzAZ019._/+=,@%!^&*()[]{}<>|?;~`#: $-"')
const wordValue = fc.array(fc.constantFrom(...wordCharacters), { maxLength: 24 }).map((letters) => letters.join(''))
const key = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/)
const envLine = fc.oneof(
  fc.tuple(key, wordValue).map(([name, value]) => `${name}=${value}`),
  fc.tuple(key, wordValue).map(([name, value]) => `${name}='${value}'`),
  fc.tuple(key, wordValue).map(([name, value]) => `${name}="${value.replaceAll('"', '')}"`),
  fc.tuple(key, fc.constant(dummyHash)).map(([name, value]) => `${name}=${value}`),
  fc.constantFrom('', '# comment $x', 'export X=1', 'ALONE'),
)

describe('whatever stands in an .env file', () => {
  const both = 'a fix changes its own lines alone, and both Composes then read the same'
  testRounds(both, { few: 25, all: 200 }, async (numRuns) => {
    await fc.assert(
      fc.asyncProperty(fc.array(envLine, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), async (lines, end) => {
        const files = { 'compose.yaml': quiet(''), '.env': lines.join(end) }
        const findings = (await lintOf(files)).filter(({ rule }) => rule === 'env-dollar')
        const wanted = findings.flatMap(({ fixes }) => fixes.slice(0, 1))
        if (wanted.length === 0) return

        const { after } = await mended(
          files,
          wanted.map(({ id }) => id),
        )

        const touched = new Set(findings.filter(({ fixes }) => fixes.length > 0).map(({ line }) => line - 1))
        const now = (after['.env'] ?? '').split(end)
        expect(now.length).toBe(lines.length)
        lines.forEach((line, at) => {
          if (touched.has(at)) expect(now[at]).toMatch(/= *'[^']*'/)
          else expect(now[at]).toBe(line)
        })
        expect(
          (await lintOf({ ...files, ...after })).filter(({ rule, fixes }) => rule === 'env-dollar' && fixes.length > 0),
        ).toEqual([])
      }),
      { numRuns },
    )
  })
})

describe('“Fix all”', () => {
  const many = Array.from({ length: 3 }, (_, at) => `KEY_${at}_PASSWORD: word-${at}-secret`).join(', ')

  it.each<[string, Files]>([
    ['comfyui-qwen', { 'compose.yaml': comfyuiQwen, '.env': comfyuiEnv }],
    ['forge-turbo', { 'compose.yaml': forgeTurbo, '.env': forgeEnv }],
    ['three secrets that move into one file', { 'compose.yaml': quiet(`environment: { ${many} }`), '.env': 'A=1\n' }],
    [
      'one secret in two services',
      {
        'compose.yaml': `${quiet('environment: { APP_PASSWORD: word-1-secret }')}${quiet('environment: { APP_PASSWORD: word-1-secret }').replace('services:\n  a:', '  b:')}`,
        '.env': '',
      },
    ],
    [
      'lines of .env that are refused and doubled',
      { 'compose.yaml': quiet(''), '.env': `A=x\${9\nB="y\${"\nT=${dummyHash}\n` },
    ],
    [
      'a GPU by index everywhere',
      {
        'compose.yaml': quiet(
          "environment: { NVIDIA_VISIBLE_DEVICES: '0', CUDA_VISIBLE_DEVICES: all }\ngpus:\n  - device_ids: ['0']\ndeploy: { resources: { reservations: { devices: [{ driver: nvidia, count: 1 }] } } }",
        ),
      },
    ],
  ])('leaves nothing half fixed: %s', async (_, files) => {
    const firstFixes = async (of: Files) =>
      (await lintOf(of, { gpus })).flatMap(({ fixes }) => fixes.slice(0, 1).map(({ id }) => id))
    const { after } = await mended(files, await firstFixes(files), { gpus })

    // Neither what had a fix and has none any more, nor anything that is mended only the second time.
    const mendable = new Set(
      (await lintOf(files, { gpus }))
        .filter(({ fixes }) => fixes.length > 0)
        .map(({ id, problem }) => `${id} ${problem}`),
    )
    const left = (await lintOf(after, { gpus })).filter(
      ({ id, problem, fixes }) => fixes.length > 0 || mendable.has(`${id} ${problem}`),
    )
    expect(left.map(({ problem, source, line }) => `${problem} ${source.name}:${line}`)).toEqual([])
  })
})
