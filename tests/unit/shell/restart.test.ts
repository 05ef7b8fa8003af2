import { expect, it, vi } from 'vitest'
import { createRestarting, startAgain } from '../../../electron/shell/restart'

it('starts with what it was started with, and with a window', () => {
  const argv = ['/opt/Regie/regie', '--data', '/srv/regie', '--hidden']
  expect(startAgain(argv, {})).toEqual({ args: ['--data', '/srv/regie'] })
  expect(startAgain([String.raw`C:\Program Files\Regie\Regie.exe`, '--hidden'], {})).toEqual({ args: [] })
})

it('starts the AppImage itself: what is mounted goes away with the program', () => {
  expect(startAgain(['/tmp/.mount_Regie/regie'], { APPIMAGE: '/home/ann/Regie.AppImage' })).toEqual({
    ...{ args: [], execPath: '/home/ann/Regie.AppImage' },
  })
})

it('is asked for once, and ends the program in order', () => {
  const app = { relaunch: vi.fn(), quit: vi.fn() }
  const restarting = createRestarting(app)
  expect(restarting.isUnderWay()).toBe(false)
  restarting.restart()
  restarting.restart()
  expect(restarting.isUnderWay()).toBe(true)
  expect([app.relaunch.mock.calls.length, app.quit.mock.calls.length]).toEqual([1, 1])
})
