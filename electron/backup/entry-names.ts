import { Problem } from '../../shared/problems'

/** Names of devices, which Windows takes for them in every folder and with every extension. */
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i
// oxlint-disable-next-line no-control-regex -- they are what must not stand in a name
const forbidden = /[\\:*?"<>|\u0000-\u001f\u007f]/

const isPlain = (segment: string): boolean =>
  segment !== '' &&
  segment.length <= 255 &&
  !forbidden.test(segment) &&
  !devices.test(segment) &&
  !/[. ]$/.test(segment)

/**
 * The path below the data folder that an entry `data/…` names, in parts. Throws `backup.name` for a name that leads
 * anywhere else on any system, or that is not below one of the allowed.
 */
export function dataPathOf(name: string, allowed: ReadonlySet<string>): string[] {
  const [top, ...rest] = name.split('/')
  const [first = ''] = rest
  if (top !== 'data' || rest.length > 16 || !rest.every(isPlain) || !allowed.has(first))
    throw new Problem('backup.name', { name: name.slice(0, 200) })
  return rest
}
