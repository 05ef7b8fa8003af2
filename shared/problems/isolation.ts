import { defineProblems } from './define'

/** Why somebody may not ask a service something, though he may use it. */
export const isolationProblems = defineProblems({
  'gateway.admin-only': {
    code: 'FORBIDDEN',
    en: {
      message: 'This concerns everybody who uses {{id}}: only an administrator may do it.',
      hint: 'Ask an administrator, or do it for your own jobs alone.',
    },
    fr: {
      message: 'Cela concerne toutes les personnes qui utilisent {{id}} : seul un administrateur peut le faire.',
      hint: 'Adressez-vous à un administrateur, ou faites-le pour vos seuls travaux.',
    },
  },
  'gateway.unknown-route': {
    code: 'FORBIDDEN',
    en: {
      message: 'The gateway does not know {{path}}, and lets only administrators ask it on {{id}}.',
      hint: 'An administrator can allow unknown routes of custom nodes: Services → {{id}} → Gateway.',
    },
    fr: {
      message: 'La passerelle ne connaît pas {{path}} et ne laisse que les administrateurs l’appeler sur {{id}}.',
      hint: 'Un administrateur peut autoriser les routes inconnues des nœuds personnalisés : Services → {{id}} → Passerelle.',
    },
  },
  'gateway.file-by-link': {
    code: 'FORBIDDEN',
    en: {
      message: '{{input}} of {{node}} comes from another node, so nobody sees which file it reads.',
      hint: 'Choose the file in {{node}} itself.',
    },
    fr: {
      message: '{{input}} de {{node}} vient d’un autre nœud : personne ne voit quel fichier il lit.',
      hint: 'Choisissez le fichier dans {{node}} même.',
    },
  },
  'gateway.not-your-folder': {
    code: 'FORBIDDEN',
    en: {
      message: 'The folder {{name}} holds files of others.',
      hint: 'Upload yours into a folder that nobody else uses, and name that.',
    },
    fr: {
      message: 'Le dossier {{name}} contient des fichiers d’autres personnes.',
      hint: 'Téléversez les vôtres dans un dossier que personne d’autre n’utilise, puis indiquez celui-ci.',
    },
  },
  'gateway.not-your-file': {
    code: 'FORBIDDEN',
    en: {
      message: '{{name}} is not a file of yours.',
      hint: 'Upload it yourself under another name, and use the name that the answer gives.',
    },
    fr: {
      message: '{{name}} n’est pas l’un de vos fichiers.',
      hint: 'Téléversez-le vous-même sous un autre nom, puis utilisez le nom donné dans la réponse.',
    },
  },
  'gateway.job-id-taken': {
    code: 'BAD_REQUEST',
    en: {
      message: 'There is a job of this id already, and it is not yours.',
      hint: 'Leave the id out, or make a new one for each job.',
    },
    fr: {
      message: 'Un travail porte déjà cet identifiant, et ce n’est pas le vôtre.',
      hint: 'N’indiquez pas d’identifiant, ou créez-en un pour chaque travail.',
    },
  },
  'gateway.unreadable': {
    code: 'BAD_REQUEST',
    en: {
      message: 'The gateway cannot tell whom this request concerns: {{why}}.',
      hint: 'Correct the client and ask again.',
    },
    fr: {
      message: 'La passerelle ne peut pas déterminer qui cette requête concerne : {{why}}.',
      hint: 'Corrigez le client et recommencez.',
    },
  },
  'gateway.running-unknown': {
    code: 'FORBIDDEN',
    en: {
      message: 'It is not known whose job is running, so that nothing was interrupted.',
      hint: 'Close the request of your own job, or ask an administrator.',
    },
    fr: {
      message: 'On ne sait pas à qui appartient le travail en cours : rien n’a été interrompu.',
      hint: 'Fermez la requête de votre propre travail, ou adressez-vous à un administrateur.',
    },
  },
  'gateway.none-running': {
    code: 'FORBIDDEN',
    en: {
      message: 'None of your jobs is running, so that nothing was interrupted.',
      hint: 'Wait until your own job runs, or ask an administrator.',
    },
    fr: {
      message: 'Aucun de vos travaux n’est en cours : rien n’a été interrompu.',
      hint: 'Attendez que votre travail s’exécute, ou adressez-vous à un administrateur.',
    },
  },
  'gateway.page-function': {
    code: 'FORBIDDEN',
    en: {
      message: 'On the pages of {{id}} people make images; this button or field is for administrators.',
      hint: 'Ask an administrator, or use what the tabs txt2img and img2img offer for one image.',
    },
    fr: {
      message: 'Sur les pages de {{id}}, on crée des images ; ce bouton ou ce champ est réservé aux administrateurs.',
      hint: 'Adressez-vous à un administrateur, ou utilisez ce que les onglets txt2img et img2img proposent pour une image.',
    },
  },
  'gateway.page-waits': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Waiting for its turn',
      hint: 'It begins when the service and its graphics card are free.',
    },
    fr: {
      message: 'En attente de son tour',
      hint: 'Il commence lorsque le service et sa carte graphique sont libres.',
    },
  },
  'gateway.page-paste-empty': {
    code: 'FORBIDDEN',
    en: {
      message: 'With an empty prompt this reads what anybody made last.',
      hint: 'Put the parameters into the prompt first.',
    },
    fr: {
      message: 'Avec un prompt vide, ceci lit ce que n’importe qui a créé en dernier.',
      hint: 'Placez d’abord les paramètres dans le prompt.',
    },
  },
  'gateway.page-unknown': {
    code: 'FORBIDDEN',
    en: {
      message: '{{id}} does not say what its page would call, so that nothing was called.',
      hint: 'Load the page again. If it stays so, use the API, or ask an administrator.',
    },
    fr: {
      message: '{{id}} n’indique pas ce que sa page appellerait : rien n’a été appelé.',
      hint: 'Rechargez la page. Si cela persiste, utilisez l’API ou adressez-vous à un administrateur.',
    },
  },
})
