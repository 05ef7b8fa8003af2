import type { PictureRequest } from '../picture'
import type { Raster } from '../media/raster'

/** What travels along a link of the graph. */
export type Value =
  | { kind: 'model'; file: string }
  | { kind: 'clip' }
  | { kind: 'vae' }
  | { kind: 'conditioning'; text: string; images: Raster[] }
  | { kind: 'latent'; latent: Latent }
  | { kind: 'image'; images: Raster[] }
  | { kind: 'mask' }

export interface Latent {
  width: number
  height: number
  batch: number
  /** What the latent was encoded from. */
  source: Raster | null
  /** What a sampler made of it, one picture an element. */
  pictures: PictureRequest[] | null
}

/** A file that a node shows in the interface, as history and `/view` name it. */
export interface ShownImage {
  filename: string
  subfolder: string
  type: 'output' | 'temp' | 'input'
}

/** An exception inside a node, named as Python's traceback would name it. */
export class NodeException extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message)
  }
}

/** Thrown inside a node after an interrupt. */
export class Interrupted extends Error {}
