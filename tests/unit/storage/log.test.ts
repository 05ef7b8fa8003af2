import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLog, type LogLimits } from '../../../electron/storage/log'
import { temporaryFolder } from '../../support/programs'

interface Start {
  limits?: LogLimits
  redact?: (text: string) => string
}

async function start({ limits, redact = (text) => text }: Start = {}) {
  const folder = await temporaryFolder('regie-log')
  const file = path.join(folder.path, 'panel.log')
  let time = 1_000_000
  const opened = openLog(file, redact, { ...(limits && { limits }), now: () => time })
  const lines = (name = file) => readFileSync(name, 'utf8').trim().split('\n')
  return {
    ...opened,
    file,
    lines,
    pass: (ms: number) => (time += ms),
    [Symbol.asyncDispose]: async () => {
      await opened.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

describe('the panel’s log', () => {
  it('never takes more than its limit, and keeps the newest lines whole', async () => {
    await using test = await start({ limits: { bytes: 4096, older: 2 } })
    for (let n = 0; n < 400; n += 1) test.log.info({ n }, `message ${n}`)

    const files = [test.file, `${test.file}.1`, `${test.file}.2`]
    for (const file of files) expect(statSync(file).size, file).toBeLessThanOrEqual(4096)
    expect(existsSync(`${test.file}.3`)).toBe(false)
    const kept = files.toReversed().flatMap((file) => test.lines(file).map((line) => JSON.parse(line) as { n: number }))
    expect(kept.at(-1)?.n).toBe(399)
    expect(kept.map(({ n }) => n)).toEqual(kept.map((_, index) => 400 - kept.length + index))
  })

  it('counts what is repeated, and writes it a few times a minute', async () => {
    await using test = await start()
    const fail = (name: string) => test.log.error({ err: new Error(`no such file: ${name}`) }, 'a request failed')
    for (let n = 0; n < 5_000; n += 1) fail(`${n}`)
    expect(test.lines()).toHaveLength(10)

    test.log.info('something else')
    expect(test.lines()).toHaveLength(11)

    test.pass(60_000)
    fail('again')
    const last = test.lines().slice(-2)
    expect(JSON.parse(last[0] ?? '')).toMatchObject({ heldBack: 4_990 })
    expect(last[1]).toContain('no such file: again')
  })

  it('tells two different failures apart, although their words are the same', async () => {
    await using test = await start()
    for (let n = 0; n < 50; n += 1) test.log.warn({ what: 'navigation', detail: `${n}` }, 'refused')
    test.log.warn({ what: 'download' }, 'refused')
    expect(test.lines().at(-1)).toContain('download')
    for (let n = 0; n < 50; n += 1) test.log.error({ err: new Error('one') }, 'something failed')
    test.log.error({ err: new Error('two') }, 'something failed')
    expect(test.lines().at(-1)).toContain('two')
  })

  it('is for its owner only, and redacted at the sink', async () => {
    await using test = await start({ redact: (text) => text.replaceAll('hunter2', '[secret]') })
    test.log.info({ password: 'hunter2' }, 'hunter2')
    expect(test.lines().join()).not.toContain('hunter2')
    if (process.platform !== 'win32') expect(statSync(test.file).mode & 0o777).toBe(0o600)
  })
})
