import { defineProblems } from './define'

/** What golden checks fail at, and why one is not run. */
export const goldenProblems = defineProblems({
  'golden.no-image': {
    code: 'CONFLICT',
    en: {
      message: 'The service reported success and returned no image that can be read.',
      hint: 'Look into its log, then run the check again.',
    },
    fr: {
      message: 'Le service annonce un succès sans donner d’image lisible.',
      hint: 'Consultez son journal, puis relancez la vérification.',
    },
  },
  'golden.late': {
    code: 'GATEWAY_TIMEOUT',
    en: {
      message: 'The image was not finished within {{seconds}} s.',
      hint: 'The service hangs or computes without its card: look at its log and at the GPU, then restart it.',
    },
    fr: {
      message: 'L’image n’était pas terminée au bout de {{seconds}} s.',
      hint: 'Le service est bloqué ou calcule sans sa carte : consultez son journal et le GPU, puis redémarrez-le.',
    },
  },
  'golden.size': {
    code: 'CONFLICT',
    en: {
      message: 'The image has {{got}} pixels in place of {{wanted}}.',
      hint: 'The service understands the order in another way: an extension or a setting changes the size.',
    },
    fr: {
      message: 'L’image fait {{got}} pixels au lieu de {{wanted}}.',
      hint: 'Le service comprend la demande autrement : une extension ou un réglage change la taille.',
    },
  },
  'golden.black': {
    code: 'CONFLICT',
    en: {
      message: 'The image is black.',
      hint: 'The number format does not suit the card, or the VAE is missing.',
    },
    fr: {
      message: 'L’image est noire.',
      hint: 'Le format de nombres ne convient pas à la carte, ou le VAE manque.',
    },
  },
  'golden.flat': {
    code: 'CONFLICT',
    en: {
      message: 'The image is one flat colour.',
      hint: 'The model computes nothing of use: check its file and the VAE.',
    },
    fr: {
      message: 'L’image est un aplat uni.',
      hint: 'Le modèle ne calcule rien d’utile : vérifiez son fichier et le VAE.',
    },
  },
  'golden.cached': {
    code: 'CONFLICT',
    en: {
      message: 'The service answered from its cache: that verifies nothing.',
      hint: 'Run the check again. If that repeats, something between Regie and the service stores its answers.',
    },
    fr: {
      message: 'Le service a répondu depuis son cache : cela ne vérifie rien.',
      hint: 'Relancez la vérification. Si cela se répète, quelque chose entre Regie et le service garde ses réponses.',
    },
  },
  'golden.differs': {
    code: 'CONFLICT',
    en: {
      message: 'The image differs from the golden image: similarity {{value}}.',
      hint: 'Compare both. Where the new one is right, set it as the golden image.',
    },
    fr: {
      message: 'L’image diffère de l’image de référence : similarité {{value}}.',
      hint: 'Comparez les deux. Si la nouvelle est correcte, faites-en l’image de référence.',
    },
  },
  'golden.none': {
    code: 'CONFLICT',
    en: {
      message: 'There is no golden image yet.',
      hint: 'Set the image of a check as the golden image.',
    },
    fr: {
      message: 'Il n’y a pas encore d’image de référence.',
      hint: 'Faites de l’image d’une vérification l’image de référence.',
    },
  },
  'golden.other-settings': {
    code: 'CONFLICT',
    en: {
      message: 'The golden image was generated with other settings.',
      hint: 'Set the image of a new check as the golden image.',
    },
    fr: {
      message: 'L’image de référence a été générée avec d’autres réglages.',
      hint: 'Faites de l’image d’une nouvelle vérification l’image de référence.',
    },
  },
  'golden.busy': {
    code: 'CONFLICT',
    en: { message: 'A golden check of “{{id}}” is running.', hint: 'Wait for its end, or cancel it.' },
    fr: {
      message: 'Une vérification de référence de « {{id}} » est en cours.',
      hint: 'Attendez sa fin ou annulez-la.',
    },
  },
  'golden.not-running': {
    code: 'CONFLICT',
    en: { message: 'No golden check of “{{id}}” is running.', hint: 'It may just have ended.' },
    fr: {
      message: 'Aucune vérification de référence de « {{id}} » n’est en cours.',
      hint: 'Elle vient peut-être de se terminer.',
    },
  },
  'golden.not-ready': {
    code: 'CONFLICT',
    en: { message: '“{{id}}” is not ready.', hint: 'Start it first: golden checks wake no service.' },
    fr: {
      message: '« {{id}} » n’est pas prêt.',
      hint: 'Démarrez-le d’abord : les vérifications de référence ne réveillent aucun service.',
    },
  },
  'golden.others-work': {
    code: 'CONFLICT',
    en: {
      message: 'Other jobs run or wait on “{{service}}”.',
      hint: 'Run the check when they have ended.',
    },
    fr: {
      message: 'D’autres tâches sont en cours ou en attente sur « {{service}} ».',
      hint: 'Lancez la vérification quand elles seront terminées.',
    },
  },
  'golden.yielded': {
    code: 'CONFLICT',
    en: {
      message: 'The check made room for another job.',
      hint: 'It runs again when the service is idle.',
    },
    fr: {
      message: 'La vérification a laissé la place à une autre tâche.',
      hint: 'Elle reprendra quand le service sera inactif.',
    },
  },
  'golden.cancelled': {
    code: 'CONFLICT',
    en: { message: 'The check was cancelled.', hint: 'Run it again at any time.' },
    fr: { message: 'La vérification a été annulée.', hint: 'Relancez-la à tout moment.' },
  },
  'golden.unexpected': {
    code: 'CONFLICT',
    en: { message: 'The check failed unexpectedly.', hint: 'The panel’s log has the details.' },
    fr: { message: 'La vérification a échoué de façon inattendue.', hint: 'Le journal du panneau a les détails.' },
  },
  'golden.family-only': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Golden checks run with a family of models, not with an imported workflow.',
      hint: 'Choose a family, or none.',
    },
    fr: {
      message: 'Les vérifications de référence s’exécutent avec une famille de modèles, pas avec un workflow importé.',
      hint: 'Choisissez une famille, ou aucune.',
    },
  },
  'golden.check-not-found': {
    code: 'NOT_FOUND',
    en: { message: 'There is no check “{{id}}” of this service.', hint: 'Reload the page.' },
    fr: { message: 'Ce service n’a pas de vérification « {{id}} ».', hint: 'Rechargez la page.' },
  },
  'golden.image-gone': {
    code: 'NOT_FOUND',
    en: {
      message: 'The image of this check is no longer stored.',
      hint: 'Only the last one and the golden image are. Run the check again.',
    },
    fr: {
      message: 'L’image de cette vérification n’est plus conservée.',
      hint: 'Seules la dernière et l’image de référence le sont. Relancez la vérification.',
    },
  },
  'golden.image-failed': {
    code: 'CONFLICT',
    en: { message: 'A failed check cannot be the golden one.', hint: 'Run the check again.' },
    fr: { message: 'Une vérification en échec ne peut pas servir de référence.', hint: 'Relancez la vérification.' },
  },
  'attention.golden-slower': {
    code: 'CONFLICT',
    en: {
      message: '“{{service}}” takes {{percent}} % longer than usual for the same image.',
      hint: 'Look at the card’s power limit and temperature, and at what else runs on it; then run the check again.',
    },
    fr: {
      message: '« {{service}} » met {{percent}} % de temps de plus que d’habitude pour la même image.',
      hint: 'Regardez la limite de puissance et la température de la carte, et ce qui y tourne ; puis relancez la vérification.',
    },
  },
  'attention.golden-failed': {
    code: 'CONFLICT',
    en: {
      message: 'The golden check of “{{service}}” failed: {{why}}',
      hint: 'Its Golden check tab shows the image and what was measured.',
    },
    fr: {
      message: 'La vérification de référence de « {{service}} » a échoué : {{why}}',
      hint: 'Son onglet Vérification de référence montre l’image et les mesures.',
    },
  },
})
