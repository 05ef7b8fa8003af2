/** A page of Forge's as `/config` tells it, cut down to one function of each sort; the names are those of modules/ui*.py. */
const names = [
  'txt2img_generate',
  'txt2img_prompt',
  'txt2img_batch_count',
  'txt2img_batch_size',
  'txt2img_gallery',
  'generation_info_txt2img',
  'img2img_generate',
  'img2img_batch_input_dir',
  'img_inpaint_base',
  'img2img_gallery',
  'txt2img_interrupt',
  'txt2img_restore_progress',
  'paste',
  'txt2img_res_switch_btn',
  'txt2img_width',
  'txt2img_height',
  'txt2img_edit_style_save',
  'save_txt2img',
  'settings_submit',
  'setting_civitai_api_key',
  'install_extension_button',
  'modelmerger_merge',
  'restart_gradio',
  'forge_ui_preset',
  'txt2img_token_button',
  'txt2img_token_counter',
  'pnginfo_image',
  'pnginfo_generation_info',
  'img2img_tab',
  'extras_generate',
  'extras_gallery',
  'extras_batch_input_dir',
  'extras_interrupt',
  'extras_single_tab',
  'upscaling_res_switch_btn',
  'extras_upscaling_resize_w',
  'extras_upscaling_resize_h',
  'script_list',
  'txt2img_controlnet_ControlNet-0_controlnet_preprocessor_dropdown',
  'txt2img_controlnet_ControlNet-0_controlnet_pixel_perfect_checkbox',
  'txt2img_controlnet_ControlNet-0_controlnet_threshold_A_slider',
  'txt2img_controlnet_ControlNet-0_batch_image_dir',
  'txt2img_controlnet_ControlNet-0_controlnet_trigger_preprocessor',
  'txt2img_controlnet_ControlNet-0_controlnet_canvas_create_button',
  'txt2img_controlnet_ControlNet-0_controlnet_canvas_width',
  'txt2img_controlnet_ControlNet-0_controlnet_refresh_models',
  'uuid_00112233445566778899aabbccddeeff',
  'to sketch',
  'delete all',
  '',
] as const
type Name = (typeof names)[number]

const canvas = 'uuid_00112233445566778899aabbccddeeff'
const unit = 'txt2img_controlnet_ControlNet-0'

const idOf = (name: Name) => names.indexOf(name) + 100

interface Told {
  id: number
  targets: [Name | null, string][]
  inputs?: Name[]
  outputs?: Name[]
  js?: string
  after?: number
}

const dependency = ({ id, targets, inputs = [], outputs = [], js, after }: Told) => ({
  id,
  targets: targets.map(([name, event]) => [name === null ? null : idOf(name), event]),
  inputs: inputs.map(idOf),
  outputs: outputs.map(idOf),
  backend_fn: true,
  js: js ?? null,
  queue: null,
  api_name: 'f',
  trigger_after: after ?? null,
})

/** By what they do. */
export const fn = {
  txt2img: 0,
  img2img: 1,
  interrupt: 2,
  restore: 3,
  paste: 4,
  swap: 5,
  count: 6,
  follow: 7,
  load: 8,
  loadSettings: 9,
  saveStyle: 20,
  saveFiles: 21,
  settings: 22,
  install: 23,
  merge: 24,
  restart: 25,
  preset: 26,
  strange: 27,
  afterStrange: 28,
  disguised: 29,
  pngInfo: 40,
  sendTo: 41,
  copyTo: 42,
  extras: 43,
  extrasTab: 44,
  swapExtras: 45,
  script: 46,
  unit: 47,
  sliders: 48,
  clearPreview: 49,
  stopExtras: 50,
  preprocess: 60,
  canvas: 61,
  refreshModels: 62,
  unnamed: 63,
  pngInfoMore: 64,
  unitMore: 65,
  beside: 66,
} as const

const made: Name[] = ['txt2img_gallery', 'generation_info_txt2img']

const dependencies: Told[] = [
  {
    id: fn.txt2img,
    targets: [['txt2img_generate', 'click']],
    inputs: ['', 'txt2img_prompt', 'txt2img_batch_count', 'txt2img_batch_size'],
    outputs: made,
    js: 'submit',
  },
  {
    id: fn.img2img,
    targets: [['img2img_generate', 'click']],
    inputs: ['', 'img2img_batch_input_dir', 'img_inpaint_base'],
    outputs: ['img2img_gallery'],
    js: 'submit_img2img',
  },
  { id: fn.interrupt, targets: [['txt2img_interrupt', 'click']] },
  {
    id: fn.restore,
    targets: [['txt2img_restore_progress', 'click']],
    inputs: [''],
    outputs: made,
    js: 'restoreProgressTxt2img',
  },
  { id: fn.paste, targets: [['paste', 'click']], inputs: ['txt2img_prompt'], outputs: ['txt2img_width'] },
  {
    id: fn.swap,
    targets: [['txt2img_res_switch_btn', 'click']],
    inputs: ['txt2img_width', 'txt2img_height'],
    outputs: ['txt2img_width', 'txt2img_height'],
  },
  {
    id: fn.count,
    targets: [['txt2img_token_button', 'click']],
    inputs: ['txt2img_prompt'],
    outputs: ['txt2img_token_counter'],
  },
  { id: fn.follow, targets: [[null, 'then']], after: fn.txt2img },
  { id: fn.load, targets: [['', 'load']], outputs: ['txt2img_width'] },
  { id: fn.loadSettings, targets: [['', 'load']], outputs: ['txt2img_width', 'setting_civitai_api_key'] },
  { id: fn.saveStyle, targets: [['txt2img_edit_style_save', 'click']], inputs: ['txt2img_prompt'] },
  { id: fn.saveFiles, targets: [['save_txt2img', 'click']], inputs: ['txt2img_gallery'] },
  { id: fn.settings, targets: [['settings_submit', 'click']], inputs: ['setting_civitai_api_key'] },
  { id: fn.install, targets: [['install_extension_button', 'click']] },
  { id: fn.merge, targets: [['modelmerger_merge', 'click']] },
  { id: fn.restart, targets: [['restart_gradio', 'click']] },
  { id: fn.preset, targets: [['forge_ui_preset', 'change']], inputs: ['forge_ui_preset'] },
  { id: fn.strange, targets: [['', 'click']], inputs: ['txt2img_prompt'] },
  { id: fn.afterStrange, targets: [[null, 'then']], after: fn.strange },
  {
    id: fn.pngInfo,
    targets: [['pnginfo_image', 'change']],
    inputs: ['pnginfo_image'],
    outputs: ['', 'pnginfo_generation_info', ''],
  },
  {
    id: fn.sendTo,
    targets: [['img2img_tab', 'click']],
    inputs: ['pnginfo_generation_info'],
    outputs: ['txt2img_prompt'],
  },
  { id: fn.copyTo, targets: [['to sketch', 'click']], inputs: [canvas, canvas, ''], outputs: [canvas, canvas] },
  {
    id: fn.extras,
    targets: [['extras_generate', 'click']],
    inputs: ['', '', 'extras_batch_input_dir'],
    outputs: ['extras_gallery'],
    js: 'submit_extras',
  },
  { id: fn.extrasTab, targets: [['extras_single_tab', 'select']], outputs: [''] },
  {
    id: fn.swapExtras,
    targets: [['upscaling_res_switch_btn', 'click']],
    inputs: ['extras_upscaling_resize_w', 'extras_upscaling_resize_h'],
    outputs: ['extras_upscaling_resize_w', 'extras_upscaling_resize_h'],
  },
  { id: fn.script, targets: [['script_list', 'change']], inputs: ['script_list'], outputs: ['', ''] },
  {
    id: fn.unit,
    targets: [['txt2img_generate', 'click']],
    inputs: ['', canvas, `${unit}_controlnet_preprocessor_dropdown`, `${unit}_batch_image_dir`],
    outputs: [''],
  },
  {
    id: fn.sliders,
    targets: [[`${unit}_controlnet_preprocessor_dropdown`, 'change']],
    inputs: [`${unit}_controlnet_preprocessor_dropdown`, `${unit}_controlnet_pixel_perfect_checkbox`],
    outputs: [`${unit}_controlnet_threshold_A_slider`, ''],
  },
  {
    id: fn.clearPreview,
    targets: [[`${unit}_controlnet_threshold_A_slider`, 'release']],
    inputs: [''],
    outputs: ['', canvas],
  },
  { id: fn.stopExtras, targets: [['extras_interrupt', 'click']] },
  {
    id: fn.preprocess,
    targets: [[`${unit}_controlnet_trigger_preprocessor`, 'click']],
    inputs: [canvas],
    outputs: [canvas],
  },
  {
    id: fn.canvas,
    targets: [[`${unit}_controlnet_canvas_create_button`, 'click']],
    inputs: [`${unit}_controlnet_canvas_width`],
    outputs: [canvas],
  },
  { id: fn.refreshModels, targets: [[`${unit}_controlnet_refresh_models`, 'click']], outputs: [''] },
  { id: fn.unnamed, targets: [['delete all', 'click']], inputs: [canvas], outputs: [canvas] },
  // Extensions', at parts of the list, that take or give more.
  {
    id: fn.pngInfoMore,
    targets: [['pnginfo_image', 'change']],
    inputs: ['pnginfo_image', 'txt2img_prompt'],
    outputs: [''],
  },
  { id: fn.unitMore, targets: [['txt2img_generate', 'click']], inputs: ['setting_civitai_api_key'], outputs: [''] },
  { id: fn.beside, targets: [['txt2img_generate', 'click']], inputs: [''], outputs: [''] },
  // An extension's, which hangs at a button of the list beside its own.
  {
    id: fn.disguised,
    targets: [
      ['txt2img_generate', 'click'],
      ['settings_submit', 'click'],
    ],
    outputs: made,
    js: 'submit',
  },
]

/** Buttons with words and no name. */
const ofWords: ReadonlySet<string> = new Set(['to sketch', 'delete all'])

export const forgeConfig = (appId: number) => ({
  version: '4.40.0',
  app_id: appId,
  components: names.map((name) => ({
    id: idOf(name),
    type: 'textbox',
    props:
      name === ''
        ? {}
        : ofWords.has(name)
          ? { value: name }
          : { elem_id: name, label: name === 'img2img_batch_input_dir' ? 'Input directory' : name },
  })),
  dependencies: dependencies.map(dependency),
})
