import { defineProblems } from './define'

/** What can be wrong with a picture that somebody gives to generate from. */
export const pictureProblems = defineProblems({
  'picture.not-found': {
    code: 'NOT_FOUND',
    en: {
      message: 'There is no image {{id}} among those that you gave.',
      hint: 'Give it again: unused ones go after 7 days.',
    },
    fr: {
      message: 'L’image {{id}} n’est pas parmi celles que vous avez données.',
      hint: 'Donnez-la de nouveau : celles qui ne servent pas sont supprimées après 7 jours.',
    },
  },
  'picture.unreadable': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'That file is no image that can be read: {{detail}}.',
      hint: 'Give a PNG, JPEG, WebP, AVIF or GIF file.',
    },
    fr: {
      message: 'Ce fichier n’est pas une image lisible : {{detail}}.',
      hint: 'Donnez un fichier PNG, JPEG, WebP, AVIF ou GIF.',
    },
  },
  'picture.not-usable': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Regie cannot generate from a file of the type {{type}}.',
      hint: 'Use a PNG, JPEG, WebP, AVIF or GIF image; save this one as PNG with a program that opens it.',
    },
    fr: {
      message: 'Regie ne peut pas générer à partir d’un fichier de type {{type}}.',
      hint: 'Utilisez une image PNG, JPEG, WebP, AVIF ou GIF ; enregistrez celle-ci en PNG avec un programme qui l’ouvre.',
    },
  },
  'picture.too-many-pixels': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The image of {{width}}×{{height}} pixels is too large.',
      hint: 'At most {{most}} million pixels and {{side}} a side are taken: make it smaller first.',
    },
    fr: {
      message: 'L’image de {{width}}×{{height}} pixels est trop grande.',
      hint: 'Au plus {{most}} millions de pixels et {{side}} par côté : réduisez-la d’abord.',
    },
  },
  'picture.too-many': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'You gave more than {{limit}} MB of images that no generation uses.',
      hint: 'Generate from one that you gave, or wait: unused ones go after 7 days.',
    },
    fr: {
      message: 'Vous avez donné plus de {{limit}} Mo d’images qui ne servent à aucune génération.',
      hint: 'Générez à partir de l’une d’elles, ou attendez : celles qui ne servent pas sont supprimées après 7 jours.',
    },
  },
  'picture.mask-alone': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'A mask was given without the image that it belongs to.', hint: 'Give the image too.' },
    fr: { message: 'Un masque a été donné sans l’image correspondante.', hint: 'Donnez aussi l’image.' },
  },
  'picture.mask-size': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The mask is {{mask}} pixels, the image {{source}}.',
      hint: 'Draw the mask at the size of the image.',
    },
    fr: {
      message: 'Le masque fait {{mask}} pixels, l’image {{source}}.',
      hint: 'Dessinez le masque à la taille de l’image.',
    },
  },
  'backend.picture-too-large': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The service does not take an image of {{size}}.',
      hint: 'Give a smaller one, or raise --max-upload-size of ComfyUI, or the limit of the proxy before it.',
    },
    fr: {
      message: 'Le service n’accepte pas une image de {{size}}.',
      hint: 'Donnez-en une plus petite, ou augmentez --max-upload-size de ComfyUI ou la limite du proxy.',
    },
  },
  'backend.pictures-unknown': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Images cannot be given to this service from here.',
      hint: 'Generate from text, or send the image through the panel.',
    },
    fr: {
      message: 'On ne peut pas donner d’images à ce service d’ici.',
      hint: 'Générez à partir d’un texte, ou passez par le panneau.',
    },
  },
})
