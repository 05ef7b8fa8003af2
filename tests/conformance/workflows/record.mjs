// @ts-check
// Records what a running ComfyUI says of the classes that the simulator plays:
// `node tests/conformance/workflows/record.mjs URL [CLASS=VERSION …]`. Facts only: names, types, defaults, choices; no
// prose, no model lists. A class that was put into it from another version is named with that version.
import { writeFileSync } from 'node:fs'
import path from 'node:path'

const classes = (
  'CFGGuider CFGNorm CLIPLoader CLIPTextEncode CheckpointLoaderSimple ConditioningZeroOut EmptyFlux2LatentImage ' +
  'EmptyImage EmptyLatentImage EmptySD3LatentImage Flux2Scheduler FluxKontextImageScale ' +
  'FluxKontextMultiReferenceLatentMethod ImageCompositeMasked ImageScale ImageScaleToTotalPixels ImageToMask ' +
  'InpaintModelConditioning KSampler KSamplerSelect LoadImage LoadImageMask LoraLoader LoraLoaderModelOnly ManualSigmas ' +
  'ModelSamplingAuraFlow PreviewImage QwenImage21Cache RandomNoise ReferenceLatent SamplerCustomAdvanced SaveImage ' +
  'SetLatentNoiseMask TextEncodeQwenImage21 TextEncodeQwenImageEdit TextEncodeQwenImageEditPlus UNETLoader VAEDecode ' +
  'VAEEncode VAELoader'
).split(' ')

/** Inputs whose choices are files of that installation. */
const files = new Set(['ckpt_name', 'unet_name', 'clip_name', 'vae_name', 'lora_name', 'image'])
const prose = new Set(['tooltip', 'description', 'output_tooltips', 'search_aliases', 'price_badge'])

const [, , url, ...others] = process.argv
if (url === undefined) throw new Error('name the ComfyUI: its URL')

/** @param {string} route @returns {Promise<Record<string, Record<string, unknown>>>} */
const ask = async (route) => (await fetch(url + route)).json()

const stats = await ask('/system_stats')
const info = await ask('/object_info')
const lacking = classes.filter((name) => !(name in info))
if (lacking.length > 0) throw new Error(`this ComfyUI has no ${lacking.join(', ')}`)

/** @param {string} key @param {unknown} value */
const facts = (key, value) => {
  if (prose.has(key)) return undefined
  if (files.has(key) && Array.isArray(value) && Array.isArray(value[0])) return [[], ...value.slice(1)]
  return value
}
const recorded = {
  comfyui: stats['system']?.['comfyui_version'],
  others: Object.fromEntries(others.map((one) => one.split('='))),
  classes: Object.fromEntries(classes.map((name) => [name, info[name]])),
}
const file = path.resolve(import.meta.dirname, '../../../electron/simulator/comfyui/nodes/recorded.json')
writeFileSync(file, `${JSON.stringify(recorded, facts, 2)}\n`)
