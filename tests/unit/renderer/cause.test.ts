import i18next from 'i18next'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { describeLine, describeReason, startI18n } from '../../../renderer/i18n'
import { because, describeProblem, reason } from '../../../shared/problems'

beforeAll(async () => {
  vi.stubGlobal('navigator', { languages: [] })
  vi.stubGlobal('localStorage', { getItem: () => 'fr' })
  vi.stubGlobal('document', { documentElement: { lang: '' } })
  await startI18n()
  await i18next.loadNamespaces('credentials')
})
afterAll(() => void vi.unstubAllGlobals())

const path = '/srv/clients.env'
const cause = reason('sink.directory', { path })
const at = ['credentials', 'rotation.lines.roll-back.sink-failed'] as const

test('the cause that a line of evidence names is told in the language on screen', () => {
  const text = describeLine(...at, { params: { ...because(cause), path, cause: cause.message }, text: 'in English' })
  const { message } = describeProblem('sink.directory', { path }, 'fr')
  expect(text.replaceAll('\u00a0', ' ')).toContain(message)
  expect(text).not.toContain(cause.message)
})

test('an older line without the id of its cause, or with one that is not known, keeps its words', () => {
  for (const why of [{}, { why: 'sink.of-a-later-regie' }])
    expect(describeLine(...at, { params: { ...why, path, cause: cause.message }, text: '' })).toContain(cause.message)
})

test('a number in a reason has the decimal sign of the language on screen', () => {
  const freed = reason('memory.freed', { id: 'comfyui', freed: 12.4 })
  expect(freed.message).toContain('12.4')
  expect(describeReason(freed).message).toContain('12,4')
})
