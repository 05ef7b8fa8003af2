import type { PictureRequest } from '../picture'
import type { Raster } from '../media/raster'

/** What a picture is made by. */
export interface Model {
  file: string
  /** What was put on it, e.g. LoRAs with their weights: with other ones it draws otherwise. */
  with: readonly string[]
}

/** Words, and pictures to refer to. */
export interface Conditioning {
  text: string
  images: readonly Raster[]
}

/** Which part of a schedule is gone through: all of it, or its end. */
export interface Schedule {
  steps: number
  /** How much of the picture it may change: 1 from pure noise, less from somewhere in between. */
  denoise: number
}

/** What travels along a link of the graph. Widgets' values do, too. */
export type Value =
  | { kind: 'model'; model: Model }
  | { kind: 'clip' }
  | { kind: 'vae' }
  | { kind: 'conditioning'; conditioning: Conditioning }
  | { kind: 'latent'; latent: Latent }
  | { kind: 'image'; images: readonly Raster[] }
  /** A picture whose red counts: white may change. */
  | { kind: 'mask'; mask: Raster }
  | { kind: 'noise'; seed: number }
  | { kind: 'guider'; model: Model; positive: Conditioning }
  | { kind: 'sampler' }
  | { kind: 'sigmas'; schedule: Schedule }

export interface Latent {
  width: number
  height: number
  batch: number
  /** What the latent was encoded from. */
  source: Raster | null
  /** Where a sampler may change it; null: everywhere. */
  mask: Raster | null
  /** What a sampler made of it, one picture an element. */
  pictures: readonly PictureRequest[] | null
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
