import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { createLeftBehind } from '../../../electron/services/left-behind'
import { temporaryFolder } from '../../support/programs'

const program = () =>
  spawn(process.execPath, ['--eval', 'setInterval(() => undefined, 1000)'], { detached: true, stdio: 'ignore' })

it('ends what a killed panel left under way, and nothing that had ended', async () => {
  await using folder = await temporaryFolder()
  const place = path.join(folder.path, 'runs')
  const [left, other] = [program(), program()]
  const before = createLeftBehind(place)
  await before.began(left.pid ?? 0)
  await before.began(other.pid ?? 0)
  await before.ended(other.pid ?? 0)
  const gone = once(left, 'exit')

  await createLeftBehind(place).clear()

  await gone
  expect(other.exitCode ?? other.signalCode).toBeNull()
  expect(await readdir(place)).toEqual([])
  other.kill('SIGKILL')
})
