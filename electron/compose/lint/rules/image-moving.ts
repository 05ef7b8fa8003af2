import { isScalar } from 'yaml'
import { interpolate } from '../../files/interpolation'
import { at, fixIn, serviceRule } from '../rule'
import { find } from '../service'
import { plainContentOf, textOf } from '../yaml'

/** Images without a version, or called latest. One that is built here moves only when it is built. */
export const imageMoving = serviceRule('image-moving', (service, { variables, facts }) => {
  const found = find(service, 'image')
  const image = interpolate(textOf(found?.node ?? null) ?? '', variables)
  if (!found || image === '' || image.includes('@') || find(service, 'build')) return []
  const name = image.slice(image.lastIndexOf('/') + 1)
  if (name.includes(':') && !name.endsWith(':latest')) return []
  const digest = facts.images[service.name]
  const content = isScalar(found.node) ? plainContentOf(found.file, found.node) : null
  const pinned = digest && `${image}@${digest}`
  const edit = content && pinned ? { start: content.start, end: content.end, text: pinned } : null
  const fix = fixIn(found.file, [edit], { problem: 'lint.fix-digest', needs: 'none' })
  return [
    {
      ...at(found.file, found.node),
      severity: 'warning',
      problem: 'lint.image-moving',
      params: { image },
      key: 'image',
      fixes: [fix],
    },
  ]
})
