import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeClasses } from '../../../electron/simulator/comfyui/nodes'
import { ask, comfyui, folder } from './support'

type Classes = Record<string, { input: Record<string, Record<string, unknown[]>> }>

/** Numbers as their text: the largest seed is no number of JavaScript's. `1.0` and `1` are the same one. */
const readExactly = (json: string): unknown =>
  JSON.parse(
    json.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?/g, (token) =>
      token.startsWith('"') ? token : `"#${token.replace(/\.0+$/, '')}"`,
    ),
  )

const recordedIn = path.resolve(import.meta.dirname, '../../../electron/simulator/comfyui/nodes/recorded.json')
const recorded = readExactly(readFileSync(recordedIn, 'utf8')) as { comfyui: string; classes: Classes }

describe('the classes', () => {
  test('are those of the recording, all of them and as they are there', async () => {
    const { url } = await comfyui({ behaviour: { models: 'none' } })
    const answer = await ask(`${url}/object_info`)
    expect(readExactly(answer.text)).toEqual(recorded.classes)
    expect(recorded.comfyui).toBe('0.33.0')
    for (const name of ['KSampler', 'TextEncodeQwenImage21', 'LoadImage']) {
      const alone = await ask(`${url}/object_info/${name}`)
      expect(readExactly(alone.text)).toEqual({ [name]: recorded.classes[name] })
    }
    expect(answer.text).toContain('"max":18446744073709551615')
    expect(answer.text).toContain('"min":-9223372036854775807')
  })

  test('are all played, and no other one is', () => {
    expect([...nodeClasses.keys()].sort()).toEqual(Object.keys(recorded.classes).sort())
  })

  test('list what lies in the folders before what the program itself offers', async () => {
    const at = folder({
      'models/vae/mine.safetensors': '',
      'models/text_encoders/words.safetensors': '',
      'models/loras/style.safetensors': '',
      'input/seen.png': '',
    })
    const { url } = await comfyui({ folder: at, withoutLogin: true, behaviour: { models: 'none' } })
    const choices = async (name: string, input: string) => {
      const info = (await ask(`${url}/object_info/${name}`)).json as Classes
      return info[name]?.input['required']?.[input]?.[0]
    }
    expect(await choices('VAELoader', 'vae_name')).toEqual(['mine.safetensors', 'pixel_space'])
    expect(await choices('DualCLIPLoader', 'clip_name2')).toEqual(['words.safetensors'])
    expect(await choices('LoraLoader', 'lora_name')).toEqual(['style.safetensors'])
    expect(await choices('LoadImage', 'image')).toEqual(['seen.png'])
    expect(await choices('LoadImageMask', 'image')).toEqual(['seen.png'])
  })
})
