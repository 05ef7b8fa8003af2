import { defineProblems } from './define'

export const diskProblems = defineProblems({
  'disk.full': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The disk of {{path}} has no room left.',
      hint: 'Nothing was changed or half written. Free some space on that disk, then try again; no restart is needed.',
    },
    fr: {
      message: 'Le disque de {{path}} n’a plus de place.',
      hint: 'Rien n’a été modifié ni écrit à moitié. Libérez de l’espace sur ce disque, puis réessayez ; sans redémarrage.',
    },
  },
})
