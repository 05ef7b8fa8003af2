import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tellingWords } from '../../../electron/docker/telling-words'
import { likenessOf, sureOf, type Clues } from '../../../electron/kinds/likeness'
import type { GuessDoubt } from '../../../shared/contract'

const port = (hostPort: number, containerPort: number, hostIp = '0.0.0.0') => ({ hostIp, hostPort, containerPort })
const clues = (given: Partial<Clues>): Clues => ({
  ...{ name: 'web', image: null, containerName: null, command: null, environment: {}, labels: {} },
  ports: [port(9000, 9000)],
  isOnHostNetwork: false,
  ...given,
})

describe('a Compose service that is surely a backend', () => {
  test.each<[Partial<Clues>, string, string, string]>([
    [{ name: 'comfyui-qwen', ports: [port(8188, 8188)] }, 'comfyui', 'http://127.0.0.1:8188', 'service comfyui-qwen'],
    [
      { image: 'yanwk/comfyui-boot:cu124', ports: [port(9000, 8188)] },
      'comfyui',
      'http://127.0.0.1:9000',
      'image yanwk/comfyui-boot:cu124',
    ],
    // The inner port of Forge, neither the portal nor SSH beside it, whatever their order.
    [
      { image: 'ai-dock/forge', ports: [port(2222, 22), port(1111, 1111), port(17861, 17860)] },
      'forge',
      'http://127.0.0.1:17861',
      'image ai-dock/forge',
    ],
    [
      { command: ['python', 'launch.py', '--api', '--port', '9000', '--api-auth', 'a:b'] },
      'forge',
      'http://127.0.0.1:9000',
      'command launch.py',
    ],
    [
      { environment: { COMMANDLINE_ARGS: '--listen --port=9000 --api-auth=ann:secret' } },
      'forge',
      'http://127.0.0.1:9000',
      'command --api-auth',
    ],
    [
      { environment: { COMFY_CMDLINE_EXTRA: null }, ports: [port(18203, 8188)] },
      'comfyui',
      'http://127.0.0.1:18203',
      'variable COMFY_CMDLINE_EXTRA',
    ],
    [
      { name: 'comfyui', ports: [port(8188, 8188, '192.168.1.4')] },
      'comfyui',
      'http://192.168.1.4:8188',
      'service comfyui',
    ],
    // The same port on both kinds of address.
    [
      { image: 'x/comfyui', ports: [port(8188, 8188, '0.0.0.0'), port(8188, 8188, '::')] },
      'comfyui',
      'http://127.0.0.1:8188',
      'image x/comfyui',
    ],
    [
      { command: ['python', 'main.py', '--listen', '--port', '18206'], ports: [], isOnHostNetwork: true },
      'comfyui',
      'http://127.0.0.1:18206',
      'command main.py --listen',
    ],
  ])('%o', (given, kind, url, why) => {
    expect(likenessOf(clues(given))).toEqual({ state: 'sure', kind, url, why })
    expect(sureOf(likenessOf(clues(given)))).toEqual({ kind, url, why })
  })

  test.each<[string, Partial<Clues>, string]>([
    ['its image', { image: 'ghcr.io/x/sd-webui-forge-neo:latest' }, 'image ghcr.io/x/sd-webui-forge-neo:latest'],
    ['its branch', { image: 'x/sd-webui-forge-classic:neo' }, 'image x/sd-webui-forge-classic:neo'],
    [
      'a flag of its own among those of Forge',
      { command: ['python', 'launch.py', '--api', '--forge-ref-comfy-home=/comfy'] },
      'command --forge-ref-comfy-home',
    ],
    ['its models of ComfyUI’s', { environment: { COMMANDLINE_ARGS: '--model-ref /m' } }, 'command --model-ref'],
    ['its name, beside what Forge has', { name: 'forge_neo', command: ['launch.py', '--api'] }, 'command launch.py'],
  ])('Forge Neo by %s', (_what, given, why) => {
    const likeness = likenessOf(clues({ ports: [port(7860, 7860)], ...given }))
    expect(likeness).toEqual({ state: 'sure', kind: 'forge-neo', url: 'http://127.0.0.1:7860', why })
  })

  test.each<[string, Partial<Clues>]>([
    ['an image of Forge', { image: 'ai-dock/forge' }],
    ['Forge Classic', { image: 'x/sd-webui-forge-classic:latest' }],
    ['an image that only begins so', { image: 'x/forge', name: 'neon' }],
    ['flags that both have', { command: ['launch.py', '--api', '--api-auth', 'a:b'] }],
  ])('%s is no Forge Neo', (_what, given) => {
    expect(likenessOf(clues({ ports: [port(7860, 7860)], ...given }))).toMatchObject({ state: 'sure', kind: 'forge' })
  })

  test('a remote engine’s ports are at that machine', () => {
    const given = clues({ image: 'x/comfyui', ports: [port(8188, 8188)] })
    expect(sureOf(likenessOf(given, 'gpu-box.lan'))?.url).toBe('http://gpu-box.lan:8188')
  })
})

describe('where it is not sure, a person decides', () => {
  test.each<[string, Partial<Clues>, string | null, string[], GuessDoubt[]]>([
    ['a name alone', { name: 'comfyui' }, 'comfyui', ['http://127.0.0.1:9000'], ['name-only', 'port-unknown']],
    [
      'a label alone',
      { labels: { 'com.myia.service': 'comfyui-qwen' }, ports: [port(8188, 8188)] },
      'comfyui',
      ['http://127.0.0.1:8188'],
      ['weak'],
    ],
    // Every Gradio program has it.
    ['a port alone', { ports: [port(7860, 7860)] }, 'forge', ['http://127.0.0.1:7860'], ['weak']],
    ['only SSH is published', { image: 'x/comfyui', ports: [port(2222, 22)] }, 'comfyui', [], ['port-unknown']],
    ['no port', { image: 'x/comfyui', ports: [] }, 'comfyui', [], ['no-port']],
    [
      'its arguments name a port that is not published',
      { image: 'x/comfyui', command: ['--port', '8190'], ports: [port(8188, 8188)] },
      'comfyui',
      ['http://127.0.0.1:8188'],
      ['port-not-published'],
    ],
    [
      'two ports that it may have',
      { image: 'x/forge', ports: [port(7860, 7860), port(17861, 17860)] },
      'forge',
      ['http://127.0.0.1:7860', 'http://127.0.0.1:17861'],
      ['several-ports'],
    ],
    [
      'signs of both',
      { image: 'x/comfyui-and-forge', ports: [port(8188, 8188)] },
      null,
      ['http://127.0.0.1:8188'],
      ['two-kinds', 'port-unknown'],
    ],
    [
      'the machine’s own ports, and only a variable that names one',
      { name: 'comfy-main', environment: { COMFY_PORT: '18206' }, ports: [], isOnHostNetwork: true },
      'comfyui',
      ['http://127.0.0.1:18206', 'http://127.0.0.1:8188'],
      ['name-only', 'host-network'],
    ],
    [
      'a helper that runs the program itself',
      { name: 'comfyui-proxy', image: 'x/comfyui', ports: [port(8188, 8188)] },
      'comfyui',
      ['http://127.0.0.1:8188'],
      ['helper'],
    ],
  ])('%s', (_, given, kind, urls, doubts) => {
    const found = likenessOf(clues(given))
    expect(found).toMatchObject({ state: 'unsure', kind, urls, doubts })
    expect(sureOf(found)).toBeNull()
  })
})

describe('what is neither', () => {
  test.each<[string, Partial<Clues>]>([
    ['something else', { name: 'qdrant' }],
    ['a helper beside a backend', { name: 'comfyui-qwen-idle-monitor', ports: [port(8188, 8188)] }],
    ['a sidecar by its label', { name: 'comfyui-x', labels: { 'com.myia.type': 'sidecar' } }],
    [
      'an exporter whose label names ComfyUI',
      { name: 'gpu-exporter', labels: { app: 'comfyui' }, ports: [port(18216, 9400)] },
    ],
    ['one whose label names an exporter', { name: 'gpu', labels: { app: 'comfyui-exporter' } }],
    [
      'a client that is told an address',
      { name: 'bot', command: ['bot', '--url', 'http://comfyui:8188'], environment: { COMFYUI_URL: 'http://comfyui' } },
    ],
  ])('%s', (_, given) => {
    expect(likenessOf(clues(given))).toEqual({ state: 'neither' })
  })
})

test('no address is sure that is not published, or that other programs have', () => {
  const ports = fc.array(
    fc.record({
      hostPort: fc.constantFrom(0, 22, 1111, 9400, 9999),
      containerPort: fc.constantFrom(22, 1111, 9400, 9999),
    }),
  )
  fc.assert(
    fc.property(ports, fc.constantFrom('x/comfyui', 'x/forge', 'x/other'), (some, image) => {
      const found = likenessOf(clues({ image, ports: some.map((one) => ({ hostIp: '', ...one })) }))
      expect(found.state).not.toBe('sure')
      if (found.state !== 'unsure') return
      for (const url of found.urls)
        expect(some.some(({ hostPort, containerPort }) => url.endsWith(`:${hostPort}`) && containerPort === 9999)).toBe(
          true,
        )
    }),
  )
})

test('of a command line only what tells the program is kept, never a secret', () => {
  expect(
    tellingWords(
      '/bin/bash -c python launch.py --api --port 7861 --port=99 --api-auth ann:pass --gradio-auth=ann:pass 42',
    ),
  ).toEqual(['launch.py', '--api', '--port', '7861', '--port=99', '--api-auth', '--gradio-auth'])
})
