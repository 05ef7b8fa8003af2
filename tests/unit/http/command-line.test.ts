import { expect, it } from 'vitest'
import { parseHeadlessOptions } from '../../../electron/http/command-line'

it('listens on loopback by default', () => {
  expect(parseHeadlessOptions([])).toMatchObject({ host: '127.0.0.1', port: 7420, demo: false, data: null })
})

it('reads the promised options', () => {
  expect(parseHeadlessOptions(['--port', '0', '--data', 'folder', '--demo'])).toMatchObject({
    port: 0,
    data: 'folder',
    demo: true,
  })
})

it.each(['65536', '-1', 'http', '', '1.5', '0x10'])('refuses the port "%s" with a message for people', (port) => {
  expect(() => parseHeadlessOptions([`--port=${port}`])).toThrow('--port takes a number from 0 to 65535')
})

it('refuses an option that does not exist', () => {
  expect(() => parseHeadlessOptions(['--prot', '1'])).toThrow("Unknown option '--prot'")
})
