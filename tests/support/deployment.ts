import { hashSync } from 'bcryptjs'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** The secrets of the deployment, made up. The salt begins with a letter, so that Compose takes it for a variable. */
export const secrets = {
  password: 'Kestrel-over-7-hills',
  token: hashSync('Kestrel-over-7-hills', '$2b$04$IvAbCdEfGhIjKlMnOpQrSu'),
  oldToken: hashSync('an-older-password-1', '$2b$04$OlAbCdEfGhIjKlMnOpQrSu'),
  videoToken: hashSync('a-video-password-2', '$2b$04$ViAbCdEfGhIjKlMnOpQrSu'),
  forgePassword: 'Turbine-hall-42',
  huggingFace: 'hf_notarealtoken0123456789',
  whisper: 'whisper-key-0123456789abcdef',
} as const

/** What Compose leaves of the hash where nothing protects its `$`. */
export const cutToken = secrets.token.replace(/\$Iv\w*/, '')

const qwen = 'docker-configurations/services/comfyui-qwen'
export const places = {
  root: '.env',
  token: '.secrets/qwen-api-user.token',
  conf: '.secrets/comfyui_auth_tokens.conf',
  old: 'docker-configurations/comfyui-qwen/.env',
  qwenEnv: `${qwen}/.env`,
  login: `${qwen}/workspace/login/PASSWORD`,
  notebooks: 'MyIA.AI.Notebooks/GenAI/.env',
  forgeEnv: 'docker-configurations/services/forge-turbo/.env',
  video: 'docker-configurations/services/comfyui-video/.env',
  whisper: 'docker-configurations/services/whisper-api/.env',
} as const

const comfyuiCompose = (port: number) => `services:
  comfyui-qwen:
    image: python:3.11
    container_name: comfyui-qwen
    entrypoint: /bin/bash /entrypoint.sh
    ports:
      - "127.0.0.1:\${COMFYUI_PORT:-${port}}:8188"
    environment:
      - COMFYUI_USERNAME=\${COMFYUI_USERNAME}
      - COMFYUI_PASSWORD=\${COMFYUI_PASSWORD}
      - HF_TOKEN=\${HF_TOKEN}
    volumes:
      - type: bind
        source: ./workspace
        target: /workspace/ComfyUI
      - type: bind
        source: ../../../.secrets/qwen-api-user.token
        target: /workspace/ComfyUI/.secrets/qwen-api-user.token
        read_only: true
  comfyui-qwen-idle-monitor:
    image: idle-monitor
    labels:
      com.myia.type: sidecar
    environment:
      COMFYUI_AUTH_TOKEN: \${COMFYUI_BEARER_TOKEN}
`

const forgeCompose = (port: number) => `services:
  forge-turbo:
    image: forge-turbo:custom-numpy-fix
    ports:
      - "127.0.0.1:${port}:17860"
    environment:
      WEB_USER: \${FORGE_USER:-admin}
      FORGE_ARGS: --api --gradio-auth \${FORGE_USER}:\${FORGE_PASSWORD} --api-auth \${FORGE_USER}:\${FORGE_PASSWORD}
`

const whisperCompose = `services:
  whisper-api:
    image: whisper
    env_file: .env
    ports: ["8190:8190"]
`

/**
 * Writes a deployment as people have it: one hash in many places, of which one is an older value, one is a cut hash,
 * and one is mangled by Compose; one file with Windows line ends, one with a byte order mark.
 */
export async function writeDeployment(folder: string, ports: { comfyui: number; forge: number }): Promise<void> {
  const { token, password, oldToken, videoToken, forgePassword, huggingFace, whisper } = secrets
  const conf = { version: '1.0', created_at: '2026-01-02', raw_token: password, bcrypt_hash: token, locations: [] }
  const files: Record<string, string> = {
    [places.root]: `\uFEFFCOMFYUI_API_TOKEN='${token}'\nCOMFYUI_RAW_TOKEN=${password}\nHF_TOKEN=${huggingFace}\nTZ=Europe/Paris\n`,
    [places.token]: `${token}\n`,
    [places.conf]: `${JSON.stringify(conf, null, 2)}\n`,
    [places.old]: `COMFYUI_BEARER_TOKEN='${oldToken}'\n`,
    [places.qwenEnv]: [
      '# service comfyui-qwen',
      `COMFYUI_API_TOKEN='${token}'`,
      `COMFYUI_BEARER_TOKEN=${token}`,
      `QWEN_API_USER_TOKEN='${cutToken}'`,
      'COMFYUI_USERNAME=admin',
      `COMFYUI_PASSWORD=${password}`,
      `COMFYUI_PORT=${ports.comfyui}`,
      'MAX_LOGIN_ATTEMPTS=5',
      '',
    ].join('\r\n'),
    [places.login]: `${token}\nadmin`,
    [places.notebooks]: `LOCAL_MODE=true\nCOMFYUI_API_TOKEN='${token}'\nCOMFYUI_API_URL=http://localhost:${ports.comfyui}\n`,
    [places.forgeEnv]: `FORGE_PORT=${ports.forge}\nFORGE_USER=admin\nFORGE_PASSWORD=${forgePassword}\n`,
    [places.video]: `COMFYUI_VIDEO_TOKEN='${videoToken}'\n`,
    [places.whisper]: `API_KEY=${whisper}\nCOMFYUI_URL=http://comfyui-qwen:8188\n`,
    [`${qwen}/docker-compose.yml`]: comfyuiCompose(ports.comfyui),
    'docker-configurations/services/forge-turbo/docker-compose.yml': forgeCompose(ports.forge),
    'docker-configurations/services/whisper-api/docker-compose.yml': whisperCompose,
    // What must not be looked at.
    '.env.example': 'COMFYUI_API_TOKEN=your_token_here\n',
    'node_modules/some/.env': 'TRAP_API_KEY=trap-0123456789\n',
    'docker-configurations/shared/models/tokenizer/.env': 'TRAP_API_KEY=trap-0123456789\n',
    'scripts/workflow.json': '{"1": {"class_type": "KSampler", "inputs": {"seed": 42, "text": "a tree"}}}\n',
  }
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, content)
  }
}

/** Every file below a folder with its bytes' hash, mode and times: equal only if nothing was touched. */
export async function stateOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const state: Record<string, string> = {}
  for (const entry of entries) {
    const file = path.join(entry.parentPath, entry.name)
    const { mtimeMs, ctimeMs, mode, ino } = await stat(file)
    const bytes = entry.isFile() ? await readFile(file) : ''
    state[path.relative(folder, file)] = [
      createHash('sha256').update(bytes).digest('hex'),
      mtimeMs,
      ctimeMs,
      mode,
      ino,
    ].join(' ')
  }
  return state
}
