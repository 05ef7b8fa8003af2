import type { Behaviour } from '../behaviour'
import { resize, type Raster } from '../media/raster'
import type { Argument } from './nodes/node'

/** A picture as it comes out of a broken installation. */
function spoilt(raster: Raster, how: Exclude<Behaviour['picture'], 'painted'>): Raster {
  switch (how) {
    case 'black':
      return { ...raster, data: new Uint8Array(raster.data.length) }
    case 'flat':
      return { ...raster, data: new Uint8Array(raster.data.length).fill(128) }
    case 'small':
      return resize(raster, Math.round(raster.width / 2), Math.round(raster.height / 2), false)
  }
}

/** What a node made, with its pictures spoilt; anything else as it is. */
export const spoil = (value: Argument, how: Exclude<Behaviour['picture'], 'painted'>): Argument =>
  typeof value === 'object' && value?.kind === 'image'
    ? { ...value, images: value.images.map((raster) => spoilt(raster, how)) }
    : value
