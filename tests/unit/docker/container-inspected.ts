/** `GET /containers/{id}/json` of Docker 20.10 and 28, cut to what is read; the values are changed by each test. */
export const inspected = (
  changes: {
    state?: Record<string, unknown>
    config?: Record<string, unknown>
    host?: Record<string, unknown>
    restarts?: number
  } = {},
) => ({
  Id: 'c0ffee'.padEnd(64, '0'),
  Name: '/comfyui-qwen',
  RestartCount: changes.restarts ?? 0,
  State: {
    Status: 'running',
    Running: true,
    OOMKilled: false,
    Pid: 4242,
    ExitCode: 0,
    Error: '',
    StartedAt: '2026-09-07T22:33:21.481253712Z',
    FinishedAt: '0001-01-01T00:00:00Z',
    ...changes.state,
  },
  Config: { Tty: false, Env: ['PATH=/usr/bin'], ...changes.config },
  HostConfig: {
    Memory: 0,
    Runtime: 'runc',
    RestartPolicy: { Name: 'unless-stopped', MaximumRetryCount: 0 },
    DeviceRequests: null,
    ...changes.host,
  },
})

/** When a container of `inspected` that has ended did so. */
export const finishedAt = '2026-09-07T23:00:00.000000000Z'
