import type Dockerode from 'dockerode'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { watchContainers, type ContainerLook, type ContainerWatch } from '../../../electron/services/container'
import { readFacts } from '../../../electron/services/container/facts'
import { containerOfProcess } from '../../../electron/docker/cgroup'
import { createEngine } from '../../../electron/docker/create-engine'
import type { Engine } from '../../../electron/docker/engine'
import { describeWithDocker } from '../../support/docker'
import { until } from '../../support/until'

const serves = 'process.on("SIGTERM", () => process.exit(0)); console.log("up"); setInterval(() => {}, 1e6)'
const ignores = 'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1e6)'

await describeWithDocker('a container’s life, as Docker tells it', ({ client, host, image }) => {
  const label = `regie.test=${randomBytes(4).toString('hex')}`
  const bugs: unknown[] = []
  const reportBug = (error: unknown) => bugs.push(error)
  const findings: string[] = []
  let engine: Engine
  let watch: ContainerWatch

  beforeAll(async () => {
    engine = createEngine({
      address: { read: () => host, write: () => undefined },
      composeProgram: () => Promise.resolve(null),
      reportBug,
    })
    watch = watchContainers({
      engine,
      redact: (text) => text.replaceAll('hunter2', '[secret]'),
      onFinding: (id) => findings.push(id),
      reportBug,
    })
    await until('the engine', () => engine.status().state === 'connected')
  })
  const left: string[] = []
  afterAll(async () => {
    await Promise.all(left.map((id) => client.getContainer(id).remove({ force: true, v: true })))
    watch.close()
    await engine.close()
    expect(bugs).toEqual([])
  })

  const make = async (command: string[], more: Dockerode.ContainerCreateOptions = {}): Promise<Dockerode.Container> => {
    const [name = '', value = ''] = label.split('=')
    const container = await client.createContainer({
      Image: image,
      Entrypoint: command,
      Labels: { [name]: value },
      ...more,
      // None of these is spoken to: they need no network, and start sooner without.
      HostConfig: { NetworkMode: 'none', ...more.HostConfig },
    })
    left.push(container.id)
    return container
  }
  const run = async (command: string[], more: Dockerode.ContainerCreateOptions = {}) => {
    const container = await make(command, more)
    await container.start()
    return container
  }
  /** A container whose program has come so far that it hears signals. */
  const runListening = async (program: string) => {
    const container = await run(['/bin/node', '-e', program])
    await until('its program', async () => (await container.logs({ stdout: true })).includes('up'))
    return container
  }
  const look = async ({ id }: { id: string }, thorough = false): Promise<ContainerLook> => {
    const facts = readFacts(await client.getContainer(id).inspect())
    return watch.look({ id: 'comfyui-qwen', facts, gpuUuid: null, thorough })
  }
  /** The look once it says so; events and state do not come at the same moment. */
  const once = (container: { id: string }, is: (found: ContainerLook) => boolean) =>
    until('the container to be as expected', async () => {
      const found = await look(container)
      return is(found) ? found : null
    })
  const endedAs = async (container: { id: string }, problem: string) =>
    (await once(container, ({ ending }) => ending?.reason.problem === problem)).ending

  // Who stopped a container is told by the engine's last 256 events, which other test files may fill meanwhile.
  describe.concurrent('ends', { retry: 2 }, () => {
    test('at its memory limit: said, with the limit', async () => {
      const eats = 'const all = []; console.log("eating"); for (;;) all.push(Buffer.alloc(5e6, 1))'
      const limit = 64 * 2 ** 20
      const container = await run(['/bin/node', '-e', eats], { HostConfig: { Memory: limit, MemorySwap: limit } })

      const ending = await endedAs(container, 'ending.oom-limit')

      expect(ending).toMatchObject({ kind: 'failed', answered: 'exited 137 OOMKilled' })
      expect(ending?.reason.params).toMatchObject({ limit: '64 MiB', line: 'eating' })
    })

    test.each([
      [
        'without a command that it needs',
        '/bin/sh',
        ['-c', 'nonesuch --password hunter2'],
        'service.exit-not-found',
        127,
      ],
      ['by a crash', '/bin/sh', ['-c', 'echo boom; exit 139'], 'service.exit-crashed', 139],
      ['by itself with 0, which no server does', '/bin/sh', ['-c', 'echo bye'], 'ending.server-ended', 0],
    ])('%s', async (_, program, args, problem, code) => {
      const container = await run([program, ...args])

      const ending = await endedAs(container, problem)

      expect(ending).toMatchObject({ kind: 'failed', answered: `exited ${code}`, reason: { problem } })
      expect(JSON.stringify(ending)).not.toContain('hunter2')
    })

    test('by somebody’s docker stop: asleep; by our own: stopped here; by docker kill: asleep', async () => {
      const [theirs, ours, killed] = await Promise.all([1, 2, 3].map(() => runListening(serves)))
      if (!theirs || !ours || !killed) throw new Error('not made')
      watch.stopping(ours.id)
      await Promise.all([theirs.stop({ t: 30 }), ours.stop({ t: 30 }), killed.kill()])

      expect(await endedAs(theirs, 'ending.asleep')).toMatchObject({ kind: 'asleep' })
      expect(await endedAs(ours, 'service.stopped')).toMatchObject({ kind: 'stopped-here' })
      expect(await endedAs(killed, 'ending.asleep')).toMatchObject({ kind: 'asleep', answered: 'exited 137' })
    })

    test('by a stop that it ignores', async () => {
      const container = await runListening(ignores)
      await container.stop({ t: 1 })

      expect(await endedAs(container, 'ending.stop-timeout')).toMatchObject({ answered: 'exited 137' })
    })

    test('before it began: the engine’s own reason', async () => {
      const gpu = { HostConfig: { DeviceRequests: [{ Driver: 'nvidia', Count: 1, Capabilities: [['gpu']] }] } }
      const container = await make(['/bin/node', '-e', serves], gpu)
      await expect(container.start()).rejects.toThrow('could not select device driver')

      expect(await endedAs(container, 'ending.no-gpu-driver')).toMatchObject({ kind: 'failed' })
      const found = await look(container)
      expect(found.facts.gpu).toEqual({ ids: [], count: 1 })
    })
  })

  test.concurrent('a restart loop is noticed, with the last words', async () => {
    const command = ['/bin/sh', '-c', 'echo the model file is torn; exit 3']
    const container = await run(command, { HostConfig: { RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } } })

    const found = await once(container, ({ checks }) =>
      checks.some(({ id, state, reason }) => id === 'restarts' && state === 'failed' && reason?.params['line'] !== '–'),
    )

    expect(found.checks.find(({ id }) => id === 'restarts')?.reason).toMatchObject({
      problem: 'check.restart-loop',
      params: { line: 'the model file is torn' },
    })
  })

  test.concurrent('Docker’s own check that fails is told with its last output', async () => {
    const container = await run(['/bin/node', '-e', serves], {
      Healthcheck: {
        Test: ['CMD-SHELL', 'echo no answer for hunter2; exit 1'],
        Interval: 2e8,
        Timeout: 5e9,
        Retries: 1,
      },
    })

    const found = await once(container, ({ checks }) =>
      checks.some(({ id, state }) => id === 'container-health' && state === 'failed'),
    )

    expect(found.answered).toBe('running (unhealthy)')
    expect(found.checks.find(({ id }) => id === 'container-health')).toMatchObject({
      asked: 'echo no answer for [secret]; exit 1',
      answered: expect.stringContaining('no answer for [secret]') as string,
      reason: { problem: 'check.unhealthy' },
    })
  })

  test.concurrent('a GPU that nvidia-smi lost inside the container is found by exec, again on demand, and asks to be made anew', async () => {
    const node = `const fs = require('fs'); fs.writeFileSync('/bin/nvidia-smi', process.env.SMI, { mode: 0o755 }); ${serves}`
    const smi =
      '#!/bin/sh\nif [ -e /lost ]; then echo "Failed to initialize NVML: Unknown Error"; exit 255; fi\n' +
      'echo "GPU 0: NVIDIA GeForce RTX 3090 (UUID: GPU-1a2b3c4d-0000-0000-0000-000000000001)"\n'
    const container = await run(['/bin/node', '-e', node], { Env: [`SMI=${smi}`] })
    await until('its nvidia-smi', async () =>
      container
        .inspect()
        .then(() => client.getContainer(container.id).infoArchive({ path: '/bin/nvidia-smi' }))
        .then(() => true),
    )
    const uuid = 'GPU-1a2b3c4d-0000-0000-0000-000000000001'
    const gpu = async (thorough = false) => {
      const facts = readFacts(await container.inspect())
      const found = await watch.look({ id: 'forge-turbo', facts, gpuUuid: uuid, thorough })
      return found.checks.find(({ id }) => id === 'gpu')
    }

    const seen = await until('the GPU', async () => {
      const check = await gpu()
      return check?.state === 'ok' ? check : null
    })
    expect(seen).toMatchObject({ asked: 'nvidia-smi -L', answered: uuid })
    const exec = await container.exec({ Cmd: ['/bin/sh', '-c', 'echo > /lost'] })
    await exec.start({})
    findings.length = 0
    expect(await gpu()).toMatchObject({ state: 'ok' }) // not asked again while nothing happens
    expect(findings).toEqual([])

    const lost = await until('the loss', async () => {
      const check = await gpu(true)
      return check?.state === 'failed' ? check : null
    })

    expect(lost).toMatchObject({
      answered: 'Failed to initialize NVML: Unknown Error',
      fix: 'recreate',
      reason: { problem: 'check.gpu-lost' },
    })
    expect(findings).toContain('forge-turbo')
  })

  test.runIf(process.platform === 'linux')(
    'a process of a container on this machine’s engine has an owner',
    async () => {
      const container = await run(['/bin/node', '-e', serves])
      const { State } = await container.inspect()

      expect(containerOfProcess(State.Pid)).toBe(container.id)
      expect(containerOfProcess(process.pid)).not.toBe(container.id)
    },
  )
})
