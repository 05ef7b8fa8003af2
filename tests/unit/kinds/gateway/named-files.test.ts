import { describe, expect, it } from 'vitest'
import { chief, isolated, maya, noah } from './world'

const id = 'aaaaaaaa-0000-4000-8000-000000000001'

/** A ComfyUI with a prompt of Maya's, and inputs and outputs of Noah's. */
function comfyui() {
  const inside = isolated('comfyui')
  inside.told.owners
    .set(`prompt ${id}`, 'maya')
    .set('file folded/input/cat.png', 'noah')
    .set('file folded/input/long holiday.png', 'noah')
    .set('file folded/input/pasted/p.png', 'noah')
    .set('file folded/output/set/image_00001.png', 'noah')
    .set(`file folded/input/${'é'.normalize('NFKD')}.png`, 'noah')
    .set('file folded/input/hers/p.png', 'maya')
  const submits = (inputs: object, type = 'LoadImage', visitor = maya) =>
    inside.sends('POST /prompt', visitor, { prompt: { 1: { class_type: type, inputs } } })
  return { ...inside, submits }
}

describe('a graph of ComfyUI', () => {
  it.each([
    ['a way with hundreds of dots', `${'./'.repeat(300)}cat.png`],
    ['a way with hundreds of slashes', `pasted${'/'.repeat(600)}p.png`],
    ['a folder over two lines', 'a\nb/../cat.png'],
    ['a folder over two lines, from the outputs', 'a\nb/set/image_00001.png [output]'],
    ['a whole path', '/opt/ComfyUI/output/set/image_00001.png'],
    ['a whole path of Windows', 'C:\\ComfyUI\\input\\cat.png'],
    ['a drive without a folder', 'C:cat.png'],
    ['another machine', '\\\\server\\share\\cat.png'],
    ['a drive that is left out', '\\ComfyUI\\input\\cat.png'],
    ['half characters that stand for bytes', '\udcc3\udca9.png'],
    ['letters composed otherwise', 'é'.normalize('NFD') + '.png'],
    ['characters that nobody sees', 'ca\u200Dt.png'],
    ['capitals by another rule', 'pa\u017Fted/p.png'],
    ['the name that Windows makes up for it', 'LONGHO~1.PNG'],
    ['the folder that Windows makes up for it', 'PASTED~1/p.png'],
  ])('does not read somebody else’s file by %s', async (_, image) => {
    const { submits } = comfyui()
    await expect(submits({ image })).rejects.toThrow('not a file of yours')
    expect(await submits({ image }, 'LoadImage', chief)).toContain('LoadImage')
  })

  it('may hold prompts of any length and many lines', async () => {
    const { submits } = comfyui()
    for (const text of [
      'a cat.png in a hat, '.repeat(2_000),
      `first line\nsecond ${'word '.repeat(200)}`,
      'either/or',
      '\\(artist\\), 1girl',
      'A: a cat',
      'and so on... / later',
      '~1 minute',
    ])
      expect(await submits({ text }, 'CLIPTextEncode'), text.slice(0, 40)).toContain('CLIPTextEncode')
  })

  it('reads no file that another node names while it runs', async () => {
    const { submits } = comfyui()
    for (const [type, input] of [
      ['LoadImage', 'image'],
      ['Painter', 'mask'],
      ['LoadVideo', 'file'],
      ['LoadImageDataSetFromFolder', 'folder'],
    ] as const)
      for (const link of [['10', 0], { __value__: ['10', 0] }])
        await expect(submits({ [input]: link }, type), type).rejects.toThrow('another node')
    expect(await submits({ images: ['10', 0] }, 'SaveImage')).toContain('SaveImage')
    expect(await submits({ model_file: ['10', 0] }, 'Preview3D')).toContain('Preview3D')
  })

  it('reads no folder in which files of others lie', async () => {
    const { submits } = comfyui()
    for (const folder of ['pasted', './Pasted/', 'PASTED~1', '', '.', 'set'])
      for (const [type, input] of [
        ['LoadImageDataSetFromFolder', 'folder'],
        ['SomebodysNode', 'image_directory'],
      ] as const)
        await expect(submits({ [input]: folder }, type), `${type} ${folder}`).rejects.toThrow(
          /holds files of others|not a file of yours/,
        )
    for (const folder of ['hers', 'new', 'past'])
      expect(await submits({ folder }, 'LoadImageDataSetFromFolder'), folder).toContain('LoadImageDataSet')
  })

  it.each([
    ['lists in lists', '['.repeat(8e5) + ']'.repeat(8e5)],
    ['objects in objects', '{"a":'.repeat(3e5) + '1' + '}'.repeat(3e5)],
    ['short texts', `[${Array(4e5).fill('"a"').join(',')}]`],
    ['quotes', `"${'\\"'.repeat(8e5)}"`],
  ])('is refused unread where it is made of %s', async (_, value) => {
    const { sends } = comfyui()
    const since = process.cpuUsage()
    for (const visitor of [maya, chief])
      await expect(sends('POST /prompt', visitor, `{"prompt": ${value}}`)).rejects.toThrow('too many values')
    expect(process.cpuUsage(since).user / 1000).toBeLessThan(400)
  })

  it('is looked through in no time, however its texts lie', async () => {
    const { submits } = comfyui()
    const many = Array.from({ length: 6_000 }, (_, at) => `t${at}`)
    const long = Array.from({ length: 80 }, (_, at) => `${at}/`.repeat(7_000))
    for (const texts of [many, long]) await expect(submits({ texts })).rejects.toThrow('more than 5000 different texts')
    let deep: object = many.slice(0, 4_000)
    for (let level = 0; level < 3_000; level += 1) deep = [deep]
    const since = process.cpuUsage()
    expect(await submits({ deep, prompt: 'a cat '.repeat(1e6) })).toContain('t3999')
    expect(process.cpuUsage(since).user / 1000).toBeLessThan(1_000)
  })
})

describe('the outputs of a job', () => {
  it('make nobody the owner of a file that a node only repeats from the graph', async () => {
    const { gives, own, handled, told } = comfyui()
    const his = '{"filename": "his.png", "subfolder": "", "type": "output"}'
    const made = his.replace('his', 'made')
    for (const kind of ['result', 'text', 'histogram', 'input_bboxes', 'camera_info'])
      await gives(`GET /history/${id}`, maya, `{"${id}": {"outputs": {"9": {"${kind}": ["x.glb", ${his}]}}}}`)
    const socket = (await handled('GET /ws', maya)).socket?.()
    const executed = `{"type": "executed", "data": {"node": "9", "output": {"result": ["x", ${his}]}, "prompt_id": "${id}"}}`
    socket?.fromService(Buffer.from(executed), false)
    // A list of jobs shows one preview, whose kind a graph may have a say in: the history tells what was made.
    const { answer } = await handled('GET /api/jobs', maya)
    told.answers[`GET /history/${id}`] = { body: `{"${id}": {"outputs": {"9": {"images": [${made}]}}}}` }
    const fresh = isolated('comfyui')
    fresh.told.owners.set(`prompt ${id}`, 'maya')
    fresh.told.answers = told.answers
    const jobs = `{"jobs": [{"id": "${id}", "preview_output": ${his.replace('}', ', "mediaType": "3d"}')}}]}`
    await answer?.read(Buffer.from(jobs))
    await fresh.gives('GET /api/jobs', maya, jobs)
    expect(await own('GET /view?filename=his.png', maya)).toMatchObject({ status: 404 })
    expect(await fresh.own('GET /view?filename=his.png', maya)).toMatchObject({ status: 404 })
    expect((await fresh.handled('GET /view?filename=made.png', maya)).target).toContain('made.png')
    expect(await fresh.own('GET /view?filename=made.png', noah)).toMatchObject({ status: 404 })
  })
})
