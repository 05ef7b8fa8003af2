import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { findingsIn, type Finding } from '../../../../electron/compose/lint/findings'
import { realDisk } from '../../../../electron/compose/files/disk'
import { noFacts, type LintFacts } from '../../../../electron/compose/lint/model'
import { readProject } from '../../../../electron/compose/lint/project'
import { maskedLines } from '../../../../electron/compose/lint/mask'
import { lintOf, placesOf, quiet } from './project'

/** Inputs from the field, unchanged: each names in the case list what is right about it. */
async function lint(name: string, facts: Partial<LintFacts> = {}): Promise<Finding[]> {
  const project = await readProject(
    { file: path.resolve('tests/cases/compose', name) },
    { ...noFacts, localEngine: false, ...facts },
    realDisk,
  )
  return findingsIn(project)
}

const about = (findings: Finding[], ...rules: string[]) =>
  findings
    .filter(({ rule }) => rules.includes(rule))
    .map(({ problem, service, line, severity }) => [problem, service, line, severity])

const gpus = [{ index: 0, uuid: 'GPU-aaaaaaaa-1111-2222-3333-444444444444', name: 'NVIDIA GeForce RTX 3090' }]

describe('cases from the field', () => {
  it('refused-env-file: the line is told before any start, without its value, and single quotes mend it', async () => {
    const findings = await lint('refused-env-file')
    const [found] = findings.filter(({ rule }) => rule === 'env-refused')

    expect([found?.problem, found?.severity, found?.line, found?.params]).toEqual([
      'lint.env-template',
      'danger',
      2,
      { key: 'COMFYUI_PASSWORD' },
    ])
    expect(found?.fixes.map(({ problem }) => problem)).toEqual(['lint.fix-quote'])
    const shown = found ? maskedLines(found.source, 'env', (text) => text).join('\n') : ''
    expect(shown).toContain('COMFYUI_PASSWORD=')
    expect(shown).not.toContain('9fort')
  })

  it('cuda-visible-all: CUDA sees no device', async () => {
    expect(about(await lint('cuda-visible-all'), 'cuda-visible')).toEqual([
      ['lint.cuda-visible', 'comfyui', 7, 'danger'],
    ])
  })

  it('gpus-and-cdi: by index in gpus: and in devices:', async () => {
    expect(about(await lint('gpus-and-cdi', { gpus }), 'gpu-by-index', 'gpu-capabilities')).toEqual([
      ['lint.gpu-by-index', 'comfyui', 7, 'warning'],
      ['lint.gpu-by-index', 'cdi', 16, 'warning'],
    ])
  })

  it('include: its variables are those of its own environment file', async () => {
    expect(about(await lint('include'), 'env-missing', 'env-unused', 'secret-empty')).toEqual([])
  })

  it('what is included by a name with a variable is looked at too, one level further as well', async () => {
    const found = await lintOf({
      'compose.yaml': 'include: [{ path: ["${WHERE}/compose.yaml", "${WHERE}/more.yaml"] }]\nservices: {}\n',
      '.env': 'WHERE=parts/one\n',
      'parts/one/compose.yaml': 'services: { quiet: { image: x:1 } }\n',
      'parts/one/more.yaml': 'include: ["${DEEPER:-two}.yaml"]\nservices: {}\n',
      'parts/one/.env': 'DEEPER=three\n',
      'parts/one/three.yaml': 'services:\n  forge:\n    image: x:1\n    command: python launch.py --listen --api\n',
    })
    expect(placesOf(found, 'forge-api-open')).toEqual(['lint.forge-api-open parts/one/three.yaml:4'])
  })

  it('profiles-only: the open API is a danger, and what stands on a shared line is told once', async () => {
    const findings = await lint('profiles-only')

    expect(about(findings, 'forge-api-open')).toEqual([
      ['lint.forge-api-open', 'auto', 25, 'danger'],
      ['lint.forge-api-open', 'auto-cpu', 31, 'danger'],
    ])
    expect(about(findings, 'port-open', 'gpu-by-index', 'port-twice').map(([problem]) => problem)).toEqual([
      'lint.port-open',
      'lint.gpu-by-index',
    ])
  })

  it('logins-in-arguments and several-logins: each service is told', async () => {
    const told = about(await lint('logins-in-arguments'), 'secret-in-yaml').map(([, service]) => service)
    expect(told).toEqual(['forge', 'forge2', 'forge3', 'forge4', 'forge5'])
    expect(about(await lint('several-logins'), 'secret-in-yaml').length).toBeGreaterThan(0)
    expect(about(await lint('several-logins'), 'forge-password-unsafe')).toEqual([])
  })

  it('unsafe-password-in-list: a danger for both', async () => {
    expect(about(await lint('unsafe-password-in-list'), 'forge-password-unsafe')).toEqual([
      ['lint.forge-password-unsafe', 'forge', 5, 'danger'],
      ['lint.forge-password-unsafe', 'forge', 1, 'danger'],
    ])
  })

  it('sidecars: the network of the machine is told', async () => {
    expect(about(await lint('sidecars'), 'host-network')).toEqual([['lint.host-network', 'comfy-main', 8, 'warning']])
  })

  it('compose-file-variable: a login in an environment file opens no false alarm', async () => {
    expect(about(await lint('compose-file-variable/forge'), 'forge-api-open')).toEqual([])
  })
})

describe('what opens the machine', () => {
  const told = async (yaml: string, files: Record<string, string> = {}) =>
    placesOf(
      await lintOf({ 'compose.yaml': yaml, ...files }),
      ...[
        'privileged',
        'widest-mount',
        'windows-drive',
        'port-twice',
        'forge-nowebui-address',
        'forge-gpu-id',
        'forge-api-open',
      ],
    )

  it.each([
    ['privileged: true', 'lint.privileged'],
    ['volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]', 'lint.engine-socket'],
    ['volumes: ["/:/host:ro"]', 'lint.whole-disk'],
    ['volumes: [{ type: bind, source: /mnt/c, target: /c }]', 'lint.whole-disk'],
    ['volumes: ["/mnt/d/ai/models:/app/models"]', 'lint.windows-drive'],
    ['volumes: ["/run/desktop/mnt/host/c/sd:/webui/models/Stable-diffusion"]', 'lint.windows-drive'],
    ['command: webui.sh --api --gradio-auth ${A}:${B} --gpu-device-id 1', 'lint.gpu-argument'],
    ['command: webui.sh --nowebui --api-auth a:b', 'lint.forge-nowebui-address'],
    ['command: [sh, -c, "./webui.sh --xformers --api"]', 'lint.forge-api-open'],
    ['environment: { COMMANDLINE_ARGS: "--api --medvram" }', 'lint.forge-api-open'],
    ['env_file: forge.env', 'lint.forge-api-open'],
  ])('%s', async (lines, problem) => {
    const found = await told(quiet(lines), { 'forge.env': 'COMMANDLINE_ARGS=--api --xformers\n' })
    expect(found.map((one) => one.split(' ')[0])).toContain(problem)
  })

  it.each([
    ['privileged: false'],
    ['volumes: ["./models:/app/models", "models:/m"]'],
    ['volumes: ["/mnt/models/sd:/app/models"]'],
    ['command: --api --api.insecure=true'],
    ['command: webui.sh --nowebui --listen --api-auth ${A}:${B}'],
    ["ports: ['127.0.0.1:1:1', '127.0.0.1:1:1/udp', '127.0.0.2:1:1']"],
  ])('%s is right', async (lines) => {
    expect(await told(quiet(lines))).toEqual([])
  })

  it('a port of the machine twice, unless the services are alternatives', async () => {
    const pair = (more: string) =>
      `services:\n  a: { image: x, ports: ['127.0.0.1:80:1']${more.replace('N', '1')} }\n  b: { image: x, ports: ['80:2']${more.replace('N', '2')} }\n`

    expect(await told(pair(''))).toEqual(['lint.port-twice compose.yaml:3'])
    expect(await told(pair(', profiles: [pN]'))).toEqual([])
  })

  it('keys that secrets and inheriting variables use are no unused ones', async () => {
    const yaml = `${quiet('secrets: [login]\nenvironment: [OTHER]')}secrets:\n  login: { environment: FORGE_PASSWORD }\n`

    expect(
      placesOf(await lintOf({ 'compose.yaml': yaml, '.env': 'FORGE_PASSWORD=x1\nOTHER=y\nOLD=z\n' }), 'env-unused'),
    ).toEqual(['lint.env-unused .env:3'])
  })
})
