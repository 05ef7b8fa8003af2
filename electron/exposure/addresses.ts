import { isIP } from 'node:net'
import os from 'node:os'
import type { ExposureOrigin } from '../../shared/contract'
import { Problem } from '../../shared/problems'

/** An address to ask from, before it was tried. */
export type OwnAddress = Pick<ExposureOrigin, 'address' | 'family' | 'scope'>

type Interfaces = ReturnType<typeof os.networkInterfaces>

/** So many addresses that others can reach are asked; machines with many containers have dozens of bridges. */
const mostMachineAddresses = 8

/** Networks of containers and virtual machines come after those that lead outside. */
const isVirtual = (name: string) => /^(docker|br-|veth|virbr|vEthernet|cni|flannel|podman)/i.test(name)

const isLoopback = (address: string) => address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address)

const addressesOf = (interfaces: Interfaces) =>
  Object.entries(interfaces).flatMap(([name, held]) => (held ?? []).map((entry) => ({ ...entry, name })))

/** The machine's own addresses. Link-local IPv6 is left out: it means nothing without its interface. */
export function ownAddresses(interfaces: Interfaces = os.networkInterfaces()): OwnAddress[] {
  const held = addressesOf(interfaces).filter(({ internal, address }) => !internal && !/^fe80:/i.test(address))
  const machine = [...held.filter(({ name }) => !isVirtual(name)), ...held.filter(({ name }) => isVirtual(name))]
  return [
    { address: '127.0.0.1', family: 4, scope: 'loopback' },
    { address: '::1', family: 6, scope: 'loopback' },
    ...machine
      .slice(0, mostMachineAddresses)
      .map(({ address, family }): OwnAddress => ({ address, family: family === 'IPv6' ? 6 : 4, scope: 'machine' })),
  ]
}

/**
 * The guard of the exposure test: throws a Problem unless the address is a literal one of this very machine. Names are
 * refused too, since a resolver could lead anywhere.
 */
export function assertOwnAddress(address: string, interfaces: Interfaces = os.networkInterfaces()): void {
  if (isIP(address) === 0) throw new Problem('door.other-host', { host: address })
  if (isLoopback(address)) return
  if (!addressesOf(interfaces).some((held) => held.address === address))
    throw new Problem('door.other-host', { host: address })
}

/** Where a service is asked. Throws a Problem when its address is not on this machine. */
export function targetOf(url: string, interfaces?: Interfaces) {
  const { protocol, hostname, port, pathname } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  if (host !== 'localhost') assertOwnAddress(host, interfaces)
  const isTls = protocol === 'https:'
  return { isTls, port: Number(port || (isTls ? 443 : 80)), base: pathname.replace(/\/+$/, '') }
}

export type ExposureTarget = ReturnType<typeof targetOf>

/**
 * Addresses as a person lists them (`127.0.0.1,192.168.1.20`), in place of all of the machine's own. Throws a Problem for
 * one that is not this machine's.
 */
export function readAddresses(list: string): OwnAddress[] {
  return list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((address) => {
      assertOwnAddress(address)
      const isUsualLoopback = address === '127.0.0.1' || address === '::1'
      return { address, family: isIP(address) === 6 ? 6 : 4, scope: isUsualLoopback ? 'loopback' : 'machine' }
    })
}
