import type { ReadWorkflow, WorkflowImport } from '../../../electron/workflows'

export const ann = { account: 'ann', who: 'ann (http)' }

const seedInput = {
  id: '3.seed',
  node: '3',
  input: 'seed',
  nodeTitle: 'KSampler',
  label: 'seed',
  type: 'integer',
  role: 'seed',
  multiline: false,
  value: 7,
  min: 0,
  max: null,
  step: 1,
  choices: [],
} as const

/** What would be read of a small graph; `steps` tells one from another. */
export const readOf = (steps: number): ReadWorkflow => ({
  format: 'api',
  nodes: 1,
  form: [
    { ...seedInput, choices: [] },
    { ...seedInput, choices: [], id: '3.steps', input: 'steps', role: 'steps', value: steps },
  ],
  pinned: ['3.seed'],
  graph: [{ id: '3', title: 'KSampler', type: 'KSampler', at: null, state: 'runs', from: [] }],
  skipped: [],
  notes: [],
  api: { '3': { class_type: 'KSampler', inputs: { seed: 7, steps } } },
  readBy: null,
  together: {},
  needs: [{ need: { type: 'node', name: 'KSampler' }, nodes: ['3'], bytes: null, url: null }],
})

/** A file of so many steps, as it is imported. */
export const fileOf = (steps: number, name = 'Portrait', replaces?: string): WorkflowImport => ({
  name,
  file: { name: 'portrait.json', bytes: Buffer.from(JSON.stringify(readOf(steps).api)) },
  read: readOf(steps),
  replaces,
})
