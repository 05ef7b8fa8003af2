import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { pollDelay } from '../../../electron/services/cadence'
import { baseEnvironment, commandEnvironment } from '../../../electron/services/environment'
import { explainExit, explainLaunchFailure, nameExit } from '../../../electron/services/exits'
import { findProgram } from '../../../electron/services/find-program'
import { isAncestor, parsePs, parseStat, treeOf } from '../../../electron/system/process-tree'

describe('why a program ended', () => {
  test.each([
    [{ code: 1, signal: null }, 'service.exit-code'],
    [{ code: 0, signal: null }, 'service.exit-clean'],
    [{ code: 126, signal: null }, 'service.exit-not-executable'],
    [{ code: 127, signal: null }, 'service.exit-not-found'],
    [{ code: 137, signal: null }, 'service.exit-killed'],
    [{ code: null, signal: 'SIGKILL' }, 'service.exit-killed'],
    [{ code: 139, signal: null }, 'service.exit-crashed'],
    [{ code: null, signal: 'SIGSEGV' }, 'service.exit-crashed'],
    [{ code: 134, signal: null }, 'service.exit-crashed'],
    [{ code: 3_221_225_477, signal: null }, 'service.exit-crashed'],
    [{ code: 0xc000013a, signal: null }, 'service.exit-signal'],
    [{ code: null, signal: 'SIGTERM' }, 'service.exit-signal'],
    [{ code: 143, signal: null }, 'service.exit-signal'],
    [{ code: null, signal: null }, 'service.exit-unknown'],
  ])('%o is %s', (exit, problem) => {
    expect(explainExit('demo', exit, 'last').problem).toBe(problem)
  })

  test('the last line is in the hint', () => {
    expect(explainExit('demo', { code: 1, signal: null }, 'No module named torch').hint).toContain(
      'No module named torch',
    )
  })

  test('the exit is named for the log', () => {
    expect(nameExit({ code: 3, signal: null })).toBe('exit code 3')
    expect(nameExit({ code: null, signal: 'SIGKILL' })).toBe('SIGKILL')
  })

  test.each([
    ['ENOENT', 'service.command-missing'],
    ['EACCES', 'service.command-refused'],
    ['EINVAL', 'service.command-is-script'],
    ['EAGAIN', 'service.launch-failed'],
  ])('a start that fails with %s is %s', (error, problem) => {
    expect(explainLaunchFailure('python', error).problem).toBe(problem)
  })
})

describe('the environment of a command', () => {
  const own = { PATH: '/bin', HOME: '/home/me', REGIE_ADMIN_TOKEN: 'secret', AWS_SECRET: 'secret', LANG: 'fr_FR.UTF-8' }

  test('is minimal: nothing of the panel’s but what every program needs', () => {
    expect(baseEnvironment(own)).toEqual({ PATH: '/bin', HOME: '/home/me', LANG: 'fr_FR.UTF-8' })
  })

  test('has the service’s GPU by UUID, and what is configured wins', () => {
    const env = commandEnvironment({ PATH: '/opt/bin', HF_HOME: '/models' }, 'GPU-1a2b3c4d', own)

    expect(env).toEqual({
      PATH: '/opt/bin',
      HOME: '/home/me',
      LANG: 'fr_FR.UTF-8',
      PYTHONUNBUFFERED: '1',
      CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
      CUDA_VISIBLE_DEVICES: 'GPU-1a2b3c4d',
      HF_HOME: '/models',
    })
  })
})

describe('process trees', () => {
  test('a line of /proc/<pid>/stat reads although the name has parentheses and blanks', () => {
    const line = `42 (a) S (b) S 7 40 40 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 987654 0 0`

    expect(parseStat(line)).toEqual({ pid: 42, ppid: 7, pgid: 40, startTicks: '987654' })
  })

  test('a zombie does not count as living', () => {
    expect(parseStat('42 (python) Z 7 40 40 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 987654 0 0')).toBeNull()
    expect(parsePs('  1   0   1 Ss\n 42   1  42 Z+\n')).toEqual([{ pid: 1, ppid: 0, pgid: 1 }])
  })

  test('a tree is the group and every descendant, also those that moved to a group of their own', () => {
    const table = [
      { pid: 10, ppid: 1, pgid: 10 },
      { pid: 11, ppid: 10, pgid: 10 },
      { pid: 12, ppid: 11, pgid: 12 },
      { pid: 13, ppid: 1, pgid: 10 },
      { pid: 99, ppid: 1, pgid: 99 },
    ]

    expect(treeOf(10, table).sort()).toEqual([10, 11, 12, 13])
    expect(treeOf(77, table)).toEqual([])
  })

  test('this process belongs to itself and not to a stranger', () => {
    expect(isAncestor(process.pid, process.pid)).toBe(true)
    expect(isAncestor(process.pid, 1)).toBe(false)
  })

  test.runIf(process.platform === 'linux')('on Linux it also belongs to its parent', () => {
    expect(isAncestor(process.ppid, process.pid)).toBe(true)
  })
})

describe('finding a command', () => {
  const folder = path.dirname(process.execPath)
  const name = path.basename(process.execPath)

  test('a bare name is looked for in PATH', async () => {
    expect(await findProgram(name, { PATH: ['/nowhere', folder].join(path.delimiter) }, '/')).toBe(process.execPath)
  })

  test('a path is taken from the working folder', async () => {
    expect(await findProgram(`.${path.sep}${name}`, {}, folder)).toBe(process.execPath)
  })

  test('a folder, a missing file and a file that may not run are no programs', async () => {
    expect(await findProgram(folder, {}, '/')).toBeNull()
    expect(await findProgram('no-such-program', { PATH: folder }, '/')).toBeNull()
    if (process.platform !== 'win32') expect(await findProgram(import.meta.filename, {}, '/')).toBeNull()
  })
})

describe('how often a service is looked at', () => {
  const of = { state: 'ready', isUp: true, misses: 0, sinceOperationMs: null, watched: true } as const

  test.each([
    ['a ready service that somebody watches', of, 10_000],
    ['a ready service that nobody watches', { ...of, watched: false }, 60_000],
    ['one that did not answer', { ...of, misses: 1 }, 1_000],
    ['one that is unhealthy but runs', { ...of, state: 'unhealthy' } as const, 2_000],
    ['one that ended by itself', { ...of, state: 'unhealthy', isUp: false } as const, 10_000],
    ['one that starts', { ...of, state: 'starting', sinceOperationMs: 2_000 } as const, 500],
    ['one that has been loading for long', { ...of, state: 'starting', sinceOperationMs: 90_000 } as const, 3_000],
  ])('%s', (_, service, ms) => {
    expect(pollDelay(service)).toBe(ms)
  })
})
