import { defineProblems } from './define'

/** What the doctor names: how the service is reached, and what keeps it open. The others are in doctor-secrets.ts. */
export const doctorProblems = defineProblems({
  'doctor.not-running': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Nothing answers at {{url}}: the service is not up.',
      hint: 'Start it. If it runs elsewhere, give Regie its address.',
    },
    fr: {
      message: 'Rien ne répond à {{url}} : le service ne tourne pas.',
      hint: 'Démarrez-le. S’il tourne ailleurs, indiquez son adresse à Regie.',
    },
  },
  'doctor.wrong-port': {
    code: 'CONFLICT',
    en: {
      message: 'Another program answers at {{url}}: {{program}}.',
      hint: 'Give Regie the address of the service itself, or free the port. No secret was sent there by the doctor.',
    },
    fr: {
      message: 'Un autre programme répond à {{url}} : {{program}}.',
      hint: 'Donnez à Regie l’adresse du service lui-même, ou libérez le port. Le diagnostic n’y a envoyé aucun secret.',
    },
  },
  'doctor.redirect': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'Instead of a 401 comes a redirect to {{location}}: something in front has a login of its own.',
      hint: 'Give Regie the address behind it, for example the port that the container publishes.',
    },
    fr: {
      message:
        'Au lieu d’un 401 vient une redirection vers {{location}} : quelque chose devant le service demande sa propre connexion.',
      hint: 'Donnez à Regie l’adresse qui se trouve derrière, par exemple le port que le conteneur publie.',
    },
  },
  'doctor.proxy': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'A proxy in front answers in the service’s place: {{answer}}.',
      hint: 'Let the proxy pass the Authorization header on, or give Regie the address behind it.',
    },
    fr: {
      message: 'Un proxy placé devant répond à la place du service : {{answer}}.',
      hint: 'Faites transmettre l’en-tête Authorization par le proxy, ou donnez à Regie l’adresse qui se trouve derrière.',
    },
  },
  'doctor.proxy-drops': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The service started with the right token and does not get to see it: the proxy in front keeps it.',
      hint: 'Let the proxy pass the Authorization header on, or give Regie the address behind it.',
    },
    fr: {
      message: 'Le service a démarré avec le bon jeton et ne le reçoit pas : le proxy placé devant le retient.',
      hint: 'Faites transmettre l’en-tête Authorization par le proxy, ou donnez à Regie l’adresse qui se trouve derrière.',
    },
  },
  'doctor.plugin-not-loaded': {
    code: 'CONFLICT',
    en: {
      message: 'ComfyUI-Login is not loaded: the service is open to everyone.',
      hint: 'Read in the log why its import failed, fix that (missing packages, a broken .secret-key.txt), and restart. Until then nobody is kept out.',
    },
    fr: {
      message: 'ComfyUI-Login n’est pas chargé : le service est ouvert à tous.',
      hint: 'Lisez dans le journal pourquoi son import a échoué, corrigez (paquets manquants, .secret-key.txt abîmé) et redémarrez. D’ici là, personne n’est arrêté.',
    },
  },
  'doctor.no-password': {
    code: 'CONFLICT',
    en: {
      message:
        'No password is set yet: an empty token opens the service, and anyone who comes first chooses the password.',
      hint: 'Write the vault’s value to the PASSWORD file. It works at once, without a restart.',
    },
    fr: {
      message:
        'Aucun mot de passe n’est encore défini : un jeton vide ouvre le service, et le premier venu choisit le mot de passe.',
      hint: 'Écrivez la valeur du coffre dans le fichier PASSWORD. Elle vaut aussitôt, sans redémarrage.',
    },
  },
  'doctor.not-protected': {
    code: 'CONFLICT',
    en: {
      message: 'Forge was started without --api-auth and without --gradio-auth: it is open to everyone.',
      hint: 'Add both flags to its arguments with the credential of the vault, and restart it.',
    },
    fr: {
      message: 'Forge a été lancé sans --api-auth ni --gradio-auth : il est ouvert à tous.',
      hint: 'Ajoutez les deux options à ses arguments avec l’identifiant du coffre, puis relancez-le.',
    },
  },
  'doctor.guest-mode': {
    code: 'CONFLICT',
    en: {
      message: 'Guest mode is on: anyone who comes may read everything, the log with the token included.',
      hint: 'Delete {{file}} in ComfyUI’s folder. Guests that are in stay in until the session key changes.',
    },
    fr: {
      message: 'Le mode invité est actif : n’importe qui peut tout lire, y compris le journal avec le jeton.',
      hint: 'Supprimez {{file}} dans le dossier de ComfyUI. Les invités déjà entrés le restent jusqu’au changement de la clé de session.',
    },
  },
  'doctor.api-off': {
    code: 'CONFLICT',
    en: {
      message: 'Forge answers, and its API is off.',
      hint: 'Start it with --api. Just after a start its routes may come some seconds late: ask again then.',
    },
    fr: {
      message: 'Forge répond, mais son API est désactivée.',
      hint: 'Lancez-le avec --api. Juste après un démarrage, ses routes peuvent tarder quelques secondes : redemandez alors.',
    },
  },
  'doctor.api-missing': {
    code: 'CONFLICT',
    en: {
      message: 'Forge answers, but the routes of its API and of its extensions are missing.',
      hint: 'If it is still starting, ask again in some seconds. Otherwise the thread that adds them has ended: look at its log. The usual cause is a “:” or “,” in the password of --api-auth.',
    },
    fr: {
      message: 'Forge répond, mais les routes de son API et de ses extensions manquent.',
      hint: 'S’il démarre encore, redemandez dans quelques secondes. Sinon, le thread qui les ajoute s’est arrêté : consultez son journal. La cause habituelle est un « : » ou une « , » dans le mot de passe de --api-auth.',
    },
  },
  'doctor.api-auth-broken': {
    code: 'CONFLICT',
    en: {
      message: 'Forge could not read its --api-auth and went on without an API: a “:” or “,” splits the password.',
      hint: 'Write a password without these characters; those that Regie generates have none.',
    },
    fr: {
      message:
        'Forge n’a pas pu lire son --api-auth et a continué sans API : un « : » ou une « , » coupe le mot de passe.',
      hint: 'Écrivez un mot de passe sans ces caractères ; ceux que Regie crée n’en ont pas.',
    },
  },
  'doctor.web-thread-ended': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} runs, but the thread that serves its pages and its API has ended: {{line}}',
      hint: 'It does not recover on its own. Fix what the line says, then restart the service.',
    },
    fr: {
      message: '{{id}} tourne, mais le thread qui sert ses pages et son API s’est arrêté : {{line}}',
      hint: 'Il ne se rétablit pas automatiquement. Corrigez ce que dit la ligne, puis redémarrez le service.',
    },
  },
  'doctor.other-card': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} asks for one GPU and works on another.',
      hint: 'Name the card that is meant by its UUID. The identity of the card shows the lines.',
    },
    fr: {
      message: '{{id}} demande une carte et travaille sur une autre.',
      hint: 'Désignez la carte voulue par son UUID. L’identité de la carte montre les lignes.',
    },
  },
  'doctor.no-credential': {
    code: 'CONFLICT',
    en: {
      message: 'The service asks for a credential, and Regie has none for it.',
      hint: 'Choose one in its connection settings.',
    },
    fr: {
      message: 'Le service demande un identifiant, et Regie n’en a pas pour lui.',
      hint: 'Choisissez-en un dans ses paramètres de connexion.',
    },
  },
  'doctor.vault-locked': {
    code: 'CONFLICT',
    en: { message: 'The vault is locked, so Regie has nothing to show.', hint: 'Unlock the vault.' },
    fr: { message: 'Le coffre est verrouillé : Regie n’a rien à présenter.', hint: 'Déverrouillez le coffre.' },
  },
  'doctor.gone': {
    code: 'NOT_FOUND',
    en: {
      message: 'No value of this fingerprint is accepted by {{id}} any more.',
      hint: 'Run the diagnosis again: something changed since.',
    },
    fr: {
      message: '{{id}} n’accepte plus aucune valeur de cette empreinte.',
      hint: 'Relancez le diagnostic : quelque chose a changé depuis.',
    },
  },
})
