import { describe, expect, test } from 'vitest'
import { judgeDockerHealth } from '../../../electron/services/container/docker-health'
import { explainEnding, nameState } from '../../../electron/services/container/ending'
import { readFacts } from '../../../electron/services/container/facts'
import { explainExit } from '../../../electron/services/exits'
import {
  endedThroughDocker,
  newHistory,
  note,
  type ContainerHistory,
} from '../../../electron/services/container/history'
import { lastLine } from '../../../electron/services/container/last-words'
import { asItIs } from '../../../electron/logs/cutting'
import { judgeRestarts } from '../../../electron/services/container/restarts'
import { containerOfCgroup } from '../../../electron/docker/cgroup'
import { finishedAt, inspected } from '../docker/container-inspected'

const ended = Date.parse(finishedAt)
const watchedSince = ended - 60_000

/** A history as the engine's events make it. */
const after = (...events: [action: string, attributes?: Record<string, string>][]): ContainerHistory =>
  events.reduce(
    (history, [action, attributes = {}], index) => note(history, { action, attributes, at: ended - 1000 + index }),
    newHistory(watchedSince),
  )

const exited = (code: number, more: { oom?: boolean; error?: string; host?: object } = {}) =>
  readFacts(
    inspected({
      state: {
        Status: 'exited',
        ExitCode: code,
        FinishedAt: finishedAt,
        OOMKilled: more.oom ?? false,
        Error: more.error ?? '',
      },
      host: { ...more.host },
    }),
  )

const explain = (
  facts: ReturnType<typeof readFacts>,
  {
    history = newHistory(watchedSince),
    stoppedHere = false,
  }: { history?: ContainerHistory; stoppedHere?: boolean } = {},
) => {
  const ending = explainEnding({ id: 'comfyui-qwen', facts, history, stoppedHere, line: 'Killed' })
  return ending && `${ending.kind}: ${ending.reason.problem}`
}

describe('how a container ended', () => {
  test.each<[code: number, problem: string]>([
    [0, 'ending.server-ended'],
    [1, 'service.exit-code'],
    [2, 'service.exit-code'],
    [125, 'ending.engine-refused'],
    [126, 'service.exit-not-executable'],
    [127, 'service.exit-not-found'],
    [130, 'service.exit-signal'],
    [134, 'service.exit-crashed'],
    [137, 'ending.killed'],
    [139, 'service.exit-crashed'],
    [143, 'service.exit-signal'],
    [255, 'ending.generic'],
    [0xc000013a, 'service.exit-signal'],
    [0xc0000005, 'service.exit-crashed'],
    [-1073741819, 'service.exit-crashed'],
  ])('exit code %i by itself, while it was watched, is %s', (code, problem) => {
    expect(explain(exited(code))).toBe(`failed: ${problem}`)
  })

  test.each([126, 131, 134, 0xc000013a, 0xc0000005])('exit code %i is told as that of a native program', (code) => {
    const question = { id: 'a', facts: exited(code), history: newHistory(watchedSince), stoppedHere: false, line: 'x' }
    expect(explainEnding(question)?.reason).toEqual(explainExit('a', { code, signal: null }, 'x'))
  })

  test('137 with the flag is the memory limit, and names it', () => {
    const ending = explainEnding({
      id: 'comfyui-qwen',
      facts: exited(137, { oom: true, host: { Memory: 64 * 2 ** 20 } }),
      history: newHistory(watchedSince),
      stoppedHere: false,
      line: null,
    })

    expect(ending).toMatchObject({ kind: 'failed', answered: 'exited 137 OOMKilled' })
    expect(ending?.reason).toMatchObject({ problem: 'ending.oom-limit', params: { limit: '64 MiB' } })
    expect(explain(exited(137, { oom: true }))).toBe('failed: ending.oom')
    // The engine of an old kernel may tell it by an event alone.
    expect(explain(exited(137), { history: after(['oom'], ['die']) })).toBe('failed: ending.oom')
  })

  test('a stop through Docker that nobody in Regie asked for is sleep, whatever of 0, 137, 143 it leaves', () => {
    const stop = after(['start'], ['kill', { signal: '15' }], ['die'], ['stop'])

    for (const code of [0, 137, 143]) expect(explain(exited(code), { history: stop })).toBe('asleep: ending.asleep')
    expect(explain(exited(1), { history: stop })).toBe('failed: service.exit-code')
  })

  test('a stop that ran into its timeout says so', () => {
    const timeout = after(['kill', { signal: '15' }], ['kill', { signal: '9' }], ['die'])

    expect(endedThroughDocker(timeout)).toBe('stop-timeout')
    expect(explain(exited(137), { history: timeout })).toBe('asleep: ending.stop-timeout')
  })

  test('a stop of our own is no riddle', () => {
    expect(explain(exited(137), { stoppedHere: true })).toBe('stopped-here: service.stopped')
  })

  test('what ended before the panel looked: the restart policy tells a stop from a fall, else nothing does', () => {
    const unseen = { history: newHistory(ended + 1) }
    const never = { host: { RestartPolicy: { Name: 'no' } } }

    expect(explain(exited(0), unseen)).toBe('asleep: ending.asleep')
    expect(explain(exited(143, never), unseen)).toBe('asleep: ending.asleep-maybe')
    expect(explain(exited(139), unseen)).toBe('failed: service.exit-crashed')
  })

  test('a signal that does not end anything, and one before the last start, do not count', () => {
    expect(endedThroughDocker(after(['kill', { signal: '1' }], ['die']))).toBeNull()
    expect(endedThroughDocker(after(['kill', { signal: '9' }], ['die'], ['start'], ['die']))).toBeNull()
    expect(explain(exited(137), { history: after(['kill', { signal: '9' }], ['start'], ['die']) })).toBe(
      'failed: ending.killed',
    )
  })

  test.each<[words: string, problem: string]>([
    ['could not select device driver "nvidia" with capabilities: [[gpu]]', 'ending.no-gpu-driver'],
    ['nvidia-container-cli: device error: 3: unknown device: unknown', 'ending.gpu-unknown'],
    ['CDI device injection failed: unresolvable CDI devices nvidia.com/gpu=7', 'ending.gpu-unknown'],
    ['nvidia-container-cli: initialization error: load library failed: libnvidia-ml.so.1', 'ending.gpu-library'],
    [
      'driver failed programming external connectivity: Bind for 0.0.0.0:8188 failed: port is already allocated',
      'ending.port-taken',
    ],
    ['invalid mount config for type "bind": bind source path does not exist: /a', 'ending.mount'],
    ['exec: "comfy": executable file not found in $PATH: unknown', 'ending.no-command'],
    ['exec /entrypoint.sh: exec format error', 'ending.not-executable'],
    ['something new', 'ending.not-started'],
  ])('a start that the engine refused with “%s” is %s', (error, problem) => {
    const created = readFacts(inspected({ state: { Status: 'created', ExitCode: 128, Error: error } }))

    expect(explain(created)).toBe(`failed: ${problem}`)
    expect(explain(exited(128, { error }))).toBe(`failed: ${problem}`)
  })

  test('a running container has not ended; one that was never started has nothing to explain', () => {
    expect(explain(readFacts(inspected()))).toBeNull()
    expect(explain(readFacts(inspected({ state: { Status: 'created' } })))).toBe('stopped-here: service.stopped')
    expect(explain(readFacts(inspected({ state: { Status: 'paused' } })))).toBe('failed: ending.paused')
    const loop = readFacts(inspected({ state: { Status: 'restarting', ExitCode: 1 }, restarts: 4 }))
    expect(explain(loop)).toBe('failed: ending.restarting')
    expect(nameState(loop)).toBe('restarting 1, 4 restarts')
  })
})

describe('Docker’s own check', () => {
  const probe = (exitCode: number, output: string) => ({
    Start: '2026-09-07T22:40:00.000Z',
    End: '2026-09-07T22:40:00.120Z',
    ExitCode: exitCode,
    Output: output,
  })
  const withHealth = (status: string, last: object | null, streak = 0) =>
    readFacts(
      inspected({
        state: { Health: { Status: status, FailingStreak: streak, Log: last ? [last] : [] } },
        config: { Healthcheck: { Test: ['CMD-SHELL', 'curl -f -H token=hunter2 http://localhost:8188/ || exit 1'] } },
      }),
    )
  const judge = (facts: ReturnType<typeof readFacts>) =>
    judgeDockerHealth(facts, { id: 'comfyui-qwen', redact: (text) => text.replaceAll('hunter2', '[secret]') })

  test('is no finding where there is none, or where the container does not run', () => {
    expect(judge(readFacts(inspected()))).toBeNull()
    expect(judge(exited(0))).toBeNull()
  })

  test('shows no half of a secret where the engine cut the output', () => {
    const output = `${' '.repeat(4090)}hunter`

    expect(judge(withHealth('unhealthy', probe(1, output), 5))?.answered).toBe('unhealthy · exit 1')
  })

  test('healthy, starting and unhealthy carry their last output, redacted', () => {
    expect(judge(withHealth('healthy', probe(0, '200')))).toMatchObject({
      state: 'ok',
      answered: 'healthy · exit 0 · 200',
    })
    expect(judge(withHealth('starting', null))).toMatchObject({ state: 'unknown', answered: 'starting' })
    const failed = judge(withHealth('unhealthy', probe(1, 'refused\n  hunter2 '), 5))
    expect(failed).toMatchObject({
      state: 'failed',
      asked: 'curl -f -H token=[secret] http://localhost:8188/ || exit 1',
      answered: 'unhealthy · exit 1 · refused [secret]',
      tookMs: 120,
      reason: { problem: 'check.unhealthy', params: { count: 5 } },
    })
  })

  test('a check that cannot run says nothing of the service', () => {
    const missing = judge(withHealth('unhealthy', probe(127, '/bin/sh: 1: curl: not found')))
    expect(missing).toMatchObject({ reason: { problem: 'check.health-no-program', params: { program: 'curl' } } })
    const slow = judge(withHealth('unhealthy', probe(-1, 'Health check exceeded timeout (10s)')))
    expect(slow).toMatchObject({ reason: { problem: 'check.health-timeout' } })
  })
})

describe('restart loops', () => {
  const now = Date.parse('2026-09-07T22:34:00Z') // 39 s after the start
  const judge = (facts: ReturnType<typeof readFacts>, history = newHistory(0), at = now) =>
    judgeRestarts(facts, { id: 'forge-turbo', history, now: at, line: 'boom', tookMs: 1 })
  const falls = (count: number): ContainerHistory => ({
    ...newHistory(0),
    falls: Array.from({ length: count }, (_, index) => now - 1000 * index),
  })

  test('none, one, and a loop', () => {
    expect(judge(readFacts(inspected()))).toMatchObject({ state: 'ok', answered: '0' })
    expect(judge(readFacts(inspected()), falls(1))).toMatchObject({ state: 'warning' })
    expect(judge(readFacts(inspected()), falls(3))).toMatchObject({
      state: 'failed',
      answered: '0, 3 ends in 10 min',
      reason: { problem: 'check.restart-loop', params: { count: 3, line: 'boom' } },
    })
  })

  test('Docker’s own count tells of a loop before the panel looked, until the container has settled', () => {
    const restarted = readFacts(inspected({ restarts: 7 }))

    expect(judge(restarted)).toMatchObject({ state: 'failed', answered: '7' })
    expect(judge(restarted, newHistory(0), now + 10 * 60_000)).toMatchObject({ state: 'ok', answered: '7' })
    expect(judge(readFacts(inspected({ state: { Status: 'restarting' }, restarts: 1 })))).toMatchObject({
      state: 'failed',
    })
  })

  test('a stop through Docker is no fall', () => {
    expect(after(['kill', { signal: '15' }], ['die']).falls).toEqual([])
    expect(after(['die'], ['start'], ['die']).falls).toHaveLength(2)
  })
})

test('what the engine answers is read by a schema; other shapes are refused by name', () => {
  expect(() => readFacts({ Id: 'x' })).toThrow(expect.objectContaining({ id: 'container.unreadable' }))
})

test('the last words are the last line with something in it, without colours', () => {
  expect(lastLine('one\n\u001b[31mTraceback: boom\u001b[0m\r\n\n', asItIs)).toBe('Traceback: boom')
  expect(lastLine(' \n', asItIs)).toBeNull()
  expect(lastLine('x'.repeat(300), asItIs)).toHaveLength(201)
})

describe('the container of a process', () => {
  const id = '4f1c'.padEnd(64, 'e')
  test.each([
    ['cgroup v1', `12:memory:/docker/${id}\n1:name=systemd:/docker/${id}\n`],
    ['cgroup v2 with systemd', `0::/system.slice/docker-${id}.scope\n`],
    ['rootless', `0::/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${id}.scope\n`],
    ['a group of its own inside', `0::/system.slice/docker-${id}.scope/init\n`],
  ])('is told by its control group: %s', (_, text) => {
    expect(containerOfCgroup(text)).toBe(id)
  })

  test('is none elsewhere', () => {
    expect(containerOfCgroup('0::/user.slice/user-1000.slice/session-2.scope\n')).toBeNull()
  })
})
