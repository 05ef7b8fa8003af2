import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { judgePicture, measurePicture, side, similarity } from '../../../electron/trial/judge'

const wanted = { width: 64, height: 64, mayBeFlat: false }
const plain = (background: string, width = 64, height = 64) =>
  sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer()
/** Stripes with some grain, so that neither half of it is flat. */
const drawn = (shift: number) => {
  const data = Buffer.alloc(64 * 64 * 3)
  for (let at = 0; at < data.length; at += 1) data[at] = ((Math.floor(at / 3) % 64) * 4 + shift + (at % 7)) % 256
  return sharp(data, { raw: { width: 64, height: 64, channels: 3 } })
    .png()
    .toBuffer()
}
const measured = async (bytes: Promise<Buffer>) => {
  const found = await measurePicture(await bytes)
  if (!found) throw new Error('no picture')
  return found
}

describe('a test picture', () => {
  test.each([
    ['black', '#000000', 'black'],
    ['nearly black', '#010101', 'black'],
    ['one grey', '#808080', 'flat'],
    ['one colour', '#3366cc', 'flat'],
  ])('that is %s is refused', async (_, colour, verdict) => {
    expect(judgePicture(await measured(plain(colour)), wanted)).toBe(verdict)
  })

  test('of one colour is right where a plain colour was asked for, but not a black one', async () => {
    const smoke = { ...wanted, mayBeFlat: true }
    expect(judgePicture(await measured(plain('#3366cc')), smoke)).toBe(null)
    expect(judgePicture(await measured(plain('#000000')), smoke)).toBe('black')
  })

  test('that is none of what services make is no picture', async () => {
    const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="9" height="9"/></svg>'
    expect(await measurePicture(Buffer.from(drawing))).toBe(null)
    expect(await measurePicture(Buffer.from('<html>sign in</html>'))).toBe(null)
  })

  test('that is huge and packed into little is not unpacked', async () => {
    const bytes = await plain('#000000', 9000, 9000)
    expect(bytes.length).toBeLessThan(1e6)
    expect(await measurePicture(bytes)).toBe(null)
  })

  test('of another size is refused', async () => {
    expect(judgePicture(await measured(plain('#3366cc', 32, 64)), wanted)).toBe('size')
  })

  test('that shows something is right', async () => {
    expect(judgePicture(await measured(drawn(0)), wanted)).toBe(null)
  })

  test('that is none is not measured', async () => {
    expect(await measurePicture(Buffer.from('<html>502</html>'))).toBe(null)
    const whole = await drawn(0)
    expect(await measurePicture(whole.subarray(0, whole.length / 2))).toBe(null)
  })
})

describe('similarity', () => {
  test('is 1 for the same picture, high for a shade, low for another', async () => {
    const one = await measured(drawn(0))
    expect(one.grey.length).toBe(side * side)
    expect(similarity(one.grey, one.grey)).toBe(1)
    const shade = one.grey.map((value) => Math.min(255, value + 4))
    expect(similarity(one.grey, shade)).toBeGreaterThan(0.92)
    expect(similarity(one.grey, (await measured(drawn(128))).grey)).toBeLessThan(0.9)
    expect(similarity(one.grey, (await measured(plain('#808080'))).grey)).toBeLessThan(0.5)
  })
})
