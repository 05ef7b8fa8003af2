import { isMap } from 'yaml'
import { interpolate, splitOutsideVariables } from '../../files/interpolation'
import { isModelsOnWindows, isWholeDisk } from '../../files/windows-drive'
import type { Mount, Project, ServiceView } from '../model'
import { at, fixIn, serviceRule, type Draft, type Rule } from '../rule'
import { find } from '../service'
import { intoVolume } from '../into-volume'
import { itemsOf, rangeOf, textOf, valueOf, type YamlFile } from '../yaml'
import type { Node } from 'yaml'

const place = (found: { file: YamlFile; node: Node }) => at(found.file, found.node)

/** The machine's own network: every port of the program is one of the machine's, published or not. */
export const hostNetwork = serviceRule('host-network', (service, { variables }): Draft[] => {
  const found = find(service, 'network_mode')
  if (!found || interpolate(textOf(found.node) ?? '', variables) !== 'host') return []
  return [{ ...place(found), severity: 'warning', problem: 'lint.host-network', key: 'network' }]
})

/** `privileged`: whoever breaks into the program owns the machine. */
export const privileged = serviceRule('privileged', (service, { variables }): Draft[] => {
  const found = find(service, 'privileged')
  if (!found || interpolate(textOf(found.node) ?? '', variables) !== 'true') return []
  const fix = fixIn(found.file, [{ ...rangeOf(found.node), text: 'false' }], {
    problem: 'lint.fix-not-privileged',
    needs: 'recreate',
  })
  return [{ ...place(found), severity: 'danger', problem: 'lint.privileged', key: 'privileged', fixes: [fix] }]
})

const socket = /(?:^|[\\/])(?:docker|podman)\.sock$|docker_engine$/
const aboutMount = (mount: Mount): Omit<Draft, 'severity' | 'problem'> => ({
  ...at(mount.file, mount.node),
  params: { source: mount.source },
  service: mount.service,
  key: `${mount.service}.${mount.target}`,
})

/** The engine's socket and whole disks: read-only makes little difference to the first. */
export const widestMounts: Rule = {
  id: 'widest-mount',
  check: ({ mounts }) =>
    mounts.flatMap(({ mount }): Draft[] => {
      if (socket.test(mount.source))
        return [{ ...aboutMount(mount), severity: 'danger', problem: 'lint.engine-socket' }]
      if (!isWholeDisk(mount.source)) return []
      return [{ ...aboutMount(mount), severity: 'danger', problem: 'lint.whole-disk' }]
    }),
}

/** Mounts of models on a drive of Windows. */
export const modelsOnWindows = ({ mounts }: Pick<Project, 'mounts'>): Mount[] =>
  mounts.map(({ mount }) => mount).filter(isModelsOnWindows)

/** Whole MB/s, but for what would be none. */
const shownRate = (rate: number) => (rate < 10 ? Math.max(0.1, Math.round(rate * 10) / 10) : Math.round(rate))

/** Models on a drive of Windows load at some tens of MB/s; at how many, where the container was asked. */
export const windowsModels: Rule = {
  id: 'windows-drive',
  check: (project) =>
    modelsOnWindows(project).map((mount): Draft => {
      const { service, target, source } = mount
      const measured = project.facts.readRates.find((one) => one.service === service && one.target === target)
      const copy = project.facts.copies.find((one) => one.service === service && one.target === target)
      const fixes = copy ? [intoVolume(mount, copy.volume)] : []
      const about = { ...aboutMount(mount), severity: 'warning', fixes } as const
      if (!measured) return { ...about, problem: 'lint.windows-drive' }
      return { ...about, problem: 'lint.windows-drive-measured', params: { source, rate: shownRate(measured.rate) } }
    }),
}

interface Published {
  service: ServiceView
  file: YamlFile
  node: Node
  address: string
  port: string
  target: string
  protocol: string
  profiles: string[]
}

function publishedBy(service: ServiceView, { variables }: Project): Published[] {
  const profilesAt = find(service, 'profiles')
  const profiles = profilesAt ? itemsOf(profilesAt.file, profilesAt.node).map((item) => textOf(item) ?? '') : []
  return service.parts.flatMap(({ file, map }) =>
    itemsOf(file, valueOf(file, map, 'ports')).flatMap((node): Published[] => {
      const found = isMap(node) ? longPort(file, node) : shortPort(textOf(node) ?? '')
      const fill = (text: string) => interpolate(text, variables)
      const port = fill(found.port)
      if (port === '' || port === '0') return []
      const address = fill(found.address).replaceAll(/[[\]]/g, '')
      return [
        { ...{ service, file, node, port, profiles, address }, target: fill(found.target), protocol: found.protocol },
      ]
    }),
  )
}

function shortPort(text: string) {
  const [mapping = '', protocol = 'tcp'] = splitOutsideVariables(text, '/')
  const parts = splitOutsideVariables(mapping, ':')
  const [port = '', target = ''] = parts.length === 1 ? ['', parts[0]] : parts.slice(-2)
  return { address: parts.slice(0, -2).join(':'), port, target, protocol }
}

function longPort(file: YamlFile, node: Node) {
  const text = (key: string) => textOf(valueOf(file, node, key)) ?? ''
  return {
    address: text('host_ip'),
    port: text('published'),
    target: text('target'),
    protocol: text('protocol') || 'tcp',
  }
}

const everywhere = new Set(['', '0.0.0.0', '::'])
const overlap = (a: string, b: string) => a === b || everywhere.has(a) || everywhere.has(b)
/** Services of different profiles are alternatives that need not run together. */
const mayRunTogether = (a: Published, b: Published) =>
  a.profiles.length === 0 || b.profiles.length === 0 || a.profiles.some((profile) => b.profiles.includes(profile))

/** One port of the machine asked for twice: the second container does not start. */
export const portTwice: Rule = {
  id: 'port-twice',
  check: (project) => {
    const all = project.services.flatMap((service) => publishedBy(service, project))
    return all.flatMap((one, index): Draft[] => {
      const former = all.slice(0, index).find(
        (other) =>
          other.port === one.port &&
          other.protocol === one.protocol &&
          overlap(other.address, one.address) &&
          mayRunTogether(other, one) &&
          // The same mapping in two files of one service is merged into one.
          (other.service !== one.service || other.target !== one.target),
      )
      if (!former) return []
      return [
        {
          ...at(one.file, one.node),
          severity: 'danger',
          problem: 'lint.port-twice',
          params: { port: one.port, service: former.service.name },
          service: one.service.name,
          key: `${one.service.name}.${one.port}`,
        },
      ]
    })
  },
}
