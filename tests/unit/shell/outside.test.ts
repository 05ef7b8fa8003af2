import { describe, expect, it, vi } from 'vitest'
import type { PanelEvent } from '../../../shared/contract'
import { autostartEntry, autostartFile } from '../../../electron/shell/autostart'
import { createBusy } from '../../../electron/shell/busy'
import { readChoices, type Choices } from '../../../electron/shell/choices'
import { createClosing } from '../../../electron/shell/closing'

const generation = (id: string, state: string, fraction: number | null = null) =>
  ({ type: 'generation', generation: { id, state, progress: { fraction } } }) as unknown as PanelEvent // what is read of it
const rotation = (state: string) => ({ type: 'rotation', rotation: { id: 'r', state } }) as unknown as PanelEvent // the same

describe('what Regie is at', () => {
  it('is how far all jobs are together, and none when all are over', () => {
    const busy = createBusy()
    expect(busy.note(generation('a', 'running', 0.5))).toEqual({ isBusy: true, progress: 0.5 })
    expect(busy.note(generation('b', 'queued'))).toEqual({ isBusy: true, progress: 0.25 })
    expect(busy.note(generation('a', 'succeeded', 1))).toEqual({ isBusy: true, progress: null })
    expect(busy.note(generation('b', 'cancelled'))).toEqual({ isBusy: false, progress: null })
  })

  it('keeps the machine awake in a rotation too', () => {
    const busy = createBusy()
    expect(busy.note(rotation('running'))?.isBusy).toBe(true)
    expect(busy.note(rotation('rolled-back'))?.isBusy).toBe(false)
    expect(busy.note({ type: 'gateway' })).toBeNull()
  })
})

describe('closing the window', () => {
  function closing(kept: unknown, response: number) {
    const choices = {
      kept: readChoices(kept),
      read: () => choices.kept,
      change: (some: Partial<Choices>) => void (choices.kept = { ...choices.kept, ...some }),
    }
    const ask = vi.fn(() => Promise.resolve({ response }))
    return { choices, ask, close: createClosing({ language: () => 'en', choices, ask }) }
  }

  it('asks once, and keeps the answer', async () => {
    const { close, ask, choices } = closing({}, 0)
    expect([await close(), await close()]).toEqual(['tray', 'tray'])
    expect(ask).toHaveBeenCalledTimes(1)
    expect(choices.kept.closing).toBe('tray')
  })

  it('quits for whoever closes the question', async () => {
    const { close, ask } = closing('broken', 1)
    expect(await close()).toBe('quit')
    expect(ask).toHaveBeenCalledWith(expect.objectContaining({ cancelId: 1, buttons: ['Keep running', 'Quit'] }))
  })
})

describe('the start at the sign-in, on Linux', () => {
  it('is an entry where the desktop looks for it, with the program as it is called', () => {
    expect(autostartFile('/home/ann', {})).toBe('/home/ann/.config/autostart/regie.desktop')
    expect(autostartFile('/home/ann', { XDG_CONFIG_HOME: '/cfg' })).toBe('/cfg/autostart/regie.desktop')
    expect(autostartEntry('/opt/Re gie/100%/regie', '--hidden')).toContain(
      '\nExec="/opt/Re gie/100%%/regie" --hidden\n',
    )
  })
})
