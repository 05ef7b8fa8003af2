import { defineProblems } from './define'

/** Whether a service works on the card that was meant for it. */
export const identityProblems = defineProblems({
  'gpu.unknown': {
    code: 'NOT_FOUND',
    en: { message: 'This machine has no GPU {{uuid}}.', hint: 'The GPUs page lists those that there are.' },
    fr: { message: 'Cette machine n’a pas de GPU {{uuid}}.', hint: 'La page GPU liste ceux qu’elle a.' },
  },
  'identity.agrees': {
    code: 'CONFLICT',
    en: { message: '{{id}} works on {{card}}, as intended.', hint: 'Nothing needs to be done.' },
    fr: { message: '{{id}} travaille sur {{card}}, comme prévu.', hint: 'Il n’y a rien à faire.' },
  },
  'identity.contradicts': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} is meant for {{meant}}, but works on {{found}}.',
      hint: 'Set CUDA_VISIBLE_DEVICES to the UUID of the card that is meant, then recreate the container or restart the program.',
    },
    fr: {
      message: '{{id}} est prévu pour {{meant}}, mais travaille sur {{found}}.',
      hint: 'Indiquez l’UUID de la carte voulue dans CUDA_VISIBLE_DEVICES, puis recréez le conteneur ou redémarrez le programme.',
    },
  },
  'identity.settings-differ': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} is meant for {{meant}}, but its settings give it {{given}}.',
      hint: 'Set CUDA_VISIBLE_DEVICES to the UUID of the card that is meant before the next start.',
    },
    fr: {
      message: '{{id}} est prévu pour {{meant}}, mais ses réglages lui donnent {{given}}.',
      hint: 'Indiquez l’UUID de la carte voulue dans CUDA_VISIBLE_DEVICES avant le prochain démarrage.',
    },
  },
  'identity.alike': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} reports a card like {{cards}}; its report does not tell which.',
      hint: 'On Linux its processes tell it while a model is loaded.',
    },
    fr: {
      message: '{{id}} indique une carte comme {{cards}} ; cela ne dit pas laquelle.',
      hint: 'Sous Linux, ses processus le disent dès qu’un modèle est chargé.',
    },
  },
  'identity.unasked': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} works on {{card}}; its settings do not tell which card it is to use.',
      hint: 'Choose its GPU on its page, and set CUDA_VISIBLE_DEVICES to that card’s UUID.',
    },
    fr: {
      message: '{{id}} travaille sur {{card}} ; ses réglages ne disent pas quelle carte il doit utiliser.',
      hint: 'Choisissez son GPU sur sa page, et indiquez l’UUID de cette carte dans CUDA_VISIBLE_DEVICES.',
    },
  },
  'identity.elsewhere': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} reports the card {{card}}, which this machine does not have.',
      hint: 'It may run on another machine.',
    },
    fr: {
      message: '{{id}} indique la carte {{card}}, que cette machine n’a pas.',
      hint: 'Il tourne peut-être sur une autre machine.',
    },
  },
  'identity.unreported': {
    code: 'CONFLICT',
    en: { message: '{{id}} has not reported a card.', hint: 'Unknown until it runs and answers.' },
    fr: { message: '{{id}} n’a indiqué aucune carte.', hint: 'Inconnu tant qu’il ne tourne pas et ne répond pas.' },
  },
})
