import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readFrame } from '../../../electron/kinds/comfyui/frames'

const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 9])
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
const withMetadata = (metadata: unknown, image: Buffer, length?: number) => {
  const json = Buffer.from(JSON.stringify(metadata))
  return Buffer.concat([u32(4), u32(length ?? json.length), json, image])
}

describe('readFrame', () => {
  it('reads a preview of type 1, which names no prompt', () => {
    const frame = readFrame(Buffer.concat([u32(1), u32(1), jpeg]))
    expect(frame).toEqual({ promptId: null, mime: 'image/jpeg', bytes: jpeg })
  })

  it('trusts the magic bytes of a picture and not the format that the frame claims', () => {
    expect(readFrame(Buffer.concat([u32(1), u32(1), png]))?.mime).toBe('image/png')
  })

  it('reads a preview of type 4 with its prompt', () => {
    const metadata = { node_id: '5', prompt_id: 'p-1', image_type: 'image/jpeg' }
    expect(readFrame(withMetadata(metadata, jpeg))).toEqual({ promptId: 'p-1', mime: 'image/jpeg', bytes: jpeg })
  })

  it('reads a frame that lies somewhere inside a larger buffer', () => {
    const padded = Buffer.concat([Buffer.alloc(3), u32(1), u32(1), jpeg])
    expect(readFrame(padded.subarray(3))?.mime).toBe('image/jpeg')
  })

  it('refuses a metadata length that does not fit the frame', () => {
    expect(readFrame(withMetadata({ prompt_id: 'p' }, jpeg, 0xffffffff))).toBeNull()
    expect(readFrame(withMetadata({ prompt_id: 'p' }, jpeg, 4096))).toBeNull()
  })

  it('refuses metadata that names no prompt, and what is no picture', () => {
    expect(readFrame(withMetadata({ node_id: '5' }, jpeg))).toBeNull()
    expect(readFrame(Buffer.concat([u32(1), u32(1), Buffer.from('<html>')]))).toBeNull()
  })

  it('refuses a preview larger than any preview', () => {
    expect(readFrame(Buffer.concat([u32(1), u32(1), jpeg, Buffer.alloc(5 * 2 ** 20)]))).toBeNull()
  })

  it('ignores text frames and unknown types', () => {
    expect(readFrame(Buffer.concat([u32(3), u32(1), Buffer.from('5hello')]))).toBeNull()
    expect(readFrame(Buffer.concat([u32(99), u32(0), jpeg]))).toBeNull()
  })

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.constantFrom(1, 2, 3, 4), (bytes, type) => {
        expect(() => readFrame(bytes)).not.toThrow()
        expect(() => readFrame(Buffer.concat([u32(type), bytes]))).not.toThrow()
      }),
    )
  })
})
