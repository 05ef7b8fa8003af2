import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCards } from '../../../electron/machines/cards'
import { checksOf } from '../../../electron/machines/checks'
import { isSameAddress, readEntries } from '../../../electron/machines/entries'
import { tallyOf } from '../../../electron/machines/machine'
import { reachingOf } from '../../../electron/machines/reaching'
import { addressOf, draftOf } from '../../../renderer/features/machines/draft'
import type { EngineStatus, MachineAddress } from '../../../shared/contract'
import { asItIs } from '../../../electron/logs/cutting'
import { reason } from '../../../shared/problems'

const at = (address: string, certFolder: string | null = null): MachineAddress => ({
  by: 'address',
  address,
  certFolder,
})

describe('a machine in the configuration file', () => {
  it('is read by itself; what cannot be read stays, in its place at the end', () => {
    const good = { id: 'atelier', name: 'Atelier', address: at('ssh://box') }
    const bad = [{ id: 'local', name: 'x', address: at('ssh://box') }, good, { id: 1 }, 'text', null]
    const read = readEntries({ read: () => [good, ...bad], write: () => undefined })
    expect(read.entries).toEqual([good])
    expect(read.unreadable).toEqual(bad)
    expect(readEntries({ read: () => ({}), write: () => undefined })).toEqual({ entries: [], unreadable: [] })
  })

  it('is the same machine whatever the case of its host', () => {
    expect(isSameAddress(at('ssh://me@Box/'), at(' ssh://me@box'))).toBe(true)
    expect(isSameAddress(at('ssh://me@box'), at('ssh://you@box'))).toBe(false)
    expect(isSameAddress({ by: 'context', context: 'a' }, { by: 'context', context: 'a' })).toBe(true)
    expect(isSameAddress({ by: 'context', context: 'a' }, at('a'))).toBe(false)
  })

  it('is reached by its own address alone, whatever Docker’s variables say, on Windows too', () => {
    const env = {
      DOCKER_HOST: 'tcp://other',
      Docker_Context: 'other',
      DOCKER_TLS_VERIFY: '1',
      PATH: '/bin',
      Path: 'C:\\',
    }
    expect(reachingOf(at('ssh://box'), env)).toEqual({ setting: 'ssh://box', env: { PATH: '/bin', Path: 'C:\\' } })
    expect(reachingOf({ by: 'context', context: 'gpu' }, env)).toEqual({
      setting: null,
      env: { PATH: '/bin', Path: 'C:\\', DOCKER_CONTEXT: 'gpu' },
    })
    expect(reachingOf(at('tcp://box:2376', 'C:\\certs'), env).env).toMatchObject({
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: 'C:\\certs',
    })
  })

  it('comes out of the form as it went in', () => {
    for (const address of [
      at('ssh://me@box:22'),
      at('tcp://box:2376', '/certs'),
      { by: 'context', context: 'gpu' },
    ] as const)
      expect(addressOf(draftOf({ name: 'x', address }))).toEqual(address)
    expect(addressOf({ ...draftOf(null), ssh: 'me@box' })).toEqual(at('ssh://me@box'))
    expect(addressOf({ ...draftOf(null), way: 'tls', tls: 'box:2376' })).toEqual(at('tcp://box:2376'))
    expect(addressOf(draftOf(null))).toBeNull()
  })
})

describe('the cards of another machine', () => {
  it('are what its nvidia-smi prints, with what it does not tell as unknown', () => {
    const text =
      '0, GPU-1a2b3c4d-0000-1111-2222-333344445555, 24576, 18211, 98, 67, 331.40, 350.00, 575.64, NVIDIA RTX A5000\r\n' +
      '1, GPU-9f8e7d6c-aaaa-bbbb-cccc-ddddeeeeffff, 24576, 12, [N/A], 41, [N/A], [N/A], 575.64, NVIDIA RTX A5000\n'
    const { state, cards } = readCards({ code: 0, text }, 5, asItIs)
    expect(state).toBe('known')
    expect(cards.map(({ index, memoryTotalMiB, powerW }) => [index, memoryTotalMiB, powerW])).toEqual([
      [0, 24_576, 331.4],
      [1, 24_576, null],
    ])
  })

  it('are none where there is no nvidia-smi, and unknown where it fails, without a secret', () => {
    expect(readCards({ code: 127, text: 'sh: 1: nvidia-smi: not found' }, 5, asItIs)).toMatchObject({
      state: 'none',
      reason: { problem: 'machine.no-driver' },
    })
    const failed = readCards({ code: 9, text: 'token=abc' }, 5, (text) => text.replace('abc', '…'))
    expect(failed).toMatchObject({ state: 'unknown', reason: { params: { error: 'token=…' } } })
    expect(readCards({ code: null, text: '' }, 5, asItIs).reason?.params).toEqual({ error: 'exit code none' })
  })

  it('never throw, whatever comes back', () => {
    fc.assert(
      fc.property(fc.option(fc.nat(300)), fc.string(), (code, text) => void readCards({ code, text }, 5, asItIs)),
    )
  })
})

describe('what a machine has and lacks', () => {
  const status = (more: Partial<EngineStatus>): EngineStatus => ({
    ...{
      state: 'connected',
      since: 0,
      attempts: [{ source: 'setting', endpoint: 'ssh://box', answered: 'connected' }],
    },
    ...{
      triedAt: 0,
      nextTryAt: null,
      compose: { program: 'plugin', version: '2.40' },
      platform: 'linux',
      address: null,
    },
    info: {
      ...{ version: '29.1', apiVersion: '1.50', kind: 'remote', operatingSystem: 'Debian 13', nvidiaRuntime: true },
      ...{ cgroupDriver: 'systemd', memoryBytes: 1 },
    },
    ...more,
  })
  const none = { state: 'none' as const, at: 1, cards: [], reason: reason('machine.no-driver') }

  it('is told with what mends each', () => {
    const info = status({}).info
    const lacking = checksOf(status({ compose: null, info: info && { ...info, nvidiaRuntime: false } }), none)
    expect(lacking.map(({ id, state, command }) => [id, state, command !== null])).toEqual([
      ['engine', 'ok', false],
      ['compose', 'missing', true],
      ['driver', 'missing', true],
      ['toolkit', 'missing', true],
    ])
    expect(checksOf(status({ info: info && { ...info, nvidiaRuntime: null } }), none)[3]).toMatchObject({
      state: 'unknown',
      words: { problem: 'machine.toolkit-unknown' },
    })
  })

  it('is unknown where the engine does not answer, but for why that is', () => {
    const away = checksOf(
      status({ state: 'unreachable', info: null, reason: reason('docker.starting'), command: 'x' }),
      none,
    )
    expect(away[0]).toMatchObject({ state: 'missing', command: 'x', words: { problem: 'docker.starting' } })
    expect(away.slice(1).every(({ state }) => state === 'unknown')).toBe(true)
  })

  it('counts its containers, and those of each Compose project', () => {
    const container = (project: string | null, state: 'running' | 'exited') => ({
      ...{ id: 'x', name: 'x', image: 'x', imageId: 'x', state, status: '', createdAt: 0, ports: [], labels: {} },
      compose:
        project === null
          ? null
          : {
              ...{
                project,
                service: 's',
                workingDir: '/',
                configFiles: [],
                environmentFile: null,
                configHash: null,
                oneOff: false,
              },
            },
    })
    expect(
      tallyOf([
        container('b', 'running'),
        container('b', 'exited'),
        container('a', 'exited'),
        container(null, 'running'),
      ]),
    ).toEqual({
      containers: { running: 2, all: 4 },
      projects: [
        { name: 'a', running: 0, all: 1 },
        { name: 'b', running: 1, all: 2 },
      ],
    })
  })
})
