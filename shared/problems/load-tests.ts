import { defineProblems } from './define'

/** Why a load test does not begin, what its images fail at, and how it ends. */
export const loadTestProblems = defineProblems({
  'load-test.late': {
    code: 'GATEWAY_TIMEOUT',
    en: {
      message: 'The image was not finished within {{seconds}} s, the limit of this test.',
      hint: 'Lower the concurrency, or raise the limit.',
    },
    fr: {
      message: 'L’image n’était pas terminée au bout de {{seconds}} s, la limite de ce test.',
      hint: 'Réduisez la simultanéité ou augmentez la limite.',
    },
  },
  'load-test.no-image': {
    code: 'CONFLICT',
    en: {
      message: 'The service reported success and returned no image that can be read.',
      hint: 'Look into its log.',
    },
    fr: {
      message: 'Le service annonce un succès sans donner d’image lisible.',
      hint: 'Consultez son journal.',
    },
  },
  'load-test.cached': {
    code: 'CONFLICT',
    en: {
      message: 'The service answered from its cache: that measures nothing.',
      hint: 'Something between Regie and the service stores its answers.',
    },
    fr: {
      message: 'Le service a répondu depuis son cache : cela ne mesure rien.',
      hint: 'Quelque chose entre Regie et le service garde ses réponses.',
    },
  },
  'load-test.busy': {
    code: 'CONFLICT',
    en: { message: 'A load test of “{{id}}” is running.', hint: 'Wait for its end, or cancel it.' },
    fr: { message: 'Un test de charge de « {{id}} » est en cours.', hint: 'Attendez sa fin ou annulez-le.' },
  },
  'load-test.not-running': {
    code: 'CONFLICT',
    en: { message: 'No load test of “{{id}}” is running.', hint: 'It may just have ended.' },
    fr: {
      message: 'Aucun test de charge de « {{id}} » n’est en cours.',
      hint: 'Il vient peut-être de se terminer.',
    },
  },
  'load-test.not-ready': {
    code: 'CONFLICT',
    en: { message: '“{{id}}” is not ready.', hint: 'Start it first.' },
    fr: {
      message: '« {{id}} » n’est pas prêt.',
      hint: 'Démarrez-le d’abord.',
    },
  },
  'load-test.asleep': {
    code: 'CONFLICT',
    en: { message: '“{{id}}” is asleep: the load test wakes it first.', hint: 'Its start counts for no image.' },
    fr: {
      message: '« {{id}} » est en veille : le test de charge le réveille d’abord.',
      hint: 'Son démarrage ne compte pour aucune image.',
    },
  },
  'load-test.rotating': {
    code: 'CONFLICT',
    en: {
      message: 'The credential of “{{id}}” is being rotated.',
      hint: 'Begin when the rotation has ended.',
    },
    fr: {
      message: 'L’identifiant de « {{id}} » est en cours de renouvellement.',
      hint: 'Lancez le test quand le renouvellement sera terminé.',
    },
  },
  'load-test.updating': {
    code: 'CONFLICT',
    en: { message: '“{{id}}” is being updated.', hint: 'Begin when the update has ended.' },
    fr: { message: '« {{id}} » est en cours de mise à jour.', hint: 'Lancez le test quand elle sera terminée.' },
  },
  'load-test.others-work': {
    code: 'CONFLICT',
    en: {
      message: 'Other jobs run or wait on “{{id}}” or its card: {{count}}.',
      hint: 'Their images will take longer, and the figures will be worse. Confirm, or wait for their end.',
    },
    fr: {
      message: 'D’autres tâches sont en cours ou en attente sur « {{id}} » ou sa carte : {{count}}.',
      hint: 'Leurs images prendront plus de temps et les mesures seront moins bonnes. Confirmez ou attendez leur fin.',
    },
  },
  'load-test.load-unknown': {
    code: 'CONFLICT',
    en: {
      message: 'Whether others work on “{{id}}” is not known.',
      hint: 'Confirm where you know that nobody does.',
    },
    fr: {
      message: 'On ne sait pas si d’autres travaillent sur « {{id}} ».',
      hint: 'Confirmez si vous savez que personne n’y travaille.',
    },
  },
  'load-test.given-up': {
    code: 'CONFLICT',
    en: {
      message: 'The test was given up after {{count}} errors in a row: {{why}}',
      hint: 'Look at the service, then run the test again.',
    },
    fr: {
      message: 'Le test a été abandonné après {{count}} erreurs de suite : {{why}}',
      hint: 'Vérifiez le service, puis relancez le test.',
    },
  },
  'load-test.cancelled': {
    code: 'CONFLICT',
    en: { message: 'The test was cancelled.', hint: 'The figures are those of the images until then.' },
    fr: { message: 'Le test a été annulé.', hint: 'Les mesures portent sur les images faites jusque-là.' },
  },
  'load-test.interrupted': {
    code: 'CONFLICT',
    en: {
      message: 'Regie ended while the test ran.',
      hint: 'The figures are those of the images until then. Run it again for all of them.',
    },
    fr: {
      message: 'Regie s’est arrêté pendant le test.',
      hint: 'Les mesures portent sur les images faites jusque-là. Relancez-le pour les avoir toutes.',
    },
  },
  'load-test.unexpected': {
    code: 'CONFLICT',
    en: { message: 'The test failed unexpectedly.', hint: 'The panel’s log has the details.' },
    fr: { message: 'Le test a échoué de façon inattendue.', hint: 'Le journal du panneau a les détails.' },
  },
  'load-test.family-only': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Load tests run with a family of models, not with an imported workflow.',
      hint: 'Choose a family, or none.',
    },
    fr: {
      message: 'Les tests de charge s’exécutent avec une famille de modèles, pas avec un workflow importé.',
      hint: 'Choisissez une famille, ou aucune.',
    },
  },
  'load-test.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'There is no load test “{{id}}” of this service.', hint: 'Reload the page.' },
    fr: { message: 'Ce service n’a pas de test de charge « {{id}} ».', hint: 'Rechargez la page.' },
  },
})
