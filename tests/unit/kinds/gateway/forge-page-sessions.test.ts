import { describe, expect, it } from 'vitest'
import { EventReader } from '../../../../electron/kinds/forge/gateway/events'
import { createSessions } from '../../../../electron/kinds/forge/gateway/sessions'
import { isOwnAnswer } from '../../../../electron/kinds/gateway'
import { maya, noah } from './world'

const event = (id: string) => `data: {"msg":"process_starts","event_id":"${id}","eta":null}\n\n`

describe('the events of a page’s stream', () => {
  it('are the same wherever its pieces are cut', () => {
    const text = `${event('a')}\n\n: ping\n\n${event('b')}${event('c')}data: {"msg":"hea`
    for (let size = 1; size < text.length; size += 1) {
      const reader = new EventReader()
      const found: (string | null)[] = []
      for (let at = 0; at < text.length; at += size)
        found.push(...reader.read(Buffer.from(text.slice(at, at + size))).map(({ id }) => id))
      expect(found, String(size)).toEqual(['a', 'b', 'c'])
      expect(reader.isBetween).toBe(false)
    }
  })

  it('hold nobody up where a service sends a long one byte by byte', () => {
    const reader = new EventReader()
    reader.read(Buffer.from(`data: {"msg":"process_completed","event_id":"a","x":"${'x'.repeat(2 ** 19)}`))
    const begun = process.cpuUsage()
    const byte = Buffer.from('x')
    let events = 0
    for (let count = 0; count < 20_000; count += 1) events += reader.read(byte).length
    expect(events).toBe(0)
    expect(process.cpuUsage(begun).user / 1000).toBeLessThan(1_000)
    expect(reader.read(Buffer.from('"}\n\n'))).toMatchObject([{ msg: 'process_completed', id: 'a' }])
    expect(reader.isBetween).toBe(true)
  })
})

describe('the sessions of pages', () => {
  it('are lost by who makes up ever more of them, and by nobody else', () => {
    const sessions = createSessions()
    const first = sessions.enter('noah', noah)
    for (let count = 0; count < 1_000; count += 1) sessions.enter(`s${count}`, maya)
    expect(sessions.find('noah', noah)).toBe(first)
    expect(sessions.find('s0', maya)).toBeNull()
    expect(sessions.find('s999', maya)).not.toBeNull()
    // Nobody takes another's by naming it.
    expect(sessions.enter('noah', maya)).toBeNull()
    expect(sessions.find('noah', maya)).toBeNull()
  })

  it('listen for so many calls at once, and say of the earlier ones that nobody hears them', async () => {
    const session = createSessions().enter('s', maya)
    if (!session) throw new Error('no session')
    const heard: [number, boolean][] = []
    const stream = await session.stream(() => {})
    if (isOwnAnswer(stream)) throw new Error('answered')
    stream.seen?.(() => {})
    for (let count = 0; count < 501; count += 1) {
      const join = session.join()
      const ears = { began: () => {}, goesOn: () => {}, ended: () => {} }
      join.taken(`e${count}`, { ...ears, heard: (isHeard) => void heard.push([count, isHeard]) })
      join.over()
    }
    expect(heard.filter(([, isHeard]) => !isHeard)).toEqual([[0, false]])
  })
})
