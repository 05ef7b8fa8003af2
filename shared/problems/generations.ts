import { defineProblems } from './define'

export const generationProblems = defineProblems({
  'generation.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'There is no generation {{id}}.', hint: 'It may have been deleted; look in the gallery.' },
    fr: { message: 'La génération {{id}} n’existe pas.', hint: 'Elle a peut-être été supprimée ; voyez la galerie.' },
  },
  'image.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'There is no image {{id}}.', hint: 'It may have been deleted; look in the gallery.' },
    fr: { message: 'L’image {{id}} n’existe pas.', hint: 'Elle a peut-être été supprimée ; voyez la galerie.' },
  },
  'generation.interrupted-by-restart': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Regie was restarted before this generation ended, and the service does not know it any more.',
      hint: 'Generate again with the same parameters and seed.',
    },
    fr: {
      message: 'Regie a été redémarré avant la fin de cette génération, et le service ne la connaît plus.',
      hint: 'Relancez-la avec les mêmes paramètres et la même graine.',
    },
  },
  'generation.service-ended': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{service}} stopped before this generation ended.',
      hint: 'Check the end of its log, start it, and generate again with the same parameters and seed.',
    },
    fr: {
      message: '{{service}} s’est arrêté avant la fin de cette génération.',
      hint: 'Consultez la fin de son journal, démarrez-le, puis relancez avec les mêmes paramètres et la même graine.',
    },
  },
  'generation.queue-full': {
    code: 'TOO_MANY_REQUESTS',
    en: {
      message: '{{limit}} generations are already waiting on {{service}}.',
      hint: 'Wait until some are done, or cancel some.',
    },
    fr: {
      message: '{{limit}} générations attendent déjà sur {{service}}.',
      hint: 'Attendez que certaines se terminent, ou annulez-en.',
    },
  },
  'generation.still-running': {
    code: 'CONFLICT',
    en: { message: 'The generation {{id}} has not ended yet.', hint: 'Cancel it first, then delete it.' },
    fr: { message: 'La génération {{id}} n’est pas terminée.', hint: 'Annulez-la d’abord, puis supprimez-la.' },
  },
  'generation.not-yours': {
    code: 'FORBIDDEN',
    en: {
      message: 'Generation {{id}} belongs to someone else.',
      hint: 'Ask the person who made it, or an administrator.',
    },
    fr: {
      message: 'La génération {{id}} appartient à quelqu’un d’autre.',
      hint: 'Demandez à son auteur ou à un administrateur.',
    },
  },
  'generation.too-many-tags': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'An image has at most {{limit}} tags.', hint: 'Remove some first.' },
    fr: { message: 'Une image porte au plus {{limit}} étiquettes.', hint: 'Retirez-en d’abord.' },
  },
  'generation.nothing-to-archive': {
    code: 'NOT_FOUND',
    en: {
      message: 'None of these generations has an image whose file is there.',
      hint: 'Choose others in the gallery.',
    },
    fr: {
      message: 'Aucune de ces générations n’a d’image dont le fichier soit présent.',
      hint: 'Choisissez-en d’autres dans la galerie.',
    },
  },
  'preset.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'There is no preset {{id}}.', hint: 'It may have been deleted.' },
    fr: { message: 'Le préréglage {{id}} n’existe pas.', hint: 'Il a peut-être été supprimé.' },
  },
  'preset.name-taken': {
    code: 'CONFLICT',
    en: { message: 'There is already a preset {{name}}.', hint: 'Choose another name, or replace that preset.' },
    fr: { message: 'Il existe déjà un préréglage {{name}}.', hint: 'Choisissez un autre nom, ou remplacez-le.' },
  },
  'preset.too-many': {
    code: 'CONFLICT',
    en: { message: 'There are already {{limit}} presets.', hint: 'Delete some first.' },
    fr: { message: 'Il existe déjà {{limit}} préréglages.', hint: 'Supprimez-en d’abord.' },
  },
  'preset.too-much': {
    code: 'CONFLICT',
    en: { message: 'Your presets hold too much text.', hint: 'Delete some first, or shorten this one.' },
    fr: {
      message: 'Vos préréglages contiennent trop de texte.',
      hint: 'Supprimez-en d’abord, ou raccourcissez celui-ci.',
    },
  },
  'archive.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'There is no archive {{id}}.', hint: 'It is kept for ten minutes; order it again.' },
    fr: { message: 'L’archive {{id}} n’existe pas.', hint: 'Elle est gardée dix minutes ; demandez-la de nouveau.' },
  },
  'generation.bad-cursor': {
    code: 'BAD_REQUEST',
    en: { message: 'The cursor is not one that Regie gave.', hint: 'Start again from the first page.' },
    fr: { message: 'Ce curseur ne vient pas de Regie.', hint: 'Recommencez à la première page.' },
  },
  'generation.bad-image': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'What the service sent as an image cannot be read: {{detail}}',
      hint: 'Check the format that the service saves: PNG, JPEG, WebP, GIF, AVIF, EXR, MP4, WebM, MKV and MOV are kept.',
    },
    fr: {
      message: 'Ce que le service a envoyé comme image est illisible : {{detail}}',
      hint: 'Vérifiez le format qu’enregistre le service : PNG, JPEG, WebP, GIF, AVIF, EXR, MP4, WebM, MKV et MOV sont conservés.',
    },
  },
  'generation.not-kept': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The service made files that Regie does not keep: {{files}}',
      hint: 'Regie keeps images and videos. The service keeps these files in {{place}}: take them from there.',
    },
    fr: {
      message: 'Le service a produit des fichiers que Regie ne conserve pas : {{files}}',
      hint: 'Regie conserve les images et les vidéos. Le service garde ces fichiers dans {{place}} : prenez-les là.',
    },
  },
  'generation.too-large': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message:
        'None of the {{count}} files was taken: the first is larger than {{limit}}, which is what Regie takes of one generation.',
      hint: 'The service keeps them in {{place}}. Take them from there.',
    },
    fr: {
      message:
        'Aucun des {{count}} fichiers n’a été pris : le premier dépasse {{limit}}, ce que Regie prend d’une génération.',
      hint: 'Le service les garde dans {{place}}. Prenez-les là.',
    },
  },
  'generation.no-room': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message:
        'None of the {{count}} files was taken: less than 1 GiB would have stayed free on the disk of the data folder.',
      hint: 'Free some space there. The service keeps the files in {{place}}.',
    },
    fr: {
      message:
        'Aucun des {{count}} fichiers n’a été pris : il serait resté moins de 1 Gio libre sur le disque du dossier de données.',
      hint: 'Libérez-y de l’espace. Le service garde les fichiers dans {{place}}.',
    },
  },
  'generation.cannot-keep': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The image could not be written to the data folder ({{detail}}).',
      hint: 'Check the free space and the permissions of the data folder, then generate again.',
    },
    fr: {
      message: 'L’image n’a pas pu être écrite dans le dossier de données ({{detail}}).',
      hint: 'Vérifiez l’espace libre et les droits du dossier de données, puis relancez la génération.',
    },
  },
  'generation.internal': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Regie itself failed during this generation.',
      hint: 'Generate again. If it happens again, report it with the end of Regie’s log.',
    },
    fr: {
      message: 'Regie lui-même a échoué pendant cette génération.',
      hint: 'Relancez-la. Si cela se reproduit, signalez-le avec la fin du journal de Regie.',
    },
  },
  'database.moved-aside': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The gallery’s database could not be read and was kept as {{kept}}.',
      hint: 'Regie started with an empty gallery; the images are still in the data folder. Repair that file and put it back to see them again.',
    },
    fr: {
      message: 'La base de la galerie est illisible ; elle a été conservée sous {{kept}}.',
      hint: 'Regie a démarré avec une galerie vide ; les images sont toujours dans le dossier de données. Réparez ce fichier et remettez-le pour les revoir.',
    },
  },
  'database.newer': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The data folder was written by a newer Regie (format {{found}}, this one knows {{known}}).',
      hint: 'Start that newer version, or choose another data folder.',
    },
    fr: {
      message:
        'Le dossier de données vient d’une version plus récente de Regie (format {{found}}, celle-ci connaît {{known}}).',
      hint: 'Démarrez cette version plus récente, ou choisissez un autre dossier de données.',
    },
  },
})
