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
  '',
] as const
type Name = (typeof names)[number]

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

export const forgeConfig = (appId: number) => ({
  version: '4.40.0',
  app_id: appId,
  components: names.map((name) => ({
    id: idOf(name),
    type: 'textbox',
    props: name === '' ? {} : { elem_id: name, label: name === 'img2img_batch_input_dir' ? 'Input directory' : name },
  })),
  dependencies: dependencies.map(dependency),
})
