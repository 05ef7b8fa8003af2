import { defineProblems } from './define'

/** When a rotation may begin, the way back to the secret before, and rounds of rotations. */
export const rotationPolicyProblems = defineProblems({
  'rotation.no-previous': {
    code: 'CONFLICT',
    en: {
      message: 'The previous secret of {{id}} is not kept any more.',
      hint: 'Rotate with a secret of your own if you still have it. The policy defines how long it is kept.',
    },
    fr: {
      message: 'L’ancien secret de {{id}} n’est plus conservé.',
      hint: 'Renouvelez-le avec votre propre secret si vous l’avez encore. La politique fixe la durée de conservation.',
    },
  },
  'rotation.service-busy': {
    code: 'CONFLICT',
    en: {
      message: '{{service}} is busy: {{running}} running, {{waiting}} waiting.',
      hint: 'Regie retries automatically as soon as nothing runs there.',
    },
    fr: {
      message: '{{service}} est occupé : {{running}} en cours, {{waiting}} en attente.',
      hint: 'Regie réessaie automatiquement dès que plus rien n’y tourne.',
    },
  },
  'rotation.load-unknown': {
    code: 'CONFLICT',
    en: {
      message: 'It is unknown whether {{service}} is busy: {{cause}}',
      hint: 'Regie does not rotate while it cannot see that nothing runs, and checks again automatically.',
    },
    fr: {
      message: 'Impossible de savoir si {{service}} est occupé : {{cause}}',
      hint: 'Regie ne renouvelle pas sans voir que rien ne tourne, et vérifie de nouveau automatiquement.',
    },
  },
  'rotation.nothing-to-prove': {
    code: 'CONFLICT',
    en: {
      message: 'No service that uses {{id}} runs, so a new secret could not be verified.',
      hint: 'Start a service that uses it, or rotate it manually. Regie alone changes only what it can verify.',
    },
    fr: {
      message: 'Aucun service utilisant {{id}} ne tourne : un nouveau secret ne pourrait pas être vérifié.',
      hint: 'Démarrez un service qui l’utilise, ou renouvelez-le à la main. Seul, Regie ne change que ce qu’il peut vérifier.',
    },
  },
  'rotation.tried': {
    code: 'CONFLICT',
    en: {
      message: 'The last automatic rotation did not succeed: {{cause}}',
      hint: 'Regie retries in the next window. Look at the rotation to see at which step it ended.',
    },
    fr: {
      message: 'Le dernier renouvellement automatique n’a pas abouti : {{cause}}',
      hint: 'Regie réessaiera dans la prochaine fenêtre. Le renouvellement montre à quelle étape il s’est arrêté.',
    },
  },
  'rotation.round-running': {
    code: 'CONFLICT',
    en: {
      message: 'Several credentials are being rotated already.',
      hint: 'Wait until that round has ended, or stop it.',
    },
    fr: {
      message: 'Plusieurs identifiants sont déjà en cours de renouvellement.',
      hint: 'Attendez la fin de cette série, ou arrêtez-la.',
    },
  },
  'rotation.round-none': {
    code: 'CONFLICT',
    en: { message: 'No round of rotations is running.', hint: 'It may have ended already; look at its summary.' },
    fr: {
      message: 'Aucune série de renouvellements n’est en cours.',
      hint: 'Elle est peut-être déjà terminée ; voyez son bilan.',
    },
  },
})
