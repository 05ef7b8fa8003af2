import type Dockerode from 'dockerode'
import { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import { Session, shellTiming } from '../../../electron/docker/shell/session'

/** A terminal whose program prints what it is told to, and takes nothing. */
class Stalled extends Duplex {
  constructor() {
    super({ writableHighWaterMark: 1 })
  }
  override _read() {
    // It prints when it is told to.
  }
  override _write() {
    // Never done: nothing is taken.
  }
}

test('whoever types into a program that takes nothing leaves nothing on its stream', async () => {
  const stream = new Stalled()
  let end = () => {}
  const ended = new Promise<void>((resolve) => (end = resolve))
  const exec = { inspect: () => Promise.resolve({ Running: false, ExitCode: 0 }) } as unknown as Dockerode.Exec // all it is asked
  const session = new Session(
    { program: 'sh', exec, stream, first: Buffer.alloc(0) },
    {
      engine: { client: () => Promise.reject(new Error('not asked')) },
      containerId: 'c',
      marker: { name: 'M', value: '1' },
      timing: shellTiming,
      onEnd: () => end(),
    },
  )
  const before = stream.listenerCount('drain')
  for (let n = 0; n < 12; n++) {
    const typed = session.input('x')
    stream.push('printed')
    await typed
  }
  expect(stream.listenerCount('drain')).toBe(before)
  stream.destroy()
  await ended
})
