import { isMap, isScalar } from 'yaml'
import { interpolate, splitOutsideVariables } from '../../files/interpolation'
import { at, fixIn, serviceRule, type Draft } from '../rule'
import type { TextEdit } from '../text'
import { contentOf, entryOf, itemsOf, rangeOf, textOf, valueOf, type YamlFile } from '../yaml'
import type { Node } from 'yaml'

const everywhere = new Set(['', '0.0.0.0', '::', '[::]', '*'])

/** Published ports that listen on every address. */
export const portOpen = serviceRule('port-open', (service, { variables }) =>
  service.parts.flatMap(({ file, map }) =>
    itemsOf(file, valueOf(file, map, 'ports')).flatMap((item): Draft[] => {
      const found = isMap(item) ? longPort(file, item) : shortPort(file, item)
      if (!found || !everywhere.has(interpolate(found.address, variables))) return []
      const port = interpolate(found.port, variables)
      const fix = fixIn(file, [found.edit], { problem: 'lint.fix-loopback', needs: 'recreate' })
      return [
        {
          ...at(file, item),
          severity: 'warning',
          problem: 'lint.port-open',
          params: { port },
          key: port,
          fixes: [fix],
        },
      ]
    }),
  ),
)

interface Port {
  address: string
  port: string
  edit: TextEdit | null
}

/** `8188`, `80:8188`, `127.0.0.1:80:8188`, `[::]:80:8188`, each with or without `/udp`. */
function shortPort(file: YamlFile, item: Node): Port | null {
  const text = textOf(item)
  if (text === null) return null
  const parts = splitOutsideVariables(text, ':')
  const address = parts.slice(0, -2).join(':')
  const [host = '', container = ''] = parts.length === 1 ? ['', parts[0]] : parts.slice(-2)
  const content = isScalar(item) ? contentOf(file, item) : null
  const isSame = content?.text === text
  // Without a host port one is chosen: the address then stands before two colons.
  const head = parts.length === 1 ? '127.0.0.1::' : '127.0.0.1:'
  const width = address === '' ? (parts.length > 2 ? 1 : 0) : address.length + 1
  const edit = content && isSame ? { start: content.start, end: content.start + width, text: head } : null
  // A number without quotes would be text with quotes or none: both are right once an address stands before it.
  return { address, port: host === '' ? container : host, edit }
}

/** docker-compose 1 knows no `host_ip`: the short form is right in both generations. */
function longPort(file: YamlFile, item: Node): Port | null {
  const text = (key: string) => textOf(valueOf(file, item, key)) ?? ''
  const target = text('target')
  if (target === '' || text('mode') === 'host') return null
  const published = text('published')
  const protocol = text('protocol')
  const address = text('host_ip')
  const known = ['target', 'published', 'protocol', 'host_ip', 'mode']
  const isSimple = isMap(item) && item.items.every(({ key }) => isScalar(key) && known.includes(String(key.value)))
  const short = `'127.0.0.1:${published}:${target}${protocol === '' || protocol === 'tcp' ? '' : `/${protocol}`}'`
  const ip = entryOf(file, item, 'host_ip')?.value
  if (ip) return { address, port: published || target, edit: { ...rangeOf(ip), text: '127.0.0.1' } }
  const last = isSimple ? endOfLast(item) : null
  const edit = last === null ? null : { start: rangeOf(item).start, end: last, text: short }
  return { address, port: published || target, edit }
}

const endOfLast = (item: Node): number | null => {
  if (!isMap(item)) return null
  if (item.flow) return rangeOf(item).end
  const value = item.items.at(-1)?.value
  return isScalar(value) ? rangeOf(value).end : null
}
