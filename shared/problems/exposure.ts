import { defineProblems } from './define'

export const exposureProblems = defineProblems({
  'door.other-host': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{host}} is not an address of this machine, and the exposure test asks no other machine.',
      hint: 'Run Regie on the machine where the service runs, or give the service an address such as http://127.0.0.1:8188.',
    },
    fr: {
      message:
        '{{host}} n’est pas une adresse de cette machine, et le test d’exposition n’interroge aucune autre machine.',
      hint: 'Lancez Regie sur la machine du service, ou donnez au service une adresse comme http://127.0.0.1:8188.',
    },
  },
  'door.busy': {
    code: 'CONFLICT',
    en: { message: 'The exposure of {{id}} is being tested already.', hint: 'Wait for its result, or cancel it.' },
    fr: { message: 'L’exposition de {{id}} est déjà en cours de test.', hint: 'Attendez le résultat, ou annulez-le.' },
  },
  'door.not-running': {
    code: 'CONFLICT',
    en: { message: 'No exposure test of {{id}} is running.', hint: 'Start one.' },
    fr: { message: 'Aucun test d’exposition de {{id}} n’est en cours.', hint: 'Lancez-en un.' },
  },
  'door.not-found': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'Something answers at port {{port}}, but nothing of {{program}} was found there, so there is no grade.',
      hint: 'Check the address: another program may have the port, or a proxy may serve {{program}} below a path.',
    },
    fr: {
      message:
        'Quelque chose répond au port {{port}}, mais rien de {{program}} n’y a été trouvé : il n’y a donc pas de note.',
      hint: 'Vérifiez l’adresse : un autre programme occupe peut-être le port, ou un proxy sert {{program}} sous un chemin.',
    },
  },
  'door.unreachable': {
    code: 'CONFLICT',
    en: {
      message: 'Nothing answers at port {{port}} on any address of this machine, so there is nothing to grade.',
      hint: 'Start the service and test again.',
    },
    fr: {
      message: 'Rien ne répond au port {{port}} sur aucune adresse de cette machine : il n’y a rien à noter.',
      hint: 'Démarrez le service et testez de nouveau.',
    },
  },
  'door.failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The exposure test did not come to its end.',
      hint: 'Test again; the panel’s log says why it failed.',
    },
    fr: {
      message: 'Le test d’exposition n’est pas allé à son terme.',
      hint: 'Testez de nouveau ; le journal du panneau dit pourquoi il a échoué.',
    },
  },
  'door.control-network': {
    code: 'CONFLICT',
    en: {
      message: 'Anyone who reaches this machine over a network can use it without a password: {{surfaces}}.',
      hint: 'Publish the port on 127.0.0.1 only, and switch the service’s own login on. Then restart it and test again.',
    },
    fr: {
      message:
        'Toute personne qui atteint cette machine par le réseau peut s’en servir sans mot de passe : {{surfaces}}.',
      hint: 'Publiez le port sur 127.0.0.1 seulement et activez la protection du service. Puis redémarrez-le et testez de nouveau.',
    },
  },
  'door.control-local': {
    code: 'CONFLICT',
    en: {
      message: 'Any program on this machine can use it without a password, and so can a reverse proxy: {{surfaces}}.',
      hint: 'Give the service a credential and switch its own login on, then restart it and test again.',
    },
    fr: {
      message:
        'Tout programme de cette machine, un proxy inverse aussi, peut s’en servir sans mot de passe : {{surfaces}}.',
      hint: 'Donnez au service un identifiant et activez sa protection, puis redémarrez-le et testez de nouveau.',
    },
  },
  'door.forge-api-open': {
    code: 'CONFLICT',
    en: {
      message: 'The web page asks for a password, but the API does not: --gradio-auth leaves it open ({{surfaces}}).',
      hint: 'Start Forge with --api-auth too. Anyone can generate images now, and read the password from /sdapi/v1/cmd-flags: change it.',
    },
    fr: {
      message: 'La page web demande un mot de passe, mais pas l’API : --gradio-auth la laisse ouverte ({{surfaces}}).',
      hint: 'Lancez aussi Forge avec --api-auth. N’importe qui peut générer des images et lire le mot de passe dans /sdapi/v1/cmd-flags : changez-le.',
    },
  },
  'door.forge-ui-open': {
    code: 'CONFLICT',
    en: {
      message: 'The API asks for a password, but the web page does not: {{surfaces}}.',
      hint: 'Start Forge with --gradio-auth too, or with --nowebui if nobody needs the page.',
    },
    fr: {
      message: 'L’API demande un mot de passe, mais pas la page web : {{surfaces}}.',
      hint: 'Lancez aussi Forge avec --gradio-auth, ou avec --nowebui si personne n’a besoin de la page.',
    },
  },
  'door.empty-token': {
    code: 'CONFLICT',
    en: {
      message:
        'An empty token opens everything: {{surfaces}}. ComfyUI-Login has no password yet, or an empty PASSWORD file.',
      hint: 'Write the credential to the PASSWORD file (Sync on the Credentials page) and restart the service.',
    },
    fr: {
      message:
        'Un jeton vide ouvre tout : {{surfaces}}. ComfyUI-Login n’a pas de mot de passe, ou son fichier PASSWORD est vide.',
      hint: 'Écrivez l’identifiant dans le fichier PASSWORD (Synchroniser, page Identifiants) et redémarrez le service.',
    },
  },
  'door.login-open': {
    code: 'CONFLICT',
    en: {
      message: 'The sign-in page is open: it offers guest access, or to choose the password.',
      hint: 'Remove the GUEST_MODE file, see that the PASSWORD file contains the hash, and restart the service. Guests read everything, logs with the token included.',
    },
    fr: {
      message: 'La page de connexion est ouverte : elle propose un accès invité, ou de choisir le mot de passe.',
      hint: 'Supprimez le fichier GUEST_MODE, vérifiez que le fichier PASSWORD contient le hachage, et redémarrez le service. Un invité lit tout, y compris les journaux avec le jeton.',
    },
  },
  'door.unclear-network': {
    code: 'CONFLICT',
    en: {
      message: 'From the network, some answers are neither a refusal nor a welcome: {{surfaces}}.',
      hint: 'Look at the answers in the table: a proxy may stand in front, or the service may be failing.',
    },
    fr: {
      message: 'Depuis le réseau, certaines réponses ne sont ni un refus ni un accueil : {{surfaces}}.',
      hint: 'Regardez les réponses dans le tableau : un proxy est peut-être devant, ou le service est en panne.',
    },
  },
  'door.unclear-local': {
    code: 'CONFLICT',
    en: {
      message: 'On this machine, some answers are neither a refusal nor a welcome: {{surfaces}}.',
      hint: 'Look at the answers in the table: a proxy may stand in front, or the service may be failing.',
    },
    fr: {
      message: 'Sur cette machine, certaines réponses ne sont ni un refus ni un accueil : {{surfaces}}.',
      hint: 'Regardez les réponses dans le tableau : un proxy est peut-être devant, ou le service est en panne.',
    },
  },
  'door.data-network': {
    code: 'CONFLICT',
    en: {
      message:
        'Saved workflows and settings can be read, replaced and deleted from the network without a password: {{surfaces}}.',
      hint: 'ComfyUI-Login leaves paths that end in .js, .css or .ico open. Publish the port on 127.0.0.1 only.',
    },
    fr: {
      message:
        'Workflows et réglages peuvent être lus, remplacés et supprimés depuis le réseau sans mot de passe : {{surfaces}}.',
      hint: 'ComfyUI-Login laisse ouverts les chemins finissant par .js, .css ou .ico. Publiez le port sur 127.0.0.1 seulement.',
    },
  },
  'door.data-local': {
    code: 'CONFLICT',
    en: {
      message: 'Programs on this machine can read and replace saved workflows without a password: {{surfaces}}.',
      hint: 'A known hole of ComfyUI-Login: it leaves paths that end in .js, .css or .ico open. Bound to this machine it is bearable.',
    },
    fr: {
      message:
        'Les programmes de cette machine peuvent lire et remplacer les workflows sans mot de passe : {{surfaces}}.',
      hint: 'Faille connue de ComfyUI-Login : les chemins finissant par .js, .css ou .ico restent ouverts. Limité à cette machine, c’est supportable.',
    },
  },
  'door.facts-network': {
    code: 'CONFLICT',
    en: {
      message: 'From the network, anyone can learn about the service (lists, load, versions): {{surfaces}}.',
      hint: 'No setting of the program guards these routes. Publish the port on 127.0.0.1 only.',
    },
    fr: {
      message:
        'Depuis le réseau, des personnes sans identifiant se renseignent sur le service (listes, charge, versions) : {{surfaces}}.',
      hint: 'Aucun réglage du programme ne protège ces routes. Publiez le port sur 127.0.0.1 seulement.',
    },
  },
  'door.facts-local': {
    code: 'CONFLICT',
    en: {
      message: 'Programs on this machine can learn about the service (lists, load, versions): {{surfaces}}.',
      hint: 'No setting of the program guards these routes; bound to this machine they do no harm.',
    },
    fr: {
      message:
        'Les programmes de cette machine se renseignent sur le service (listes, charge, versions) : {{surfaces}}.',
      hint: 'Aucun réglage du programme ne protège ces routes ; limitées à cette machine, elles sont sans danger.',
    },
  },
  'door.plain-http': {
    code: 'CONFLICT',
    en: {
      message:
        'It answers on the network over plain HTTP, where passwords and images can be read on their way: {{addresses}}.',
      hint: 'Publish the port on 127.0.0.1 only, and reach it through a proxy with a certificate.',
    },
    fr: {
      message:
        'Il répond sur le réseau en HTTP clair ; mots de passe et images sont lisibles en chemin : {{addresses}}.',
      hint: 'Publiez le port sur 127.0.0.1 seulement, et passez par un proxy doté d’un certificat.',
    },
  },
  'door.binding-differs': {
    code: 'CONFLICT',
    en: {
      message: 'The container is bound to {{live}}, although its Compose files say {{file}} by now.',
      hint: 'Recreate the container: a restart keeps the old binding.',
    },
    fr: {
      message: 'Le conteneur est lié à {{live}}, alors que ses fichiers Compose disent désormais {{file}}.',
      hint: 'Recréez le conteneur : un redémarrage garde l’ancienne liaison.',
    },
  },
})
