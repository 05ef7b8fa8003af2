import { expect, it } from 'vitest'
import { Attention, PanelEvent, type AttentionItem } from '../../../shared/contract'
import { narrowedForUsers } from '../../../electron/api/narrowing'
import { reason } from '../../../shared/problems'

const folder = '/srv/pictures/of-ann'
const found = reason('service.folder-missing', { folder })
const item = (change: Partial<AttentionItem>): AttentionItem => ({
  ...{ id: 'service a', kind: 'service-unhealthy', subject: 'a', count: 1, since: null, urgent: true },
  ...{ reason: found, leadsTo: { page: 'services', id: 'a' } },
  ...change,
})
const attention = (one: AttentionItem): Attention => ({ items: [one], services: null, credentials: null })

it('what needs a person says to users of a service what the service itself says to them: no places', () => {
  const whole = attention(item({}))
  const event = { type: 'attention', attention: whole }

  expect(JSON.stringify(narrowedForUsers(Attention, whole, () => true))).toContain(folder)
  const shown = [narrowedForUsers(Attention, whole, () => false), narrowedForUsers(PanelEvent, event, () => false)]
  for (const one of shown) {
    expect(JSON.stringify(one)).toContain('"params":{"folder":"…"}')
    expect(JSON.stringify(one)).not.toContain(folder)
  }
})

it('what is said of no service’s health is said to all', () => {
  const notice = attention(item({ kind: 'notice' }))
  expect(narrowedForUsers(Attention, notice, () => false)).toEqual(notice)
})
