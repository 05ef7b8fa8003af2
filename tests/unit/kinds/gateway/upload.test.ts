import { describe, expect, it } from 'vitest'
import { chief, isolated, maya, noah } from './world'

const type = (mark: string) => ({ 'content-type': `multipart/form-data; boundary=${mark}` })

interface Field {
  name: string
  value: string
  filename?: string
}

const formOf = (fields: readonly Field[], mark = 'XX') =>
  Buffer.from(
    `${fields
      .map(({ name, value, filename }) => {
        const file = filename === undefined ? '' : `; filename="${filename}"\r\nContent-Type: image/png`
        return `--${mark}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`
      })
      .join('')}--${mark}--\r\n`,
    'latin1',
  )

/** Sends a form through the watch in pieces of a size; what is sent on. */
async function sent(
  inside: ReturnType<typeof isolated>,
  visitor: typeof maya,
  form: Buffer,
  size: number,
  mark = 'XX',
) {
  const handling = await inside.handled('POST /upload/image', visitor, type(mark))
  const watch = handling.watch?.()
  if (watch === undefined) return form
  const pieces: Buffer[] = []
  for (let at = 0; at < form.length; at += size) pieces.push(watch.next(form.subarray(at, at + size)))
  pieces.push(await watch.end())
  return Buffer.concat(pieces)
}

const picture = { name: 'image', filename: 'cat.png', value: `\x89PNG\r\n--X\r\n\0--XXX\r\n${'x'.repeat(300)}` }

describe('uploads to ComfyUI', () => {
  it('stream on to the byte, however they are cut', async () => {
    const form = formOf([{ name: 'type', value: 'input' }, picture, { name: 'subfolder', value: '' }])
    for (const size of [1, 2, 3, 7, 50, 10_000])
      expect((await sent(isolated('comfyui'), maya, form, size)).equals(form), `${size}`).toBe(true)
  })

  it('hold nothing back but an end that may be a boundary', async () => {
    const inside = isolated('comfyui')
    const handling = await inside.handled('POST /upload/image', maya, type('XX'))
    const watch = handling.watch?.()
    watch?.next(formOf([picture]).subarray(0, 120))
    expect(watch?.next(Buffer.alloc(1_000_000, 'a')).length).toBeGreaterThan(999_900)
  })

  it.each([
    ['before', [{ name: 'overwrite', value: 'true' }, picture]],
    ['after', [picture, { name: 'overwrite', value: '1' }]],
  ])('overwrite one’s own and what is new, %s the file', async (_, fields) => {
    const inside = isolated('comfyui')
    const form = formOf(fields)
    const look = 'GET /view?filename=cat.png&type=input&subfolder='
    expect((await sent(inside, maya, form, 64)).equals(form)).toBe(true)
    expect(inside.told.asked).toEqual([look])
    // There, and nobody's.
    inside.told.answers[look] = { status: 200 }
    await expect(sent(inside, maya, form, 64)).rejects.toThrow('not a file of yours')
    // Other clients encode the name.
    const coded = Buffer.from(
      form.toString('latin1').replace('filename="cat.png"', "filename*=utf-8''c%61t.png"),
      'latin1',
    )
    await expect(sent(inside, maya, coded, 64)).rejects.toThrow('not a file of yours')
    const handling = await inside.handled('POST /upload/image', maya, type('XX'))
    await handling.answer?.read(Buffer.from('{"name": "cat.png", "subfolder": "", "type": "input"}'))
    expect((await sent(inside, maya, form, 64)).equals(form)).toBe(true)
    await expect(sent(inside, noah, form, 64)).rejects.toThrow('not a file of yours')
    expect((await sent(inside, chief, form, 64)).equals(form)).toBe(true)
  })

  it('give nobody the file that a name in brackets means, nor leave to write over it', async () => {
    const inside = isolated('comfyui')
    for (const filename of ['secret.png [output]', 'secret.png[temp]', 'cat.png [input]'])
      await expect(sent(inside, maya, formOf([{ ...picture, filename }]), 1_000), filename).rejects.toThrow(
        'in brackets',
      )
    // Whatever a service answers all the same, it makes nothing somebody's.
    const handling = await inside.handled('POST /upload/image', maya, type('XX'))
    await handling.answer?.read(Buffer.from('{"name": "secret.png [output]", "subfolder": "", "type": "input"}'))
    expect([...inside.told.owners.keys()].filter((key) => key.includes('secret'))).toEqual([])
  })

  it('put a mask over one’s own pictures alone', async () => {
    const inside = isolated('comfyui')
    inside.told.owners.set('file maya:output/s/a.png', 'maya')
    const mask = (ref: string) => formOf([picture, { name: 'original_ref', value: ref }])
    const own = mask('{"filename": "a.png", "subfolder": "s", "type": "output"}')
    expect((await sent(inside, maya, own, 30)).equals(own)).toBe(true)
    await expect(sent(inside, noah, own, 30)).rejects.toThrow('not a file of yours')
    for (const ref of ['{"filename": "a.png [output]"}', '{"filename": "../s/a.png"}', '{"filename": 5}', 'x', ''])
      await expect(sent(inside, maya, mask(ref), 30), ref).rejects.toThrow(/not a file of yours|names no file/)
  })

  it.each<[string, string]>([
    [
      'a name in another encoding',
      "--XX\r\nContent-Disposition: form-data; name*=utf-8''overwrite\r\n\r\ntrue\r\n--XX--\r\n",
    ],
    ['a name without quotes', '--XX\r\nContent-Disposition: form-data; name=overwrite\r\n\r\ntrue\r\n--XX--\r\n'],
    ['two names', '--XX\r\nContent-Disposition: form-data; name="a"; name="overwrite"\r\n\r\ntrue\r\n--XX--\r\n'],
    [
      'two heads',
      '--XX\r\nContent-Disposition: form-data; name="a"\r\nContent-Disposition: form-data; name="b"\r\n\r\n1\r\n--XX--\r\n',
    ],
    ['a folded line', '--XX\r\nContent-Disposition: form-data;\r\n name="overwrite"\r\n\r\ntrue\r\n--XX--\r\n'],
    [
      'an encoding',
      '--XX\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n1\r\n--XX--\r\n',
    ],
    ['bare line ends', '--XX\nContent-Disposition: form-data; name="a"\n\n1\n--XX--\n'],
    ['something before', 'x\r\n--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--XX--\r\n'],
    ['something after', `--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--XX--\r\n${'x'.repeat(9)}`],
    ['a boundary with blanks', '--XX \r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--XX--\r\n'],
    ['no end', '--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--XX'],
    ['no name', '--XX\r\nContent-Type: x/y\r\n\r\n1\r\n--XX--\r\n'],
    [
      'a field twice',
      formOf([
        { name: 'a', value: '1' },
        { name: 'a', value: '2' },
      ]).toString(),
    ],
    ['a long field', formOf([{ name: 'a', value: 'x'.repeat(70_000) }]).toString()],
    ['nothing', ''],
  ])('refuse a form that can be read in two ways: %s', async (_, form) => {
    for (const size of [3, 10_000])
      await expect(sent(isolated('comfyui'), maya, Buffer.from(form), size)).rejects.toThrow(
        'whom this request concerns',
      )
  })

  it.each([
    'text/plain',
    'multipart/form-data',
    'multipart/form-data; boundary=a; boundary=b',
    "multipart/form-data; boundary*=utf-8''a",
    '',
  ])('refuse what is no form: %s', async (kind) => {
    const handling = await isolated('comfyui').handled('POST /upload/image', maya, { 'content-type': kind })
    expect(() => handling.watch?.()).toThrow('whom this request concerns')
  })
})
