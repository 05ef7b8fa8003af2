import { expect, test } from 'vitest'
import { readLoginPage } from '../../../electron/kinds/comfyui/login-page'
import { loginPage } from '../../../electron/simulator/comfyui/pages'

const usual = { isFirst: false, username: 'regie', wasWrong: false, guests: false }

test.each([
  ['a guarded service', usual, { guests: 'refused', password: 'set', asksForName: false }],
  ['after a wrong password', { ...usual, wasWrong: true }, { guests: 'refused', password: 'set', asksForName: false }],
  ['guests are welcome', { ...usual, guests: true }, { guests: 'welcome', password: 'set', asksForName: false }],
  [
    'before the first password',
    { ...usual, isFirst: true, username: null },
    { guests: 'refused', password: 'unset', asksForName: true },
  ],
  ['a file without a name', { ...usual, username: null }, { guests: 'refused', password: 'set', asksForName: true }],
  ['a name that is markup', { ...usual, username: '<b value="Guest">' }, { guests: 'refused', password: 'set' }],
] as const)('%s', (_what, page, expected) => {
  expect(readLoginPage(loginPage(page))).toMatchObject({ isOwn: true, ...expected })
})

const fields = '<form action="/login" method="post"><input type="password" id="password" name="password">'

test.each([
  [
    'attributes in another order and quotes',
    `${fields}<input name='guest_mode' type=hidden>Welcome back, a!`,
    'refused',
  ],
  [
    'a button element',
    `${fields}<input name="guest_mode" type="hidden"><button type="button">Guest Mode</button>`,
    'welcome',
  ],
  ['a field that is filled in', `${fields}<input type="hidden" name="guest_mode" value="1">`, 'welcome'],
  ['another program’s page', `${fields}<p>Guests may ask the office.</p>`, 'unknown'],
  ['no page', '{"error":"Authentication required."}', 'unknown'],
])('%s', (_what, html, guests) => {
  expect(readLoginPage(html).guests).toBe(guests)
})

test('a page in other words leaves open whether a password is set', () => {
  const html = `${fields}<input name="guest_mode" type="hidden"><p>Willkommen</p>`
  expect(readLoginPage(html)).toMatchObject({ isOwn: true, password: 'unknown' })
})

test('a long page of half tags is read in no time', () => {
  // The processor's time, which a busy machine does not lengthen.
  const began = process.cpuUsage()
  readLoginPage('<input '.repeat(200_000))
  readLoginPage('<button>'.repeat(200_000))
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(2000)
})
