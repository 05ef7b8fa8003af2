import { describe, expect, it } from 'vitest'
import { comfyuiEnv, comfyuiQwen, dummyHash, forgeEnv, forgeTurbo } from './coursia'
import { lintOf, placesOf, quiet } from './project'

const gpus = [
  { index: 0, uuid: 'GPU-aaaaaaaa-1111-2222-3333-444444444444', name: 'NVIDIA GeForce RTX 3080 Ti' },
  { index: 1, uuid: 'GPU-bbbbbbbb-1111-2222-3333-444444444444', name: 'NVIDIA GeForce RTX 3090' },
]

describe('the users’ projects', () => {
  it('comfyui-qwen: every known trap is found, with its file and line', async () => {
    const files = {
      'compose.yaml': comfyuiQwen,
      '.env': comfyuiEnv,
      'entrypoint.sh': '#!/bin/bash\r\nexec python main.py\r\n',
    }

    const places = placesOf((await lintOf(files, { gpus })).filter(({ severity }) => severity !== 'hint'))

    expect(places).toEqual([
      'lint.source-missing-file compose.yaml:25',
      'lint.env-dollar-hash .env:5',
      'lint.env-dollar-hash .env:6',
      'lint.hash-short .env:6',
      'lint.crlf-script entrypoint.sh:1',
      'lint.gpu-by-index compose.yaml:14',
      'lint.port-open compose.yaml:17',
      'lint.secret-file-mount compose.yaml:25',
      'lint.secret-empty-default compose.yaml:38',
      'lint.healthcheck-401 compose.yaml:42',
      'lint.image-moving compose.yaml:49',
      'lint.retired-name compose.yaml:52',
    ])
  })

  it('forge-turbo: the open API, the known default, the comma, the ports, the GPU', async () => {
    const findings = await lintOf({ 'compose.yaml': forgeTurbo, '.env': forgeEnv }, { gpus })

    expect(placesOf(findings.filter(({ severity }) => severity !== 'hint'))).toEqual([
      'lint.secret-default compose.yaml:10',
      'lint.forge-api-open compose.yaml:11',
      'lint.forge-password-unsafe .env:3',
      'lint.port-open compose.yaml:5',
      'lint.port-open compose.yaml:6',
      'lint.forge-gpu-id compose.yaml:11',
      'lint.gpu-count compose.yaml:19',
    ])
  })

  it('says nothing about a service that does everything right', async () => {
    expect(placesOf(await lintOf({ 'compose.yaml': quiet("ports: ['127.0.0.1:80:80']") }))).toEqual([])
  })
})

describe('.env', () => {
  const using = (key: string) => quiet(`environment: { ${key}: '\${${key}}' }`)

  it.each([
    [`TOK=${dummyHash}`, 'lint.env-dollar-hash', 'danger'],
    [`TOK="${dummyHash}"`, 'lint.env-dollar-hash', 'danger'],
    [`TOK=${dummyHash.replace('$Iv', '$.v')}`, 'lint.env-hash-unquoted', 'hint'],
    [`TOK=${dummyHash.replaceAll('$', '$$$$')}`, 'lint.env-dollar-doubled', 'warning'],
    ['TOK=pa$word', 'lint.env-dollar', 'warning'],
    ['A=1\nTOK=${A}x$A # ${TOK}', 'lint.env-dollar', 'hint'],
  ])('%s is told as %s', async (text, problem, severity) => {
    const found = (await lintOf({ 'compose.yaml': using('TOK'), '.env': `${text}\n` })).filter(
      ({ rule }) => rule === 'env-dollar',
    )

    expect(found.map((finding) => [finding.problem, finding.severity])).toEqual([[problem, severity]])
  })

  it.each([`TOK='${dummyHash}'`, 'TOK=plain', "TOK='pa$word'", 'TOK=50$'])('%s is right', async (text) => {
    expect(placesOf(await lintOf({ 'compose.yaml': using('TOK'), '.env': `${text}\n` }))).toEqual([])
  })

  it('a hash that is already cut has no fix: what is missing cannot be guessed', async () => {
    const findings = await lintOf({ 'compose.yaml': using('TOK'), '.env': `TOK='${dummyHash.slice(0, 57)}'\n` })

    expect(findings.map(({ problem, params, fixes }) => [problem, params, fixes])).toEqual([
      ['lint.hash-short', { key: 'TOK', length: 57 }, []],
    ])
  })

  it('keys used and absent, declared and unused, set twice', async () => {
    const yaml = quiet(
      "environment: { A: '${A}', P: '${APP_PASSWORD}', R: '${R:?needed}', D: '${D:-x}', H: '${HOME}' }",
    )
    const findings = await lintOf(
      { 'compose.yaml': yaml, '.env': 'A=1\nA=2\nOLD=3\nCOMPOSE_PROJECT_NAME=x\n' },
      { environment: { HOME: '/home/x' } },
    )

    expect(findings.map(({ problem, params }) => [problem, params])).toEqual([
      ['lint.env-missing-secret', { key: 'APP_PASSWORD' }],
      ['lint.env-required', { key: 'R' }],
      ['lint.env-duplicate', { key: 'A', line: 1 }],
      ['lint.env-unused', { keys: 'OLD' }],
    ])
  })

  it('an empty secret is an error', async () => {
    const findings = await lintOf({ 'compose.yaml': using('API_KEY'), '.env': 'API_KEY=\n' })

    expect(placesOf(findings)).toEqual(['lint.secret-empty .env:1'])
  })

  it('line ends, marks and encodings', async () => {
    const yaml = using('A')

    expect(placesOf(await lintOf({ 'compose.yaml': yaml, '.env': 'A=1\r\n' }))).toEqual(['lint.crlf .env:1'])
    expect(placesOf(await lintOf({ 'compose.yaml': yaml, '.env': '\uFEFFA=1\n' }))).toEqual(['lint.bom .env:1'])
    const utf16 = Buffer.from('\uFEFFA=1\r\n', 'utf16le')
    expect(placesOf(await lintOf({ 'compose.yaml': yaml, '.env': utf16 }), 'broken-file')).toEqual([
      'lint.encoding .env:1',
    ])
  })

  it('a quote that is never closed is told with its line', async () => {
    const findings = await lintOf({ 'compose.yaml': quiet(''), '.env': 'A=1\nB="open\nC=2\n' })

    expect(placesOf(findings)).toEqual(['lint.env-broken .env:2'])
  })

  it('an env_file counts as .env does, and must be there', async () => {
    const yaml = quiet('env_file: [app.env, other.env]')
    const findings = await lintOf({ 'compose.yaml': yaml, 'app.env': `T=${dummyHash}\r\n` })

    expect(placesOf(findings)).toEqual([
      'lint.env-file-missing compose.yaml:8',
      'lint.env-dollar-hash app.env:1',
      'lint.crlf app.env:1',
    ])
  })
})

describe('YAML', () => {
  it.each([
    ['services:\n  a:\n    image: x\n   b: 1\n', 4],
    ['services:\n\ta: 1\n', 2],
    ['services:\n  a: "open\n', 3],
    ['services:\n  a: {}\n  a: {}\n', 3],
  ])('%j is broken, and says where', async (text, line) => {
    expect(placesOf(await lintOf({ 'compose.yaml': text }))).toEqual([`lint.yaml-broken compose.yaml:${line}`])
  })

  it.each(['', 'name: x\n', '- a\n', 'servces: {}\n'])('%j has no services', async (text) => {
    expect(placesOf(await lintOf({ 'compose.yaml': text }))).toEqual(['lint.no-services compose.yaml:1'])
  })

  it('a hash and a shell variable with a single $', async () => {
    const findings = await lintOf({
      'compose.yaml': quiet(`environment: { T: '${dummyHash}', U: '$$ok' }\ncommand: sh -c "echo $code $\${x}"`),
    })

    expect(placesOf(findings, 'yaml-dollar')).toEqual([
      'lint.yaml-dollar-hash compose.yaml:8',
      'lint.yaml-dollar compose.yaml:9',
    ])
  })

  it('secrets in plain text, in variables, lists and arguments; switches and paths are none', async () => {
    const findings = await lintOf({
      'compose.yaml': quiet(
        'environment:\n  - API_KEY=dummy-value\n  - AUTH_TOKEN=true\n  - KEY_FILE=/run/secrets/x\n  - EMPTY_PASSWORD=\ncommand: [serve, --api, --api-auth, "me:dummy-pass"]',
      ),
    })

    expect(findings.filter(({ rule }) => rule === 'secret-in-yaml').map(({ params }) => params)).toEqual([
      { key: 'API_KEY' },
      { flag: '--api-auth' },
    ])
  })

  it('what comes by an anchor, a merge or an override counts', async () => {
    const yaml = `x-base: &base
  restart: unless-stopped
  security_opt: ['no-new-privileges:true']
  logging: { driver: json-file, options: { max-size: 10m } }
services:
  a:
    <<: *base
    image: example/a:1
    ports: ['80:80']
`
    const findings = await lintOf({
      'compose.yaml': yaml,
      'compose.override.yaml':
        'services:\n  a:\n    healthcheck: { test: [CMD, check] }\n    ports: ["0.0.0.0:81:81/udp"]\n',
    })

    expect(placesOf(findings)).toEqual(['lint.port-open compose.yaml:9', 'lint.port-open compose.override.yaml:4'])
  })

  it('what a service extends may hold what it lacks', async () => {
    const findings = await lintOf({ 'compose.yaml': 'services:\n  a:\n    extends: { file: base.yaml, service: b }\n' })

    expect(placesOf(findings)).toEqual([])
  })
})

describe('services', () => {
  it.each([
    ['"8188"', 'lint.port-open'],
    ['"80:8188"', 'lint.port-open'],
    ['80:8188', 'lint.port-open'],
    ['"0.0.0.0:80:8188/tcp"', 'lint.port-open'],
    ['"[::]:80:8188"', 'lint.port-open'],
    ['"${PORT:-80}:8188"', 'lint.port-open'],
    ['{ target: 8188, published: 80 }', 'lint.port-open'],
    ['"127.0.0.1:80:8188"', null],
    ['"[::1]:80:8188"', null],
    ['"127.0.0.1::8188"', null],
    ['{ target: 8188, published: 80, host_ip: 127.0.0.1 }', null],
  ])('port %s: %s', async (port, problem) => {
    const findings = await lintOf({ 'compose.yaml': quiet(`ports:\n  - ${port}`) })

    expect(findings.map((finding) => finding.problem)).toEqual(problem === null ? [] : [problem])
  })

  it.each([
    ['example/a', true],
    ['example/a:latest', true],
    ['host:5000/a', true],
    ['example/a:${TAG:-latest}', true],
    ['example/a:1', false],
    ['example/a@sha256:abc', false],
  ])('image %s moves: %s', async (image, moves) => {
    const findings = await lintOf({ 'compose.yaml': quiet('').replace('example/a:1.2', image) })

    expect(findings.map(({ problem }) => problem)).toEqual(moves ? ['lint.image-moving'] : [])
  })

  it('mounts: what is missing, what is a folder, what is a secret by itself', async () => {
    const yaml = quiet(
      'volumes:\n  - ./conf.json:/conf.json\n  - ./models:/models\n  - ./dir.token:/run/dir.token\n  - ./login/PASSWORD:/app/login/PASSWORD:ro\n  - named:/data\n  - C:\\x:/x\n  - { type: bind, source: ./strict.cfg, target: /strict.cfg, bind: { create_host_path: false } }',
    )
    const findings = await lintOf({ 'compose.yaml': yaml, 'dir.token/': '', 'login/PASSWORD': `${dummyHash}\nme\n` })

    expect(placesOf(findings, 'missing-source', 'secret-file-mount')).toEqual([
      'lint.source-missing-file compose.yaml:9',
      'lint.source-is-folder compose.yaml:11',
      'lint.secret-file-mount compose.yaml:12',
      'lint.source-refused-file compose.yaml:15',
      'lint.source-missing-folder compose.yaml:10',
    ])
  })

  it('mounts of a remote engine are not looked for here', async () => {
    const yaml = quiet('volumes:\n  - ./models:/models')

    expect(placesOf(await lintOf({ 'compose.yaml': yaml }, { localEngine: false }))).toEqual([])
  })

  it('a device request that Compose refuses', async () => {
    const devices = (lines: string) =>
      quiet(`deploy:\n  resources:\n    reservations:\n      devices:\n        - driver: nvidia\n${lines}`)
    const both = `          count: 1\n          device_ids: ['GPU-x']\n          capabilities: [gpu]`

    expect(placesOf(await lintOf({ 'compose.yaml': devices("          device_ids: ['GPU-x']") }))).toEqual([
      'lint.gpu-capabilities compose.yaml:12',
    ])
    expect(placesOf(await lintOf({ 'compose.yaml': devices(both) }))).toEqual([
      'lint.gpu-count-and-ids compose.yaml:13',
    ])
  })

  it.each([
    ['[ "$$c" = 200 ] || [ "$$c" = 401 ]', true],
    ['curl | grep -qE "200|401"', true],
    ['test $$c = 200 -o $$c = 401', true],
    ['case $$c in 200) exit 1;; 401) exit 0;; esac', false],
    ['curl -f http://localhost/', false],
  ])('the check %s takes 401 for healthy: %s', async (check, isWrong) => {
    const yaml = quiet('').replace('[CMD, check]', JSON.stringify(['CMD-SHELL', check]))

    expect(placesOf(await lintOf({ 'compose.yaml': yaml }), 'healthcheck').length).toBe(isWrong ? 1 : 0)
  })

  it.each([
    ['--api', true],
    ['--api --api-auth ${U}:${P}', false],
    ['--listen', false],
    ['--nowebui', true],
  ])('Forge with %s is open: %s', async (words, isOpen) => {
    const yaml = quiet(`environment:\n  FORGE_ARGS: ${words}`).replace('example/a:1.2', 'forge-turbo:1')

    expect(placesOf(await lintOf({ 'compose.yaml': yaml }), 'forge-api-open').length).toBe(isOpen ? 1 : 0)
  })
})
