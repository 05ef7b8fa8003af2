import { defineProblems } from './define'

/** When a rotation may begin, the way back to the secret before, and rounds of rotations. */
export const rotationPolicyProblems = defineProblems({
  'rotation.no-previous': {
    code: 'CONFLICT',
    en: {
      message: 'The previous secret of {{id}} is not kept any more.',
      hint: 'Rotate with a secret of your own if you still have it. How long it is kept stands in the policy.',
    },
    fr: {
      message: 'L’ancien secret de {{id}} n’est plus conservé.',
      hint: 'Faites une rotation avec votre propre secret si vous l’avez encore. La politique fixe la durée de conservation.',
    },
  },
  'rotation.service-busy': {
    code: 'CONFLICT',
    en: {
      message: '{{service}} is busy: {{running}} running, {{waiting}} waiting.',
      hint: 'Regie tries again by itself as soon as nothing runs there.',
    },
    fr: {
      message: '{{service}} est occupé : {{running}} en cours, {{waiting}} en attente.',
      hint: 'Regie réessaie de lui-même dès que plus rien n’y tourne.',
    },
  },
  'rotation.load-unknown': {
    code: 'CONFLICT',
    en: {
      message: 'It is not known whether {{service}} is busy: {{cause}}',
      hint: 'Regie does not rotate while it cannot see that nothing runs, and looks again by itself.',
    },
    fr: {
      message: 'Impossible de savoir si {{service}} est occupé : {{cause}}',
      hint: 'Regie ne fait pas de rotation sans voir que rien ne tourne, et regarde de nouveau de lui-même.',
    },
  },
  'rotation.nothing-to-prove': {
    code: 'CONFLICT',
    en: {
      message: 'No service that uses {{id}} runs, so a new secret could not be proven.',
      hint: 'Start a service that uses it, or rotate it by hand. Regie alone changes only what it can prove.',
    },
    fr: {
      message: 'Aucun service utilisant {{id}} ne tourne : un nouveau secret ne pourrait pas être prouvé.',
      hint: 'Démarrez un service qui l’utilise, ou faites la rotation à la main. Seul, Regie ne change que ce qu’il peut prouver.',
    },
  },
  'rotation.tried': {
    code: 'CONFLICT',
    en: {
      message: 'The last automatic rotation did not succeed: {{cause}}',
      hint: 'Regie tries again in the next window. Look at the rotation to see at which step it ended.',
    },
    fr: {
      message: 'La dernière rotation automatique n’a pas abouti : {{cause}}',
      hint: 'Regie réessaiera dans la prochaine fenêtre. La rotation montre à quelle étape elle s’est arrêtée.',
    },
  },
  'rotation.round-running': {
    code: 'CONFLICT',
    en: {
      message: 'Several credentials are being rotated already.',
      hint: 'Wait until that round has ended, or stop it.',
    },
    fr: {
      message: 'Plusieurs identifiants sont déjà en cours de rotation.',
      hint: 'Attendez la fin de cette série, ou arrêtez-la.',
    },
  },
  'rotation.round-none': {
    code: 'CONFLICT',
    en: { message: 'No round of rotations is running.', hint: 'It may have ended already; look at its summary.' },
    fr: {
      message: 'Aucune série de rotations n’est en cours.',
      hint: 'Elle est peut-être déjà terminée ; voyez son bilan.',
    },
  },
})
