import { defineProblems } from './define'

/** What a service cannot make for want of models, classes of nodes or pictures. */
export const backendModelProblems = defineProblems({
  'backend.no-known-model': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The service has no complete model that Regie knows for this ({{task}}).',
      hint: 'The smallest that would do is {{family}}. Put this into the service’s folder: {{files}}.',
    },
    fr: {
      message: 'Le service n’a aucun modèle complet que Regie connaisse pour cela ({{task}}).',
      hint: 'Le plus petit qui convienne est {{family}}. Placez ceci dans le dossier du service : {{files}}.',
    },
  },
  'backend.nodes-missing': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{family}} needs nodes that this ComfyUI does not have: {{nodes}}.',
      hint: 'Update ComfyUI, or choose another model.',
    },
    fr: {
      message: '{{family}} a besoin de nœuds que ce ComfyUI n’a pas : {{nodes}}.',
      hint: 'Mettez ComfyUI à jour, ou choisissez un autre modèle.',
    },
  },
  'backend.family-not-offered': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: '{{family}} does not run in {{program}}.', hint: 'Send this to Forge Neo or ComfyUI.' },
    fr: { message: '{{family}} ne fonctionne pas dans {{program}}.', hint: 'Envoyez ceci à Forge Neo ou à ComfyUI.' },
  },
  'backend.task-unknown': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: '{{family}} cannot do “{{task}}”.', hint: 'It can do: {{available}}.' },
    fr: { message: '{{family}} ne sait pas faire « {{task}} ».', hint: 'Il sait faire : {{available}}.' },
  },
  'backend.picture-needed': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'The task “{{task}}” needs an image to begin with.', hint: 'Give one, or generate from text.' },
    fr: {
      message: 'La tâche « {{task}} » a besoin d’une image de départ.',
      hint: 'Donnez-en une, ou générez à partir du texte.',
    },
  },
  'backend.not-of-task': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The task “{{task}}” makes no use of {{parameter}}.',
      hint: 'Name the task that is meant (image, inpaint or edit), or leave this out.',
    },
    fr: {
      message: 'La tâche « {{task}} » n’utilise pas {{parameter}}.',
      hint: 'Indiquez la tâche voulue (image, inpaint ou edit), ou omettez ce paramètre.',
    },
  },
  'backend.pictures-too-many': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{family}} takes {{most}} images for this at most, and {{count}} were given.',
      hint: 'Leave some out.',
    },
    fr: {
      message: '{{family}} accepte {{most}} images au plus pour cela, et {{count}} ont été données.',
      hint: 'Retirez-en.',
    },
  },
  'backend.mask-needed': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'There is no mask that says which part may change.',
      hint: 'Paint one, or change the whole image.',
    },
    fr: {
      message: 'Aucun masque ne dit quelle partie peut changer.',
      hint: 'Peignez-en un, ou modifiez toute l’image.',
    },
  },
  'backend.unknown-lora': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'The service has no LoRA named {{name}}.', hint: 'It has: {{available}}.' },
    fr: { message: 'Le service n’a pas de LoRA nommé {{name}}.', hint: 'Il a : {{available}}.' },
  },
})
