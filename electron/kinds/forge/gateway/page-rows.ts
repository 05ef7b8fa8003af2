/**
 * What a function of Forge's page does, as far as people other than administrators may call it.
 * - `job`: makes pictures. `stop`: acts on whatever runs. `restore`: shows what a task has made.
 * - `paste`: reads a text; without one, what anybody made last. `read`: of the page alone, and harmless.
 * - `settings`: the values of all settings, which the page asks for when it loads.
 */
export type PageAct = 'job' | 'stop' | 'restore' | 'paste' | 'read' | 'settings'

export interface Row {
  act: PageAct
  event: RegExp
  /** The button or field that calls it. */
  target: RegExp
  /** What the button says, where it has no name. */
  says?: RegExp
  /** All that it may take. */
  inputs?: RegExp
  /** What it takes among others. */
  takes?: RegExp
  /** What it may change in the page; null: things that have no name. */
  outputs: RegExp | null
  js?: RegExp
}

const tab = '(?:txt2img|img2img)'
/** Nothing at all, not even what has no name. */
const none = /(?!)/
const all = (...names: string[]) => new RegExp(`^(?:${names.join('|')})$`)
export const made = all(`${tab}_gallery`, `(?:generation_info|html_info|html_log)_${tab}`)
const madeExtras = all('extras_gallery', 'html_info_x_extras', 'html_log_extras')
/** What is drawn on: two pictures under one name that is made up (modules_forge/forge_canvas/canvas.py). */
const canvas = 'uuid_[0-9a-f]{32}'
/** Fields of one unit (extensions-builtin/sd_forge_controlnet); and what has no name, which is of no setting. */
const unit = `${tab}_controlnet_ControlNet-\\d+_[\\w-]+`
const ofUnit = all(unit, canvas, '')
const sizes = all('img2img_(?:width|height)', 'txt2img_(?:width|height)')

const ofMaking: readonly Row[] = [
  { act: 'job', event: /^click$/, target: all(`${tab}_generate`), outputs: made, js: /^submit(?:_img2img)?$/ },
  { act: 'job', event: /^submit$/, target: all(`${tab}_prompt`), outputs: made, js: /^submit(?:_img2img)?$/ },
  { act: 'job', event: /^click$/, target: all('txt2img_upscale'), outputs: made, js: /^submit_txt2img_upscale$/ },
  {
    act: 'stop',
    event: /^click$/,
    target: all('(?:txt2img|img2img|extras)_(?:interrupt|interrupting|skip)'),
    outputs: all(),
  },
  { act: 'restore', event: /^click$/, target: all(`${tab}_restore_progress`), outputs: made, js: /^restoreProgress/ },
  { act: 'paste', event: /^click$/, target: all('paste', `${tab}_send_to_(?:img2img|inpaint|extras)`), outputs: null },
  {
    act: 'read',
    event: /^(?:click|change)$/,
    target: all(`${tab}_styles`, `${tab}_(?:negative_)?token_button`),
    outputs: all(`${tab}_(?:negative_)?token_counter`),
  },
  {
    act: 'read',
    event: /^change$/,
    target: all(`${tab}_cfg_scale`, 'txt2img_hr_cfg'),
    outputs: all(`${tab}_neg_prompt`, 'hires_neg_prompt'),
  },
  {
    act: 'read',
    event: /^(?:change|release)$/,
    target: all('txt2img_hr-checkbox', 'txt2img_(?:width|height|hr_scale|hr_resize_x|hr_resize_y)'),
    outputs: all('txtimg_hr_finalres'),
  },
  {
    act: 'read',
    event: /^click$/,
    target: all(`${tab}_res_switch_btn`, 'img2img_detect_image_size_btn'),
    outputs: sizes,
  },
  {
    act: 'read',
    event: /^(?:change|click)$/,
    target: all('img2img_scale', 'img2img_update_resize_to'),
    outputs: all('img2img_scale_resolution_preview'),
  },
  {
    act: 'read',
    event: /^click$/,
    target: all(`${tab}_clear_prompt`, `${tab}_style_apply(?:_dialog)?`),
    outputs: all(`${tab}_(?:prompt|neg_prompt|styles)`),
  },
  { act: 'read', event: /^click$/, target: all(`${tab}_generation_info_button`), outputs: all(`html_info_${tab}`) },
  { act: 'read', event: /^click$/, target: all(`${tab}_reuse_(?:sub)?seed`), outputs: all(`${tab}_(?:sub)?seed`) },
  { act: 'read', event: /^change$/, target: all(`${tab}_subseed_show`), outputs: all(`${tab}_seed_extras`) },
  { act: 'read', event: /^change$/, target: all(`${tab}_override_settings`), outputs: all(`${tab}_override_settings`) },
  {
    act: 'read',
    event: /^select$/,
    target: all(
      'img2img_(?:img2img|img2img_sketch|inpaint|inpaint_sketch|inpaint_upload|batch|batch_upload|batch_from_dir)_tab',
      'img2img_tab_resize_(?:to|by)',
    ),
    outputs: null,
  },
]

/**
 * Images are read, enlarged and handed from one tab to another. Each only takes what the page holds, in which files are the
 * person's own, and only gives to the page; what it is at the service stands beside it.
 */
const ofImages: readonly Row[] = [
  // modules/extras.py, `run_pnginfo`: the texts in a picture.
  {
    act: 'read',
    event: /^change$/,
    target: all('pnginfo_image'),
    inputs: all('pnginfo_image'),
    outputs: all('pnginfo_generation_info', ''),
  },
  // modules/infotext_utils.py, `connect_paste_params_buttons`: the picture, or its parameters, as fields of a tab.
  {
    act: 'paste',
    event: /^click$/,
    target: all('(?:txt2img|img2img|inpaint|extras)_tab'),
    inputs: all('pnginfo_image', 'pnginfo_generation_info'),
    outputs: null,
  },
  // modules/ui.py, `copyCanvas_img2img`: one canvas becomes another. The buttons have words and no name.
  {
    act: 'read',
    event: /^click$/,
    target: all(''),
    says: all('to (?:img2img|sketch|inpaint|inpaint sketch)'),
    inputs: all(canvas, ''),
    outputs: all(canvas),
  },
  // modules/postprocessing.py, `run_postprocessing`: what the API's `extra-single-image` does. Its folders are refused where
  // they are filled in, and it asks for one where it would need it.
  { act: 'job', event: /^click$/, target: all('extras_generate'), outputs: madeExtras, js: /^submit_extras$/ },
  // modules/ui_postprocessing.py: which tab is shown; and that there is another picture, for what was kept of the last.
  {
    act: 'read',
    event: /^select$/,
    target: all('extras_(?:single|batch_process|batch_directory|scale_by|scale_to)_tab'),
    inputs: none,
    outputs: all(''),
  },
  { act: 'read', event: /^change$/, target: all('extras_image'), inputs: none, outputs: none },
  // scripts/postprocessing_upscale.py: width and height change places; the factor that a model's name tells.
  {
    act: 'read',
    event: /^(?:click|change)$/,
    target: all('upscaling_res_switch_btn', 'extras_upscaler_1'),
    inputs: all('extras_upscaling_resize_[wh]', 'extras_upscaler_1'),
    outputs: all('extras_upscaling_resize(?:_[wh])?'),
  },
]

/** Which script is shown, and the fields of ControlNet's units, which are only put together for one's own job. */
const ofScripts: readonly Row[] = [
  // modules/scripts.py, `select_script`: the fields of one are shown, those of others hidden.
  { act: 'read', event: /^change$/, target: all('script_list'), inputs: all('script_list'), outputs: all('') },
  // controlnet_ui_group.py, `UiControlNetUnit`: its fields as one value of the session, beside each job.
  { act: 'read', event: /^click$/, target: all(`${tab}_generate`), inputs: ofUnit, takes: all(unit), outputs: all('') },
  // `build_sliders`, `filter_selected`, `shift_preview`, `fn_same_checked` and `clear_preview`: what is shown and offered.
  {
    act: 'read',
    event: /^change$/,
    target: all(
      `${tab}_controlnet_ControlNet-\\d+_controlnet_(?:${[
        ...['preprocessor_dropdown', 'pixel_perfect_checkbox', 'type_filter_radio', 'control_step_slider'],
        ...['preprocessor_preview_checkbox', 'same_img2img_checkbox'],
      ].join('|')})`,
    ),
    inputs: ofUnit,
    outputs: ofUnit,
  },
  {
    act: 'read',
    event: /^(?:change|release|clear)$/,
    target: all(`${tab}_controlnet_ControlNet-\\d+_controlnet_(?:preprocessor_resolution|threshold_[AB])_slider`),
    inputs: all(''),
    outputs: ofUnit,
  },
  // `register_shift_hr_options`: a field for the second pass.
  {
    act: 'read',
    event: /^change$/,
    target: all('txt2img_hr-checkbox'),
    inputs: all('txt2img_hr-checkbox'),
    outputs: all(unit),
  },
  // `send_dimensions`: the size of a picture of one's own.
  {
    act: 'read',
    event: /^click$/,
    target: all(`${tab}_controlnet_ControlNet-\\d+_controlnet_send_dimen_button`),
    inputs: all(canvas),
    outputs: sizes,
  },
]

/**
 * What people may call, from modules/ui.py, ui_toprow.py, ui_common.py and processing_scripts/seed.py of Forge and as is said
 * beside each. Left out on purpose, for administrators alone: settings, checkpoints and presets; extensions, merging and
 * training; saved styles; `save` and `open folder`, which write and open folders of the service's machine; _Interrogate_, _Run
 * preprocessor_ and previews of a unit, which work on the card with no task by which they could be told and stopped; canvases
 * of a size that is written (_Open new canvas_, _Use mask_: any size is made, and would take all memory); and "refresh", which
 * changes the lists of everybody.
 */
export const rows: readonly Row[] = [...ofMaking, ...ofImages, ...ofScripts]
