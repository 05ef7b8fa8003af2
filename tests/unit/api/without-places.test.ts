import { describe, expect, it } from 'vitest'
import { problemWithoutPlaces, withoutPlaces } from '../../../electron/api/without-places'
import { problems, reason } from '../../../shared/problems'

describe('a text without places', () => {
  it.each([
    ['ENOENT: /home/ann/My Models/sdxl.safetensors is missing', 'ENOENT: … is missing'],
    [String.raw`cannot open C:\Users\Ann Lee\models\a.safetensors now`, 'cannot open … now'],
    [String.raw`\\nas\share\models\x.ckpt: no such file`, '…: no such file'],
    ['d:/stacks/comfyui/.env', '…'],
    ['File "/opt/comfy/execution.py", line 154, in f', 'File "…", line 154, in f'],
    ['http://10.0.0.7:8188/prompt answered 500', '… answered 500'],
    ['unix:///var/run/docker.sock', '…'],
    ['connect ECONNREFUSED 192.168.4.20:7860', 'connect ECONNREFUSED …'],
    ['connect ECONNREFUSED [fe80::1]:7860', 'connect ECONNREFUSED …'],
    ['getaddrinfo ENOTFOUND gpu.lan:8188', 'getaddrinfo ENOTFOUND …'],
    ['MODELS=/srv/models', 'MODELS=…'],
    [
      'CUDA out of memory: tried to allocate 2.00 GiB, 1/2 of it',
      'CUDA out of memory: tried to allocate 2.00 GiB, 1/2 of it',
    ],
    ['steps and/or size: 64 to 2048', 'steps and/or size: 64 to 2048'],
  ])('%s: %s', (text, shown) => {
    expect(withoutPlaces(text)).toBe(shown)
  })

  it('is made in a moment, whatever the text', () => {
    const before = performance.now()
    for (const piece of ['/', '/a', 'a.', 'a:', '\\', 'c:\\a ', '/a b', '[:', '1.', 'a+'])
      withoutPlaces(piece.repeat(32_000))
    expect(performance.now() - before).toBeLessThan(2_000)
  })
})

describe('a problem without places', () => {
  const service = 'forge-turbo'

  it('names the service in place of its address', () => {
    const { params } = reason('backend.refused', { url: 'http://10.0.0.7:7860', status: 401 })

    expect(problemWithoutPlaces({ problem: 'backend.refused', params }, service)).toMatchObject({
      params: { url: service, status: 401 },
      message: 'forge-turbo refuses Regie’s credential (401).',
    })
  })

  it('says of what makes no sense without an address something else', () => {
    const told = problemWithoutPlaces(
      { problem: 'service.silent', params: { id: service, url: 'http://gpu.lan' } },
      service,
    )

    expect(told).toMatchObject({ problem: 'service.away', message: 'forge-turbo does not answer.' })
  })

  it('of every problem tells no value that is a place, whatever its name', () => {
    const places = [
      '/srv/stack/.env',
      String.raw`C:\stack\.env`,
      'http://10.0.0.7:8188',
      '10.0.0.7:8188',
      'gpu.lan:8188',
    ]
    for (const [problem, { en }] of Object.entries(problems)) {
      const names = [...`${en.message} ${en.hint}`.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name)
      for (const place of places) {
        const params = Object.fromEntries(names.map((name) => [name, place]))
        const told = JSON.stringify(problemWithoutPlaces({ problem, params }, service))
        expect([problem, told.includes(JSON.stringify(place).slice(1, -1))]).toEqual([problem, false])
      }
    }
  })

  it('keeps commands, files and sinks to itself though they look like no place', () => {
    for (const name of [
      'command',
      'program',
      'path',
      'file',
      'folder',
      'sink',
      'credential',
      'words',
      'output',
      'kept',
    ])
      expect([name, problemWithoutPlaces({ problem: 'service.stopped', params: { [name]: 'canary' } }).params]).toEqual(
        [name, { [name]: '…' }],
      )
  })

  it('that Regie does not know tells nothing', () => {
    expect(JSON.stringify(problemWithoutPlaces({ problem: 'other', params: { id: 'canary' } }))).not.toContain('canary')
  })
})
