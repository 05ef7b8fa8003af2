import { defineProblems } from './define'

export const rotationProblems = defineProblems({
  'proof.open': {
    code: 'CONFLICT',
    en: {
      message: '{{service}} answers {{surface}} without any credential: it is not protected.',
      hint: 'Check that the login plugin is loaded or that the password flag is set, then restart the service.',
    },
    fr: {
      message: '{{service}} répond à {{surface}} sans identifiant : il n’est pas protégé.',
      hint: 'Vérifiez que l’extension de connexion est chargée ou que l’option de mot de passe est donnée, puis redémarrez le service.',
    },
  },
  'proof.wrong-accepted': {
    code: 'CONFLICT',
    en: {
      message: '{{service}} still lets the old or a wrong secret in at {{surface}}.',
      hint: 'It probably reads its password from another file than the locations of this credential. Correct the locations.',
    },
    fr: {
      message: '{{service}} accepte encore l’ancien secret, ou un faux, sur {{surface}}.',
      hint: 'Il lit sans doute son mot de passe dans un autre fichier que les emplacements de cet identifiant. Corrigez-les.',
    },
  },
  'proof.session-alive': {
    code: 'CONFLICT',
    en: {
      message: '{{service}} still lets in a browser session from before the rotation, at {{surface}}.',
      hint: 'It reads its session key from another file, or was not restarted. Correct the location of the session key.',
    },
    fr: {
      message: '{{service}} accepte encore une session de navigateur d’avant le renouvellement, sur {{surface}}.',
      hint: 'Il lit sa clé de session dans un autre fichier, ou n’a pas été redémarré. Corrigez l’emplacement de la clé de session.',
    },
  },
  'proof.refused': {
    code: 'CONFLICT',
    en: {
      message: '{{service}} refuses the secret of the vault at {{surface}}.',
      hint: 'If a file was changed since its start, restart the service. Else compare the locations with what it reads.',
    },
    fr: {
      message: '{{service}} refuse le secret du coffre sur {{surface}}.',
      hint: 'Si un fichier a changé depuis son démarrage, redémarrez le service. Sinon, comparez les emplacements avec ce qu’il lit.',
    },
  },
  'proof.gateway': {
    code: 'BAD_GATEWAY',
    en: {
      message:
        'The gateway of {{service}} answers {{status}} at {{surface}}: it does not open the service with this secret.',
      hint: 'The service itself accepted it. Look at its Gateway tab and at the log of Regie, then try again.',
    },
    fr: {
      message:
        'La passerelle de {{service}} répond {{status}} à {{surface}} : elle n’ouvre pas le service avec ce secret.',
      hint: 'Le service lui-même l’a accepté. Regardez son onglet Passerelle et le journal de Regie, puis réessayez.',
    },
  },
  'proof.unexpected': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{service}} answers {{status}} at {{surface}}, which neither lets in nor refuses.',
      hint: 'Look at the log of the service; a proxy in front of it may answer in its place.',
    },
    fr: {
      message: '{{service}} répond {{status}} sur {{surface}}, ce qui n’est ni un accord ni un refus.',
      hint: 'Regardez le journal du service ; un proxy placé devant répond peut-être à sa place.',
    },
  },
  'proof.silent': {
    code: 'GATEWAY_TIMEOUT',
    en: {
      message: '{{service}} is not responding at {{surface}}.',
      hint: 'Start the service, or check its log, then verify the credential again.',
    },
    fr: {
      message: '{{service}} ne répond pas sur {{surface}}.',
      hint: 'Démarrez le service, ou regardez son journal, puis vérifiez de nouveau l’identifiant.',
    },
  },
  'proof.not-running': {
    code: 'CONFLICT',
    en: {
      message: 'Not running, so not asked: {{services}}.',
      hint: 'Start it, then verify the credential again.',
    },
    fr: {
      message: 'À l’arrêt, donc non interrogé : {{services}}.',
      hint: 'Démarrez-le, puis vérifiez de nouveau l’identifiant.',
    },
  },
  'proof.no-surface': {
    code: 'CONFLICT',
    en: {
      message: '{{service}} shows nothing that is protected, so nothing can be verified.',
      hint: 'Check that the service was started with its password options.',
    },
    fr: {
      message: '{{service}} ne montre rien de protégé : rien ne peut être vérifié.',
      hint: 'Vérifiez que le service a été démarré avec ses options de mot de passe.',
    },
  },
  'rotation.running': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} is being rotated.',
      hint: 'Wait until the rotation is finished, or cancel it, then try again.',
    },
    fr: {
      message: 'Un renouvellement de {{id}} est en cours.',
      hint: 'Attendez la fin du renouvellement, ou annulez-le, puis réessayez.',
    },
  },
  'rotation.none': {
    code: 'CONFLICT',
    en: { message: 'No rotation of {{id}} is running.', hint: 'It may have ended already; look at its history.' },
    fr: {
      message: 'Aucun renouvellement de {{id}} n’est en cours.',
      hint: 'Elle est peut-être déjà terminée ; voyez l’historique.',
    },
  },
  'rotation.operation-reused': {
    code: 'CONFLICT',
    en: {
      message: 'The operation id {{operation}} belongs to a rotation of {{id}}.',
      hint: 'Send a new operation id for each rotation.',
    },
    fr: {
      message: 'L’identifiant d’opération {{operation}} appartient à un renouvellement de {{id}}.',
      hint: 'Envoyez un nouvel identifiant d’opération pour chaque renouvellement.',
    },
  },
  'rotation.same-secret': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This is the secret that {{id}} has already.',
      hint: 'Choose another one, or leave it empty and let Regie generate one.',
    },
    fr: {
      message: 'C’est le secret que {{id}} a déjà.',
      hint: 'Choisissez-en un autre, ou laissez Regie en générer un.',
    },
  },
  'rotation.cancelled': {
    code: 'CONFLICT',
    en: {
      message: 'The rotation was cancelled.',
      hint: 'Nothing to do: the old secret is in effect. Rotate again when it suits.',
    },
    fr: {
      message: 'Le renouvellement a été annulé.',
      hint: 'Rien à faire : l’ancien secret reste en vigueur. Relancez le renouvellement quand vous voulez.',
    },
  },
  'rotation.interrupted': {
    code: 'CONFLICT',
    en: {
      message: 'Regie ended in the middle of the rotation.',
      hint: 'The old secret was restored. Rotate again.',
    },
    fr: {
      message: 'Regie s’est arrêté au milieu du renouvellement.',
      hint: 'L’ancien secret a été rétabli. Relancez le renouvellement.',
    },
  },
  'rotation.waiting': {
    code: 'CONFLICT',
    en: {
      message: 'The rotation of {{id}} is not rolled back yet: {{service}} cannot be asked now.',
      hint: 'Start Docker, or the service. Regie keeps both secrets and goes on automatically as soon as it can.',
    },
    fr: {
      message: 'Le renouvellement de {{id}} n’est pas encore annulé : {{service}} ne peut pas être interrogé.',
      hint: 'Démarrez Docker, ou le service. Regie garde les deux secrets et continue automatiquement dès que possible.',
    },
  },
  'rotation.unfinished': {
    code: 'CONFLICT',
    en: {
      message: 'An earlier rotation of {{id}} could not be rolled back: {{cause}}',
      hint: 'Correct what it names, then try again: Regie first finishes the earlier one. It keeps both secrets until then.',
    },
    fr: {
      message: 'Un renouvellement précédent de {{id}} n’a pas pu être annulé : {{cause}}',
      hint: 'Corrigez ce qui est indiqué, puis réessayez : Regie termine d’abord la précédente. D’ici là, il garde les deux secrets.',
    },
  },
  'rotation.unexpected': {
    code: 'CONFLICT',
    en: {
      message: 'A step failed for an unknown reason.',
      hint: 'Look at Regie’s own log (panel.log in the data folder), and report it.',
    },
    fr: {
      message: 'Une étape a échoué pour une raison inconnue de Regie.',
      hint: 'Regardez le journal de Regie (panel.log dans le dossier de données), et signalez-la.',
    },
  },
  'rotation.rolled-back': {
    code: 'CONFLICT',
    en: {
      message: 'The rotation of {{id}} failed at the step “{{step}}” and was rolled back: {{cause}}',
      hint: '{{hint}} The old secret is in effect.',
    },
    fr: {
      message: 'Le renouvellement de {{id}} a échoué à l’étape « {{step}} » et a été annulé : {{cause}}',
      hint: 'Corrigez la cause indiquée, puis relancez le renouvellement. L’ancien secret reste en vigueur.',
    },
  },
  'rotation.failed': {
    code: 'CONFLICT',
    en: {
      message:
        'The rotation of {{id}} failed at the step “{{step}}” ({{cause}}), and rolling back failed too: {{rest}}',
      hint: 'The vault keeps both secrets. Correct what the last message names, then write the vault’s value to all locations and restart the service.',
    },
    fr: {
      message:
        'Le renouvellement de {{id}} a échoué à l’étape « {{step}} » ({{cause}}), et l’annulation aussi : {{rest}}',
      hint: 'Le coffre garde les deux secrets. Corrigez ce que nomme le dernier message, puis réécrivez la valeur du coffre partout et redémarrez le service.',
    },
  },
})
