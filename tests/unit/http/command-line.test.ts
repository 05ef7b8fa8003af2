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

it('takes public addresses, trusted proxies and a certificate', () => {
  const args = ['--public-url', 'https://Panel.example/', '--public-url=http://localhost:9000', '--trust-proxy', '::1']
  expect(parseHeadlessOptions([...args, '--tls-cert', 'a.pem', '--tls-key', 'b.pem'])).toMatchObject({
    publicOrigins: ['https://panel.example', 'http://localhost:9000'],
    trustedProxies: ['::1'],
    tls: { cert: 'a.pem', key: 'b.pem' },
  })
})

it.each([
  [['--public-url', 'panel.example'], '--public-url takes an address without a path'],
  [['--public-url', 'https://panel.example/regie/'], '--public-url takes an address without a path'],
  [['--public-url', 'javascript://x'], '--public-url takes an address without a path'],
  [['--trust-proxy', 'localhost'], '--trust-proxy takes an IP address'],
  [['--trust-proxy', '0.0.0.0/0'], '--trust-proxy takes an IP address'],
  [['--tls-cert', 'a.pem'], '--tls-cert and --tls-key go together'],
])('refuses %j with a message for people', (args, message) => {
  expect(() => parseHeadlessOptions(args)).toThrow(message)
})
