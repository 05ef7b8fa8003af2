import * as z from 'zod'
import { sniffImage, type ImageMime } from '../image-type'
import { parseJson } from '../json'

/** A preview picture. `promptId` is null in frames of type 1, which name neither prompt nor node. */
export interface PreviewFrame {
  promptId: string | null
  mime: ImageMime
  bytes: Uint8Array
}

/** Bigger pictures are no previews (ComfyUI's default is 512 px). */
const maxPreviewBytes = 4 * 2 ** 20

const Metadata = z.object({ prompt_id: z.string() })

/**
 * Reads a binary frame of ComfyUI's WebSocket (protocol.py; all integers big-endian, unsigned, 32 bit):
 * type 1 = `[1][format][image]`, type 4 = `[4][n][n bytes of JSON][image]`. Returns null for other types, for lengths
 * that do not fit the frame, and for what is no picture.
 */
export function readFrame(frame: Uint8Array): PreviewFrame | null {
  if (frame.length < 8) return null
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  switch (view.getUint32(0)) {
    case 1:
      return picture(frame.subarray(8), null)
    case 4: {
      const length = view.getUint32(4)
      if (length > frame.length - 8) return null
      const metadata = Metadata.safeParse(parseJson(new TextDecoder().decode(frame.subarray(8, 8 + length))))
      return metadata.success ? picture(frame.subarray(8 + length), metadata.data.prompt_id) : null
    }
    default:
      return null
  }
}

function picture(bytes: Uint8Array, promptId: string | null): PreviewFrame | null {
  const mime = bytes.length > maxPreviewBytes ? null : sniffImage(bytes)
  return mime === null ? null : { promptId, mime, bytes }
}
