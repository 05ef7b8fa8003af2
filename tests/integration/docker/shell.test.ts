import type Dockerode from 'dockerode'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { ShellEvent } from '../../../shared/contract'
import { feedLimits } from '../../../electron/docker/shell/feed'
import { Shells, type ShellAudit, type ShellsOptions } from '../../../electron/docker/shell'
import { describeWithDocker } from '../../support/docker'
import { until } from '../../support/until'

const size = { cols: 80, rows: 24 }

await describeWithDocker('a terminal in a container', ({ client, image }) => {
  let container: Dockerode.Container
  let bare: Dockerode.Container

  const create = async (Cmd: string[]) => {
    const made = await client.createContainer({
      Image: image,
      Entrypoint: ['/bin/node', '-e'],
      Cmd,
      HostConfig: { NetworkMode: 'none' },
    })
    await made.start()
    return made
  }
  const stays = 'process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1e6)'

  beforeAll(async () => {
    // The second has lost its shells.
    const loses = `for (const f of ['/bin/sh', '/bin/bash']) require('fs').rmSync(f, { force: true }); ${stays}`
    ;[container, bare] = await Promise.all([create([stays]), create([loses])])
  })
  afterAll(async () => {
    await Promise.all([container, bare].map((made) => made.remove({ force: true })))
  })

  /** Terminals of their own, with what was written to the audit log. */
  function shellsOf(more: Partial<ShellsOptions> = {}) {
    const audit: ShellAudit[] = []
    const shells = new Shells({
      engine: { client: () => Promise.resolve(client) },
      audit: (entry) => Promise.resolve(void audit.push(entry)),
      reportBug: (error) => {
        throw error
      },
      ...more,
    })
    onTestFinished(() => shells.closeAll())
    const open = (program?: string, target = container) =>
      shells.open({ serviceId: 'qwen', container: { id: target.id, name: 'qwen-1' }, program, ...size, who: 'admin' })
    return { shells, audit, open }
  }
  type Terminals = ReturnType<typeof shellsOf>['shells']

  /** Watches a terminal as a page does; what it shows is acknowledged unless told otherwise. */
  function follow(shells: Terminals, id: string, { after = 0, acknowledges = true } = {}) {
    const page = new AbortController()
    const seen = { text: '', offset: after, end: null as Extract<ShellEvent, { type: 'ended' }> | null, events: 0 }
    const done = (async () => {
      for await (const event of shells.watch(id, after, page.signal)) {
        seen.events++
        if (event.type === 'ended') seen.end = event
        else {
          seen.text = (seen.text + event.text).slice(-200_000)
          seen.offset = event.offset
          if (acknowledges) shells.acknowledge(id, event.offset)
        }
      }
    })()
    return { seen, leave: () => (page.abort(), done) }
  }
  const processes = async () => JSON.stringify(await container.top({ ps_args: '-o pid,args' }))

  test('shows what is typed and what the program answers, and keeps none of it in the audit log', async () => {
    const { shells, audit, open } = shellsOf()
    const shell = await open()
    expect(shell.program).toBe('sh')
    const { seen } = follow(shells, shell.id)
    await shells.input(shell.id, 'echo $((6*7))-héllo\r')
    await until('the answer', () => seen.text.includes('\n42-héllo'))
    await shells.input(shell.id, 'exit 3\r')
    await until('the end', () => seen.end)
    expect(seen.end).toEqual({ type: 'ended', why: 'exited', exitCode: 3 })
    await until('the audit line', () => audit.length === 2)
    expect(audit).toMatchObject([
      { who: 'admin', action: 'shell.opened', target: 'container:qwen-1', details: { service: 'qwen', program: 'sh' } },
      { who: 'admin', action: 'shell.closed', target: 'container:qwen-1', details: { why: 'exited', exitCode: 3 } },
    ])
    expect(JSON.stringify(audit)).not.toContain('llo')
  })

  test('the program learns the size of the terminal, at first and when it changes', async () => {
    const { shells, open } = shellsOf()
    const { id } = await open('sh')
    const { seen } = follow(shells, id)
    await shells.input(id, 'stty size\r')
    await until('the first size', () => seen.text.includes('24 80'))
    await shells.resize(id, 132, 43)
    await shells.input(id, 'stty size\r')
    await until('the new size', () => seen.text.includes('43 132'))
  })

  test('a named program runs in place of a shell', async () => {
    const { shells, open } = shellsOf()
    const { id } = await open('node', bare)
    const { seen } = follow(shells, id)
    await shells.input(id, 'process.stdout.columns + 1000\r')
    await until('node to answer', () => seen.text.includes('1080'))
  })

  test('an image without a shell, and a program that is not there, are told as what they are', async () => {
    const { shells, audit, open } = shellsOf()
    await expect(open(undefined, bare)).rejects.toMatchObject({ id: 'container.no-shell' })
    await expect(open('no-such-program')).rejects.toMatchObject({ id: 'container.no-program' })
    await expect(open('/etc/passwd')).rejects.toMatchObject({ id: 'container.no-program' })
    expect([shells.count(), audit]).toEqual([0, []])
  })

  test('a container that is not running, or gone, is told', async () => {
    const { open } = shellsOf()
    const stopped = await client.createContainer({ Image: image })
    await expect(open('sh', stopped)).rejects.toMatchObject({ id: 'container.not-running' })
    await stopped.remove()
    await expect(open('sh', stopped)).rejects.toMatchObject({ id: 'container.gone' })
  })

  test('a page that comes back goes on where it was cut off', async () => {
    const { shells, open } = shellsOf()
    const { id } = await open('sh')
    const first = follow(shells, id)
    await shells.input(id, 'echo before\r')
    await until('the first words', () => first.seen.text.includes('\nbefore'))
    await first.leave()
    await shells.input(id, 'echo meanwhile\r')
    const second = follow(shells, id, { after: first.seen.offset })
    await until('the words in between', () => second.seen.text.includes('\nmeanwhile'))
    expect(second.seen.text).not.toContain('before')
  })

  test('a flood waits for a page that does not keep up, and goes on when it does', async () => {
    const { shells, open } = shellsOf()
    const { id } = await open('node')
    const slow = follow(shells, id, { acknowledges: false })
    await shells.input(id, 'for (;;) require("fs").writeSync(1, "y\\r\\n".repeat(1000))\r')
    await until('what is too much', () => slow.seen.offset > feedLimits.high)
    // Round trips through the engine, in each of which a program that does not wait would write far more than that.
    for (let trips = 0; trips < 5; trips++) await processes()
    const full = slow.seen.offset
    expect(full).toBeLessThan(700_000)
    await slow.leave()
    const fast = follow(shells, id, { after: full })
    shells.acknowledge(id, full)
    await until('it to go on', () => fast.seen.offset > full + 2_000_000)
    await shells.close(id)
    expect(await processes()).not.toContain('node"')
  })

  describe('ends', () => {
    test('with all that it started, when it is closed', async () => {
      const { shells, audit, open } = shellsOf()
      const { id } = await open()
      const { seen } = follow(shells, id)
      await shells.input(id, 'node -e "setInterval(()=>{},1e6)" marked-child\r')
      await until('the child', async () => (await processes()).includes('marked-child'))
      await shells.close(id)
      expect(seen.end ?? (await until('the end', () => seen.end))).toMatchObject({ why: 'closed' })
      await until('the child to end', async () => !(await processes()).includes('marked-child'))
      expect(audit.at(-1)).toMatchObject({ action: 'shell.closed', details: { why: 'closed' } })
    })

    test('when nobody watches it any more, and its end is remembered for who comes late', async () => {
      const { shells, open } = shellsOf({ timing: { graceMs: 100 } })
      const { id } = await open()
      const { seen, leave } = follow(shells, id)
      await until('the prompt', () => seen.text !== '')
      await leave()
      await until('the terminal to end', () => shells.count() === 0)
      const late = follow(shells, id, { after: seen.offset })
      await until('the end', () => late.seen.end)
      expect(late.seen.end).toMatchObject({ why: 'left' })
    })

    test('when nothing is typed for long', async () => {
      const { shells, open } = shellsOf({ timing: { idleMs: 200 } })
      const { id } = await open()
      const { seen } = follow(shells, id)
      await until('the end', () => seen.end)
      expect(seen.end).toMatchObject({ why: 'idle' })
    })

    test('with its container', async () => {
      const { shells, open } = shellsOf()
      const other = await create([stays])
      const { id } = await open('sh', other)
      const { seen } = follow(shells, id)
      await other.remove({ force: true })
      await until('the end', () => seen.end)
    })
  })

  test('not more than eight are open at once, and an unknown one is refused', async () => {
    const { shells, open } = shellsOf()
    const eight = Array.from({ length: 8 }, () => open())
    await expect(open()).rejects.toMatchObject({ id: 'container.too-many-shells' })
    await Promise.all(eight)
    await expect(open()).rejects.toMatchObject({ id: 'container.too-many-shells' })
    await shells.closeAll()
    expect(shells.count()).toBe(0)
    await expect(shells.resize('nobody', 80, 24)).rejects.toMatchObject({ id: 'container.shell-not-found' })
  })
})
