import type Dockerode from 'dockerode'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { execCapture } from '../../../electron/docker/exec'
import { inspectContainer, type KnownSecrets } from '../../../electron/docker/inspect'
import { createRedactor } from '../../../electron/vault/redactor'
import { fingerprint } from '../../../electron/vault/fingerprint'
import { describeWithDocker } from '../../support/docker'

const stays = 'process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1e6)'

await describeWithDocker('a container, looked at and asked', ({ client, image }) => {
  const engine = { client: () => Promise.resolve(client), status: () => ({ info: null }) as never }
  const hash = `$2b$12$${randomBytes(40).toString('hex').slice(0, 53)}`
  const known = 'word-of-the-vault'
  const secrets = {
    COMFYUI_BEARER_TOKEN: hash,
    COMFYUI_PASSWORD: 'pa55word-in-env',
    HARMLESS: known,
    HTTP_PROXY: 'http://me:pr0xyword@proxy.invalid:3128',
    FORGE_ARGS: '--api --gradio-auth admin:gr4dioword --listen',
  }
  const everySecret = [hash, 'pa55word-in-env', known, 'pr0xyword', 'gr4dioword', 'ap1word', 'l4belword', 'he4lthword']
  let container: Dockerode.Container
  let tag: string
  let network: Dockerode.Network

  const redactor = createRedactor()
  redactor.learn(known)
  const vault: KnownSecrets = {
    redact: redactor.redact,
    credentials: new Map([[fingerprint(known), 'forge-turbo']]),
    own: { id: 'comfyui-qwen', isHash: true, variables: new Set() },
  }
  const look = (more: Partial<Parameters<typeof inspectContainer>[2]> = {}) =>
    inspectContainer(engine, container.id, { known: vault, gpus: [], wantedUuid: null, ...more })

  beforeAll(async () => {
    tag = `inspect-${randomBytes(4).toString('hex')}`
    network = await client.createNetwork({ Name: `regie-${tag}` })
    await client.getImage(image).tag({ repo: 'regie-inspect-test', tag })
    container = await client.createContainer({
      Image: `regie-inspect-test:${tag}`,
      Entrypoint: ['/bin/node', '-e', stays],
      Cmd: ['--', '--api-auth', 'admin:ap1word'],
      Env: Object.entries(secrets).map(([name, value]) => `${name}=${value}`),
      Labels: { 'com.example.note': 'hello', 'com.example.token': 'l4belword' },
      Healthcheck: { Test: ['CMD-SHELL', 'curl -u me:he4lthword http://localhost:8188/'], Interval: 30e9, Retries: 5 },
      ExposedPorts: { '8188/tcp': {}, '1111/tcp': {}, '9/tcp': {} },
      HostConfig: {
        NetworkMode: `regie-${tag}`,
        Memory: 256 * 2 ** 20,
        NanoCpus: 5e8,
        PidsLimit: 100,
        RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 },
        SecurityOpt: ['no-new-privileges'],
        LogConfig: { Type: 'json-file', Config: { 'max-size': '10m' } },
        PortBindings: { '8188/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }], '1111/tcp': [{ HostPort: '' }] },
        Tmpfs: {},
        Mounts: [{ Type: 'tmpfs', Source: '', Target: '/scratch' }],
      },
    })
    await container.start()
  })
  afterAll(async () => {
    await container.remove({ force: true, v: true })
    await network.remove()
    await client.getImage(`regie-inspect-test:${tag}`).remove()
  })

  describe('inspect', () => {
    test('no secret of its environment, command, labels or health check is in the answer', async () => {
      const text = JSON.stringify(await look())
      for (const secret of everySecret) expect(text).not.toContain(secret)
    })

    test('secrets are fingerprints, so that drift against the vault shows', async () => {
      const { environment, command, labels } = await look()
      const of = (name: string) => environment.find((variable) => variable.name === name)
      expect(of('COMFYUI_BEARER_TOKEN')?.secret).toEqual({
        fingerprint: fingerprint(hash),
        vault: 'differs',
        credentialId: 'comfyui-qwen',
      })
      expect(of('HARMLESS')?.secret).toMatchObject({ vault: 'same', credentialId: 'forge-turbo' })
      expect(of('FORGE_ARGS')?.value).toBe(`--api --gradio-auth admin:[secret ${fingerprint('gr4dioword')}] --listen`)
      expect(command.at(-1)).toBe(`admin:[secret ${fingerprint('ap1word')}]`)
      expect(labels).toContainEqual({ name: 'com.example.note', value: 'hello' })
    })

    test('ports are told as they are bound now, and who can reach them', async () => {
      const { ports } = await look()
      const of = (name: string) => ports.filter((port) => port.container === name)
      expect(of('8188/tcp')).toMatchObject([{ hostIp: '127.0.0.1', reach: 'this-machine' }])
      expect(of('8188/tcp')[0]?.hostPort).toBeGreaterThan(1024)
      expect(of('1111/tcp')[0]).toMatchObject({ hostIp: '0.0.0.0', reach: 'network' })
      expect(of('9/tcp')).toEqual([{ container: '9/tcp', hostIp: null, hostPort: null, reach: 'not-published' }])
    })

    test('limits, policy, health check, logging, mounts and networks are told', async () => {
      expect(await look()).toMatchObject({
        state: 'running',
        limits: { memoryBytes: 256 * 2 ** 20, cpus: 0.5, pids: 100 },
        restartPolicy: { name: 'on-failure', maximumRetries: 3 },
        security: { noNewPrivileges: true, isPrivileged: false },
        healthcheck: { intervalMs: 30_000, retries: 5, timeoutMs: null },
        log: { driver: 'json-file', options: { 'max-size': '10m' } },
        mounts: [{ type: 'tmpfs', destination: '/scratch' }],
        networks: [{ name: `regie-${tag}` }],
        gpu: { outcome: 'none', platform: 'native' },
      })
    })

    test('an image whose name stands for another one now is stale', async () => {
      expect((await look()).image).toMatchObject({ isStale: false, name: `regie-inspect-test:${tag}` })
      await container.commit({ repo: 'regie-inspect-test', tag, comment: 'newer' })
      expect((await look()).image).toMatchObject({ isStale: true })
    })

    test('a container that is gone is told', async () => {
      await expect(
        inspectContainer(engine, 'f'.repeat(64), { known: vault, gpus: [], wantedUuid: null }),
      ).rejects.toMatchObject({ id: 'container.gone' })
    })
  })

  describe('a program run in it', () => {
    const run = (argv: string[], more = {}) => execCapture(engine, container.id, argv, more)

    test('answers its two outputs and its exit code', async () => {
      const script = 'console.log("out é"); console.error("err"); process.exitCode = 3'
      expect(await run(['node', '-e', script])).toEqual({
        exitCode: 3,
        started: true,
        stdout: 'out é\n',
        stderr: 'err\n',
        truncated: false,
      })
    })

    test('that is not there is no failure', async () => {
      expect(await run(['nvidia-smi', '-L'])).toMatchObject({ started: false })
      expect(await run(['sh', '-c', 'exit 127'])).toMatchObject({ started: true, exitCode: 127 })
    })

    test('that writes without end is cut off at what is kept, behind a whole line', async () => {
      const flood = 'process.stdout.write(("y".repeat(66) + "\\n").repeat(5e4))'
      const { stdout, truncated, exitCode } = await run(['node', '-e', flood], { maxBytes: 1000 })
      expect([stdout.length, truncated, exitCode]).toEqual([14 * 67, true, 0])
    })

    test('that takes too long is given up, and so is one that nobody waits for', async () => {
      const slow = ['node', '-e', 'setTimeout(() => {}, 5000)']
      await expect(run(slow, { timeoutMs: 300 })).rejects.toMatchObject({ id: 'container.exec-timeout' })
      const gone = AbortSignal.timeout(200)
      await expect(run(slow, { signal: gone })).rejects.toHaveProperty('name', 'TimeoutError')
    })

    test('in a container that does not run is refused', async () => {
      const stopped = await client.createContainer({ Image: image })
      try {
        await expect(execCapture(engine, stopped.id, ['node'])).rejects.toMatchObject({ id: 'container.not-running' })
      } finally {
        await stopped.remove()
      }
      await expect(execCapture(engine, stopped.id, ['node'])).rejects.toMatchObject({ id: 'container.gone' })
    })
  })
})
