import { defineProblems } from './define'

/** Room where Docker keeps images, and what of it may be given back. */
export const roomProblems = defineProblems({
  'docker.no-room': {
    code: 'CONFLICT',
    en: {
      message: '{{free}} GiB are free where Docker keeps images ({{where}}); this build needs {{needed}} GiB.',
      hint: 'Nothing was begun. Make room first: Settings → Docker lists the images, build cache and containers that nothing needs any more.',
    },
    fr: {
      message:
        '{{free}} Gio sont libres là où Docker garde ses images ({{where}}) ; cette construction demande {{needed}} Gio.',
      hint: 'Rien n’a été commencé. Faites d’abord de la place : Réglages → Docker liste les images, le cache de construction et les conteneurs dont plus rien n’a besoin.',
    },
  },
  'docker.room-unknown': {
    code: 'CONFLICT',
    en: {
      message: 'How much room Docker has for images is not known from here; this build needs {{needed}} GiB.',
      hint: 'Docker Desktop shows it under Settings → Resources, and its disk also needs that room on the drive it lies on. In a terminal: “docker run --rm IMAGE df -h /” with an image that is there.',
    },
    fr: {
      message:
        'La place dont dispose Docker pour les images n’est pas connue d’ici ; cette construction demande {{needed}} Gio.',
      hint: 'Docker Desktop l’affiche sous Settings → Resources, et son disque demande aussi cette place sur le lecteur qui le porte. Dans un terminal : « docker run --rm IMAGE df -h / » avec une image déjà présente.',
    },
  },
  'docker.build-size-unknown': {
    code: 'CONFLICT',
    en: {
      message: 'How large this image becomes is not known before it is built.',
      hint: 'Go on if Docker has room: a ComfyUI or Forge image takes about 10 GiB, and half as much again while it is built.',
    },
    fr: {
      message: 'La taille de cette image n’est pas connue avant sa construction.',
      hint: 'Continuez si Docker a de la place : une image ComfyUI ou Forge prend environ 10 Gio, et moitié plus pendant sa construction.',
    },
  },
  'room.busy': {
    code: 'CONFLICT',
    en: { message: 'A removal is under way already.', hint: 'Wait until it is done, or cancel it.' },
    fr: { message: 'Une suppression est déjà en cours.', hint: 'Attendez qu’elle se termine, ou annulez-la.' },
  },
  'room.not-running': {
    code: 'CONFLICT',
    en: { message: 'Nothing is being removed.', hint: 'There is nothing to cancel.' },
    fr: { message: 'Aucune suppression n’est en cours.', hint: 'Il n’y a rien à annuler.' },
  },
  'room.not-offered': {
    code: 'NOT_FOUND',
    en: {
      message: '{{id}} is not among what nothing needs any more.',
      hint: 'Look again: it may be in use now, or gone.',
    },
    fr: {
      message: '{{id}} ne fait pas partie de ce dont plus rien n’a besoin.',
      hint: 'Regardez de nouveau : il est peut-être utilisé, ou déjà parti.',
    },
  },
  'room.in-use': {
    code: 'CONFLICT',
    en: { message: '{{name}} is needed now.', hint: 'It was kept.' },
    fr: { message: '{{name}} est désormais utilisé.', hint: 'Il a été gardé.' },
  },
  'room.gone': {
    code: 'NOT_FOUND',
    en: { message: '{{name}} is no longer there.', hint: 'Something else removed it; nothing was done.' },
    fr: { message: '{{name}} n’est plus là.', hint: 'Autre chose l’a supprimé ; rien n’a été fait.' },
  },
  'room.failed': {
    code: 'BAD_GATEWAY',
    en: { message: 'Docker did not remove it: {{detail}}', hint: 'It is as it was. Look again, then try once more.' },
    fr: {
      message: 'Docker ne l’a pas supprimé : {{detail}}',
      hint: 'Rien n’a changé. Regardez de nouveau, puis réessayez.',
    },
  },
})
