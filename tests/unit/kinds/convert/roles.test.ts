import { describe, expect, it } from 'vitest'
import { converted, textToImage } from './support'

const node = (type: string, inputs: Record<string, unknown>) => ({ class_type: type, inputs })
const rolesIn = (json: unknown): Record<string, string[]> => {
  const roles: Record<string, string[]> = {}
  for (const { id, role } of converted(json).form) if (role !== null) (roles[role] ??= []).push(id)
  return roles
}

describe('what inputs are to a person', () => {
  it('is told through guiders, holders of values and switches', () => {
    const roles = rolesIn({
      '1': node('UNETLoader', { unet_name: 'a.safetensors', weight_dtype: 'default' }),
      '2': node('CLIPLoader', { clip_name: 'b.safetensors', type: 'flux2', device: 'default' }),
      '3': node('VAELoader', { vae_name: 'c.safetensors' }),
      '10': node('PrimitiveStringMultiline', { value: 'a fox' }),
      '11': node('PrimitiveInt', { value: 1024 }),
      '12': node('PrimitiveInt', { value: 4 }),
      '13': node('PrimitiveInt', { value: 20 }),
      '15': node('PrimitiveBoolean', { value: true }),
      '14': node('ComfySwitchNode', { switch: ['15', 0], on_false: ['13', 0], on_true: ['12', 0] }),
      '4': node('CLIPTextEncode', { text: ['10', 0], clip: ['2', 0] }),
      '5': node('ConditioningZeroOut', { conditioning: ['4', 0] }),
      '6': node('EmptyFlux2LatentImage', { width: ['11', 0], height: 768, batch_size: 1 }),
      '7': node('Flux2Scheduler', { steps: ['14', 0], width: ['11', 0], height: 768 }),
      '8': node('CFGGuider', { model: ['1', 0], positive: ['4', 0], negative: ['5', 0], cfg: 1 }),
      '20': node('KSamplerSelect', { sampler_name: 'euler' }),
      '21': node('RandomNoise', { noise_seed: 5 }),
      '9': node('SamplerCustomAdvanced', {
        ...{ noise: ['21', 0], guider: ['8', 0], sampler: ['20', 0], sigmas: ['7', 0], latent_image: ['6', 0] },
      }),
      '30': node('VAEDecode', { samples: ['9', 0], vae: ['3', 0] }),
      '31': node('SaveImage', { images: ['30', 0], filename_prefix: 'x' }),
    })
    expect(roles).toMatchObject({
      ...{
        prompt: ['10.value'],
        seed: ['21.noise_seed'],
        cfg: ['8.cfg'],
        model: ['1.unet_name'],
        sampler: ['20.sampler_name'],
      },
      ...{ width: ['11.value'], height: ['6.height'], batch: ['6.batch_size'], steps: ['12.value', '13.value'] },
    })
    // What is zeroed is no negative prompt.
    expect(roles).not.toHaveProperty('negativePrompt')
  })

  it('is told through what hands both kinds of conditioning on', () => {
    const { prompt, negativePrompt } = rolesIn({
      ...textToImage,
      '20': node('ControlNetLoader', { control_net_name: 'd.safetensors' }),
      '21': node('LoadImage', { image: 'a.png' }),
      '22': node('ControlNetApplyAdvanced', {
        ...{ positive: ['6', 0], negative: ['7', 0], control_net: ['20', 0], image: ['21', 0] },
        ...{ strength: 1, start_percent: 0, end_percent: 1 },
      }),
      '3': node('KSampler', { ...textToImage['3'].inputs, positive: ['22', 0], negative: ['22', 1] }),
    })
    expect({ prompt, negativePrompt }).toEqual({ prompt: ['6.text'], negativePrompt: ['7.text'] })
  })

  it('tells one class’s two outputs apart', () => {
    const text = { clip: ['4', 1], prompt: 'a fox', negative_prompt: 'blurry' }
    const { prompt, negativePrompt } = rolesIn({
      ...textToImage,
      '6': node('TextEncodeBoth', text),
      '3': node('KSampler', { ...textToImage['3'].inputs, positive: ['6', 0], negative: ['6', 1] }),
    })
    expect({ prompt, negativePrompt }).toEqual({ prompt: ['6.prompt'], negativePrompt: ['6.negative_prompt'] })
  })

  it('is told of what a choice brings only where no other input has it', () => {
    const enhancer = node('TextGenerate', { prompt: 'a fox', sampling_mode: 'on', 'sampling_mode.seed': 3 })
    const text = node('CLIPTextEncode', { text: ['20', 0], clip: ['4', 1] })
    const { seed, prompt } = rolesIn({ ...textToImage, '20': enhancer, '6': text })
    expect({ seed, prompt }).toEqual({ seed: ['3.seed'], prompt: ['20.prompt'] })
  })

  it('is an image, or a mask', () => {
    const { image, mask, lora } = rolesIn({
      ...textToImage,
      '20': node('LoadImage', { image: 'a.png' }),
      '21': node('LoadImageMask', { image: 'm.png', channel: 'red' }),
      '22': node('VAEEncode', { pixels: ['20', 0], vae: ['4', 2] }),
      '23': node('SetLatentNoiseMask', { samples: ['22', 0], mask: ['21', 0] }),
      '24': node('LoraLoaderModelOnly', { model: ['4', 0], lora_name: 'l.safetensors', strength_model: 1 }),
      '3': node('KSampler', { ...textToImage['3'].inputs, model: ['24', 0], latent_image: ['23', 0] }),
    })
    expect({ image, mask, lora }).toEqual({ image: ['20.image'], mask: ['21.image'], lora: ['24.lora_name'] })
  })
})
