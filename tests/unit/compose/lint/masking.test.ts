import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskedLines } from '../../../../electron/compose/lint/mask'
import { reportOf } from '../../../../electron/compose/lint/report'
import { createRedactor } from '../../../../electron/vault/redactor'
import { comfyuiEnv, comfyuiQwen, dummyHash, forgeEnv, forgeTurbo } from './coursia'
import { projectOf, quiet } from './project'

const options = { redact: (text: string) => text, stateOf: () => 'x', undo: null, now: 0 }
const gpus = [{ index: 0, uuid: 'GPU-aaaaaaaa-1111-2222-3333-444444444444', name: 'RTX 3090' }]

const reportFor = async (files: Record<string, string>) =>
  JSON.stringify(reportOf(await projectOf(files, { gpus }), options))

describe('a report', () => {
  it('of the users’ projects holds no value of a secret, not in findings, excerpts or diffs', async () => {
    const qwen = await reportFor({ 'compose.yaml': comfyuiQwen, '.env': comfyuiEnv })
    const forge = await reportFor({ 'compose.yaml': forgeTurbo, '.env': forgeEnv })

    expect(qwen).toContain("COMFYUI_BEARER_TOKEN='$•••$•••$•••'")
    for (const secret of ['DUMMY', 'dummy-password']) expect(qwen).not.toContain(secret)
    for (const secret of ['changeme', 'dummy']) expect(forge).not.toContain(secret)
  })

  it.each([
    ['mapping', 'environment: { API_KEY: SeCrEt-1 }'],
    ['list', 'environment:\n  - "API_KEY=SeCrEt-1"'],
    ['default', 'environment:\n  - X=${API_KEY:-SeCrEt-1}\n  - PASSWORD=${PASSWORD:-SeCrEt-1}'],
    ['arguments', 'command: serve --api-auth me:SeCrEt-1 --gradio-auth=me:SeCrEt-1'],
    ['argument list', 'command: [serve, --api-auth, "me:SeCrEt-1"]'],
    ['address', 'environment: { URL: "https://me:SeCrEt-1@host/" }'],
    ['header', 'command: "curl -H \'Authorization: Bearer SeCrEt-1\' -u me:SeCrEt-1 http://x/?token=SeCrEt-1"'],
    ['block', 'environment:\n  API_KEY: |\n    SeCrEt-1\n    SeCrEt-1'],
    ['hash', `labels: { x: '${dummyHash.replaceAll('$', '$$$$')}' }`],
  ])('hides a secret in a %s', async (_, lines) => {
    const report = await reportFor({ 'compose.yaml': quiet(lines), '.env': 'A=1\n' })

    expect(report).not.toContain('SeCrEt-1')
    expect(report).not.toContain('DUMMY')
  })

  it('hides a secret in a file that is too broken to be parsed', async () => {
    const yaml = 'services:\n  a:\n    API_KEY: "SeCrEt-1\n   x: 1\n'
    const report = await reportFor({ 'compose.yaml': yaml, '.env': 'TOKEN="SeCrEt-1\nA=1\n' })

    expect(report).toContain('lint.yaml-broken')
    expect(report).not.toContain('SeCrEt-1')
  })

  it('hides what the vault knows, wherever it stands', async () => {
    const project = await projectOf({ 'compose.yaml': quiet('hostname: known-secret\nports: ["80:80"]') })
    const report = reportOf(project, { ...options, redact: (text) => text.replaceAll('known-secret', '[secret]') })

    expect(JSON.stringify(report)).not.toContain('known-secret')
  })

  it('shows the names of variables also where the redactor of logs would take them for a secret', async () => {
    const { redact } = createRedactor()
    const files = {
      'compose.yaml': quiet('environment:\n  - AUTH_TOKEN=${COMFYUI_BEARER_TOKEN}'),
      '.env': "COMFYUI_BEARER_TOKEN='SeCrEt-1'\n",
    }

    const report = JSON.stringify(reportOf(await projectOf(files), { ...options, redact }))

    expect(report).toContain('AUTH_TOKEN=${COMFYUI_BEARER_TOKEN}')
    expect(report).toContain('AUTH_TOKEN=${COMFYUI_API_TOKEN}')
    expect(report).not.toContain('SeCrEt-1')
  })

  it('still shows what changes: quotes, doublings, line ends', async () => {
    const report = await reportFor({
      'compose.yaml': quiet(`environment: { TOKEN: '${dummyHash}' }`),
      '.env': `A_TOKEN=${dummyHash}\r\n`,
    })

    expect(report).toContain("TOKEN: '$$•••$$•••$$•••'")
    expect(report).toContain("A_TOKEN='$•••$•••$•••'")
    expect(report).toContain('A_TOKEN=$•••$•••$•••␍')
  })
})

describe('masked lines', () => {
  it('are as many as the file has, and hold no secret, whatever it is', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9!@^&*.,;+-]{8,30}$/)
    fc.assert(
      fc.property(secret, fc.constantFrom("'", '"', ''), (value, quote) => {
        const text = `A=1\r\nMY_PASSWORD=${quote}${value}${quote}\nB=2\n`
        const source = { path: '/x/.env', name: '.env', encoding: 'latin1' as const, text }

        const lines = maskedLines(source, 'env', (line) => line)

        expect(lines.length).toBe(4)
        expect(lines.join('\n')).not.toContain(value)
      }),
    )
  })
})
