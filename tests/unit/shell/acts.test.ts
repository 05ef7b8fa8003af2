import { describe, expect, it, vi } from 'vitest'
import { actsOf, actWords, doAct, type Act } from '../../../electron/shell/acts'
import { notificationText } from '../../../electron/shell/notification-text'
import type { Alert, PanelEvent } from '../../../shared/contract'

const alert = (more: Partial<Alert> = {}): Alert => ({
  ...{ id: 'a1', rule: 'service-down', severity: 'critical', about: 'service comfyui', kind: 'service-unhealthy' },
  ...{ subject: 'comfyui', count: 1, leadsTo: { page: 'services', id: 'comfyui' }, since: 1, raisedAt: 2 },
  ...{ overAt: null, muted: false, deliveries: [] },
  ...more,
})
const told = (...alerts: Alert[]): PanelEvent => ({ type: 'alert-told', alerts })
const words = (event: PanelEvent, language: 'en' | 'fr' = 'en') => actsOf(event).map((act) => actWords(act, language))

describe('what a notification offers', () => {
  it('is a restart where one may help, its place, and an hour’s peace', () => {
    expect(words(told(alert()))).toEqual(['Restart service', 'Open', 'Snooze 1 h'])
    expect(words(told(alert({ kind: 'gpu-hot', subject: null })), 'fr')).toEqual(['Ouvrir', 'Plus tard (1 h)'])
    expect(words(told(alert({ overAt: 3 })))).toEqual(['Open'])
    expect(words(told(alert(), alert({ id: 'a2' })))).toEqual(['Open'])
  })
})

describe('a button of a notification', () => {
  const event = told(alert())
  const press = async (act: Act, status: number) => {
    const ask = vi.fn(() => Promise.resolve(new Response('{}', { status })))
    const open = vi.fn()
    await doAct(act, event, { ask, open })
    return { asked: ask.mock.calls, opened: open.mock.calls }
  }

  it('asks the panel as its page does, and is quiet when that was done', async () => {
    expect(await press({ what: 'restart', serviceId: 'comfy ui' }, 200)).toEqual({
      asked: [['POST', 'services/comfy%20ui/restart']],
      opened: [],
    })
    expect(await press({ what: 'snooze', about: 'service comfyui' }, 201)).toEqual({
      asked: [['POST', 'attention/snoozes', { about: 'service comfyui', length: 'hour' }]],
      opened: [],
    })
  })

  it.each([401, 403, 404, 409, 503])('opens the place that says why where it is answered %i', async (status) => {
    expect((await press({ what: 'restart', serviceId: 'comfyui' }, status)).opened).toEqual([['#/services/comfyui']])
    expect((await press({ what: 'snooze', about: 'x' }, status)).opened).toEqual([['#/services/comfyui']])
  })

  it('that opens asks for nothing', async () => {
    expect(await press({ what: 'open' }, 200)).toEqual({ asked: [], opened: [['#/services/comfyui']] })
  })
})

describe('the text of a notification', () => {
  const hostile = {
    title: 'Key \u202Egnp.exe\u2066 & <b>x</b>',
    body: 'one\u0007\n\u200B\n<img src="file:///etc/passwd"> & two',
  }

  it('turns nothing and hides nothing, on every system', () => {
    for (const platform of ['win32', 'darwin', 'linux'] as const) {
      const { title, body } = notificationText(hostile, platform)
      expect(title + body).not.toMatch(/[\p{Bidi_Control}\u200B]|(?!\n)\p{Cc}/u)
      expect(body.split('\n')).toHaveLength(2)
    }
  })

  it('has no markup on Linux, where bodies are read as such, and is left as it is elsewhere', () => {
    expect(notificationText(hostile, 'linux').body).toBe('one\n‹img src="file:///etc/passwd"› ＆ two')
    expect(notificationText(hostile, 'win32').title).toBe('Key gnp.exe & <b>x</b>')
    expect(notificationText(hostile, 'darwin').title).toBe('Key gnp.exe & <b>x</b>')
  })

  it('is no longer than systems show', () => {
    const { title, body } = notificationText({ title: 'x'.repeat(500), body: 'y'.repeat(5000) }, 'win32')
    expect([title.length, body.length]).toEqual([120, 600])
    // No half of a character is left, which some systems show nothing of.
    const cut = notificationText({ title: `x${'😀'.repeat(100)}`, body: `x${'😀'.repeat(500)}` }, 'linux')
    expect(cut.title + cut.body).not.toMatch(/\p{Cs}/u)
  })
})
