import { describe, expect, test } from 'vitest'
import { askFrom } from '../../../electron/exposure/ask'
import { assertOwnAddress, ownAddresses, readAddresses, targetOf } from '../../../electron/exposure/addresses'
import { parseListening } from '../../../electron/exposure/binding'

type Interfaces = Parameters<typeof ownAddresses>[0]
const held = (address: string, internal = false) => {
  const rest = { netmask: '', mac: '', internal, cidr: null }
  return address.includes(':')
    ? { address, family: 'IPv6' as const, scopeid: 0, ...rest }
    : { address, family: 'IPv4' as const, ...rest }
}
const interfaces: Interfaces = {
  lo: [held('127.0.0.1', true), held('::1', true)],
  docker0: [held('172.17.0.1')],
  eth0: [held('192.168.1.20'), held('fe80::1'), held('2001:db8::20')],
}

describe('the guard', () => {
  test.each([
    '192.0.2.1',
    '192.168.1.21',
    '8.8.8.8',
    '2001:db8::21',
    'example.com',
    'localhost',
    '',
    '127.0.0.1.nip.io',
    '0.0.0.0',
  ])('refuses %s', (address) => {
    expect(() => assertOwnAddress(address, interfaces)).toThrow(expect.objectContaining({ id: 'door.other-host' }))
  })

  test.each(['127.0.0.1', '127.0.0.2', '::1', '192.168.1.20', '2001:db8::20', '172.17.0.1'])(
    'lets %s pass',
    (address) => {
      expect(() => assertOwnAddress(address, interfaces)).not.toThrow()
    },
  )

  test('refuses to ask another host, before anything is sent', () => {
    const target = { isTls: false, port: 80, base: '' }
    const other = { address: '192.0.2.1', family: 4, scope: 'machine' } as const
    const signal = new AbortController().signal
    expect(() => askFrom(other, target, { method: 'GET', path: '/' }, signal)).toThrow(
      expect.objectContaining({ id: 'door.other-host' }),
    )
  })

  test('a service on another machine has no door to test here', () => {
    for (const url of ['http://192.168.1.21:8188', 'http://gpu.example.com', 'http://[2001:db8::21]:1'])
      expect(() => targetOf(url, interfaces)).toThrow(expect.objectContaining({ id: 'door.other-host' }))
    expect(targetOf('http://localhost:8188/', interfaces)).toEqual({ isTls: false, port: 8188, base: '' })
    expect(targetOf('https://192.168.1.20/sub/', interfaces)).toEqual({ isTls: true, port: 443, base: '/sub' })
  })

  test('a list that a person gives holds own addresses only', () => {
    expect(readAddresses('127.0.0.1, ::1,127.0.0.2')).toEqual([
      { address: '127.0.0.1', family: 4, scope: 'loopback' },
      { address: '::1', family: 6, scope: 'loopback' },
      { address: '127.0.0.2', family: 4, scope: 'machine' },
    ])
    expect(() => readAddresses('192.0.2.1')).toThrow(expect.objectContaining({ id: 'door.other-host' }))
  })
})

test('the machine is asked from both loopbacks and its own addresses, those that lead outside first', () => {
  expect(ownAddresses(interfaces).map(({ address, scope }) => `${address} ${scope}`)).toEqual([
    '127.0.0.1 loopback',
    '::1 loopback',
    '192.168.1.20 machine',
    '2001:db8::20 machine',
    '172.17.0.1 machine',
  ])
})

test('listening sockets are read from Linux’s own tables', () => {
  const tcp = `  sl  local_address rem_address   st tx_queue
   0: 0100007F:1FFC 00000000:0000 0A 00000000:00000000 00:00000000 00000000
   1: 00000000:1FFC 00000000:0000 0A 00000000:00000000 00:00000000 00000000
   2: 0100007F:1FFC 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000
   3: 0100007F:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000`
  expect(parseListening(tcp, 8188)).toEqual(['127.0.0.1:8188', '0.0.0.0:8188'])
  const tcp6 = `   0: 00000000000000000000000001000000:1FFC 00000000000000000000000000000000:0000 0A 0
   1: 00000000000000000000000000000000:1FFC 00000000000000000000000000000000:0000 0A 0`
  expect(parseListening(tcp6, 8188)).toEqual(['[::1]:8188', '[::]:8188'])
})
