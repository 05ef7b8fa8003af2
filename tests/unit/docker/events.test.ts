import { describe, expect, test } from 'vitest'
import { listMark, readComposeLabels, readContainers } from '../../../electron/docker/containers'
import { createEndedContainers } from '../../../electron/docker/ended'
import { createEventCursor, readEvent } from '../../../electron/docker/events'

const line = (more: object) =>
  JSON.stringify({
    Type: 'container',
    Action: 'die',
    Actor: { ID: 'abc', Attributes: { name: 'comfyui-qwen', exitCode: '137' } },
    scope: 'local',
    time: 1_757_284_401,
    timeNano: 1_757_284_401_123_456_800,
    ...more,
  })

describe('the engine’s events', () => {
  test('an event of a container', () => {
    expect(readEvent(line({}))?.event).toEqual({
      kind: 'container',
      event: {
        ...{ containerId: 'abc', name: 'comfyui-qwen', action: 'die', at: 1_757_284_401_123 },
        attributes: { name: 'comfyui-qwen', exitCode: '137' },
      },
    })
  })
  test('an image that was pulled', () => {
    const pull = line({ Type: 'image', Action: 'pull', Actor: { ID: 'python:3.12' } })
    expect(readEvent(pull)?.event).toMatchObject({ kind: 'pull', image: 'python:3.12' })
  })
  test.each([
    ['what a health check runs', line({ Action: 'exec_start: curl' })],
    ['other things', line({ Type: 'network', Action: 'connect' })],
    ['no JSON', '{"Type":'],
    ['JSON of another shape', '{"status":"pull"}'],
  ])('%s is passed over', (_, text) => {
    expect(readEvent(text)).toBeNull()
  })

  test('a stream that is taken up again tells nothing twice, also not within one second', () => {
    const cursor = createEventCursor()
    const isNew = (text: string) => {
      const read = readEvent(text)
      return read !== null && cursor.isNew(read)
    }
    expect(cursor.since()).toBeNull()
    expect([line({}), line({ Action: 'start' }), line({})].map(isNew)).toEqual([true, true, false])
    expect(cursor.since()).toBe(1_757_284_401)
    expect(isNew(line({ Action: 'start' }))).toBe(false)
    expect(isNew(line({ timeNano: 1_757_284_401_999_000_000 }))).toBe(true)
  })
  test('what came late does not turn the clock back; what was before the beginning is no news', () => {
    const cursor = createEventCursor()
    cursor.startAt(50_500)
    cursor.startAt(70_000)
    expect(cursor.since()).toBe(50)
    expect(cursor.isNew({ key: 'before', at: 50_400 })).toBe(false)
    expect(cursor.isNew({ key: 'a', at: 90_000 })).toBe(true)
    expect(cursor.isNew({ key: 'b', at: 60_000 })).toBe(true)
    expect(cursor.since()).toBe(90)
  })
})

describe('a container whose end was told', () => {
  const container = (state: string, id = 'c') => readContainers([{ Id: id, State: state }])
  test('counts as ended until the list says so too, or it starts again', () => {
    let now = 0
    const ended = createEndedContainers(() => now)
    ended.hear({ action: 'die', containerId: 'c' })
    expect(ended.correct(container('running'))[0]?.state).toBe('exited')
    expect(ended.isBehind()).toBe(true)
    expect(ended.correct(container('exited'))[0]?.state).toBe('exited')
    expect(ended.isBehind()).toBe(false)
    ended.hear({ action: 'die', containerId: 'c' })
    ended.hear({ action: 'start', containerId: 'c' })
    expect(ended.correct(container('running'))[0]?.state).toBe('running')
    ended.hear({ action: 'die', containerId: 'c' })
    now = 120_000
    expect(ended.correct(container('running'))[0]?.state).toBe('running')
  })
})

describe('the engine’s list', () => {
  const item = {
    ...{ Id: 'abc', Names: ['/other/alias', '/comfyui-qwen'], Image: 'x:1', ImageID: 'sha256:1', Created: 1000 },
    ...{ State: 'running', Status: 'Up 3 minutes (healthy)' },
    Ports: [
      { IP: '127.0.0.1', PrivatePort: 8188, PublicPort: 8188, Type: 'tcp' },
      { PrivatePort: 9, Type: 'tcp' },
    ],
    Labels: {
      'com.docker.compose.project': 'shared',
      'com.docker.compose.service': 'comfyui-qwen',
      'com.docker.compose.project.working_dir': 'D:\\stacks\\comfyui',
      'com.docker.compose.project.config_files': 'D:\\stacks\\a.yaml,D:\\stacks\\b.yaml',
      'com.docker.compose.oneoff': 'False',
    },
  }
  test('a container with what Compose says of it', () => {
    expect(readContainers([item])).toEqual([
      expect.objectContaining({
        ...{ id: 'abc', name: 'comfyui-qwen', createdAt: 1_000_000, state: 'running' },
        ports: [{ hostIp: '127.0.0.1', hostPort: 8188, containerPort: 8188 }],
        compose: {
          ...{ project: 'shared', service: 'comfyui-qwen', workingDir: 'D:\\stacks\\comfyui' },
          configFiles: ['D:\\stacks\\a.yaml', 'D:\\stacks\\b.yaml'],
          ...{ environmentFile: null, configHash: null, oneOff: false },
        },
      }),
    ])
  })
  test('what cannot be read is left out; what may be missing is', () => {
    expect(
      readContainers([{ Id: 'x' }, { Id: 'y', State: 'exited', Labels: null, Ports: null }, null, 7]),
    ).toHaveLength(1)
    expect(readContainers({ message: 'no' })).toEqual([])
    expect(readComposeLabels({})).toBeNull()
  })
  test('a list differs by who is there and how it is, not by its age', () => {
    const mark = (Status: string) => listMark(readContainers([{ ...item, Status }]))
    expect(mark('Up 4 minutes (healthy)')).toBe(mark('Up 3 minutes (healthy)'))
    expect(mark('Up 4 minutes (unhealthy)')).not.toBe(mark('Up 3 minutes (healthy)'))
  })
})
