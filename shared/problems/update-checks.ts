import { defineProblems } from './define'

/** What a new version of a stack fails at while it is tried. */
export const updateCheckProblems = defineProblems({
  'updates.nodes-missing': {
    code: 'CONFLICT',
    en: {
      message: 'Nodes that the old version has are missing from the new one ({{count}}): {{nodes}}.',
      hint: 'Your workflows may need them. Update or remove those custom nodes, then begin again.',
    },
    fr: {
      message: 'Des nœuds de l’ancienne version manquent dans la nouvelle ({{count}}) : {{nodes}}.',
      hint: 'Vos workflows en ont peut-être besoin. Mettez à jour ces custom nodes, puis recommencez.',
    },
  },
  'updates.import-failed': {
    code: 'CONFLICT',
    en: {
      message: 'Custom nodes could not be imported by the new version: {{nodes}}.',
      hint: 'Update or remove them, then begin again. The log at the failed step says why.',
    },
    fr: {
      message: 'Des custom nodes n’ont pas pu être importés par la nouvelle version : {{nodes}}.',
      hint: 'Mettez-les à jour ou retirez-les, puis recommencez. Le journal de l’étape en échec dit pourquoi.',
    },
  },
  'updates.no-picture': {
    code: 'CONFLICT',
    en: {
      message: 'The new version reported success and returned no image that can be read.',
      hint: 'Nothing to do: the old version answers. Tell whoever maintains the stack.',
    },
    fr: {
      message: 'La nouvelle version annonce un succès sans donner d’image lisible.',
      hint: 'Rien à faire : l’ancienne version répond. Signalez-le à qui maintient la stack.',
    },
  },
  'updates.picture-black': {
    code: 'CONFLICT',
    en: {
      message: 'The test image of the new version is black.',
      hint: 'The number format does not suit the card, or the VAE is missing. The old version answers.',
    },
    fr: {
      message: 'L’image d’essai de la nouvelle version est noire.',
      hint: 'Le format de nombres ne convient pas à la carte, ou le VAE manque. L’ancienne version répond.',
    },
  },
  'updates.picture-flat': {
    code: 'CONFLICT',
    en: {
      message: 'The test image of the new version is one flat colour.',
      hint: 'The model computes nothing of use there. The old version answers.',
    },
    fr: {
      message: 'L’image d’essai de la nouvelle version est un aplat uni.',
      hint: 'Le modèle n’y calcule rien d’utile. L’ancienne version répond.',
    },
  },
  'updates.picture-size': {
    code: 'CONFLICT',
    en: {
      message: 'The test image of the new version has {{got}} pixels in place of {{wanted}}.',
      hint: 'The new version understands the workflow in another way. The old version answers.',
    },
    fr: {
      message: 'L’image d’essai de la nouvelle version fait {{got}} pixels au lieu de {{wanted}}.',
      hint: 'La nouvelle version comprend le workflow autrement. L’ancienne version répond.',
    },
  },
  'updates.picture-cached': {
    code: 'CONFLICT',
    en: {
      message: 'The new version answered from its cache, although it has just been started: that verifies nothing.',
      hint: 'Begin again; if that repeats, something stands between Regie and the service.',
    },
    fr: {
      message: 'La nouvelle version a répondu depuis son cache, ce qui ne prouve rien : elle vient de démarrer.',
      hint: 'Recommencez ; si cela se répète, quelque chose se tient entre Regie et le service.',
    },
  },
  'updates.picture-late': {
    code: 'GATEWAY_TIMEOUT',
    en: {
      message: 'The new version did not finish the test image within {{seconds}} s.',
      hint: 'Nothing to do: the old version answers.',
    },
    fr: {
      message: 'La nouvelle version n’a pas fini l’image d’essai en {{seconds}} s.',
      hint: 'Rien à faire : l’ancienne version répond.',
    },
  },
  'updates.no-test-picture': {
    code: 'CONFLICT',
    en: {
      message: 'No test image was made: the old version cannot make one either ({{cause}}).',
      hint: 'With its models in place the next update can compare images.',
    },
    fr: {
      message: 'Aucune image d’essai : l’ancienne version ne peut pas en faire non plus ({{cause}}).',
      hint: 'Une fois les modèles en place, la prochaine mise à jour comparera les images.',
    },
  },
})
