import { defineProblems } from './define'

/** What keeps a leak scan from reading. */
export const leakProblems = defineProblems({
  'leaks.busy': {
    code: 'CONFLICT',
    en: { message: 'A leak scan is running.', hint: 'Wait for its end, or cancel it.' },
    fr: { message: 'Une recherche de fuites est en cours.', hint: 'Attendez sa fin ou annulez-la.' },
  },
  'leaks.not-running': {
    code: 'CONFLICT',
    en: { message: 'No leak scan is running.', hint: 'There is nothing to cancel.' },
    fr: { message: 'Aucune recherche de fuites n’est en cours.', hint: 'Il n’y a rien à annuler.' },
  },
  'leaks.no-credentials': {
    code: 'CONFLICT',
    en: {
      message: 'The vault contains no credential to look for.',
      hint: 'Add a credential first: a scan looks for secrets that Regie manages, and for no others.',
    },
    fr: {
      message: 'Le coffre ne contient aucun identifiant à rechercher.',
      hint: 'Ajoutez d’abord un identifiant : la recherche porte sur les secrets gérés par Regie, et sur aucun autre.',
    },
  },
  'leaks.folder-needed': {
    code: 'BAD_REQUEST',
    en: {
      message: 'Files and git history need a folder.',
      hint: 'Enter the folder to read, or deselect these two sources.',
    },
    fr: {
      message: 'Les fichiers et l’historique git demandent un dossier.',
      hint: 'Indiquez le dossier à lire, ou retirez ces deux sources.',
    },
  },
  'leaks.folder-relative': {
    code: 'BAD_REQUEST',
    en: {
      message: '{{path}} is not an absolute path.',
      hint: 'Enter the absolute path on the machine where Regie runs, such as D:\\Dev\\project or /home/me/project.',
    },
    fr: {
      message: '{{path}} n’est pas un chemin absolu.',
      hint: 'Donnez le chemin complet sur la machine où tourne Regie, par exemple D:\\Dev\\projet ou /home/moi/projet.',
    },
  },
  'leaks.no-folder': {
    code: 'NOT_FOUND',
    en: {
      message: 'There is no readable folder at {{path}}.',
      hint: 'Check the path. It must be on the machine where Regie runs, and Regie must be allowed to read it.',
    },
    fr: {
      message: 'Aucun dossier lisible dans {{path}}.',
      hint: 'Vérifiez le chemin. Il doit se trouver sur la machine où tourne Regie, qui doit avoir le droit de le lire.',
    },
  },
  'leaks.no-git': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The program git was not found.',
      hint: 'Install git to have histories read and ignored files left out. Everything else was read all the same.',
    },
    fr: {
      message: 'Le programme git est introuvable.',
      hint: 'Installez git pour lire les historiques et écarter les fichiers ignorés. Tout le reste a été lu quand même.',
    },
  },
  'leaks.git-failed': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'git could not read {{repository}}.',
      hint: 'git said: {{detail}}',
    },
    fr: {
      message: 'git n’a pas pu lire {{repository}}.',
      hint: 'git a dit : {{detail}}',
    },
  },
  'leaks.git-unreadable': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'Objects that git could not read: {{count}}.',
      hint: 'The repository is damaged there; git fsck names them. Everything else was read.',
    },
    fr: {
      message: 'Objets que git n’a pas pu lire : {{count}}.',
      hint: 'Le dépôt est endommagé à cet endroit ; git fsck les nomme. Tout le reste a été lu.',
    },
  },
  'leaks.log-unreadable': {
    code: 'CONFLICT',
    en: {
      message: 'The container’s logging driver keeps nothing that can be read back.',
      hint: 'Look where its logs are sent to.',
    },
    fr: {
      message: 'Le pilote de journalisation du conteneur ne garde rien de relisible.',
      hint: 'Cherchez là où ses journaux sont envoyés.',
    },
  },
  'leaks.failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'The scan broke off.', hint: 'The panel’s log says why. What was found until then is listed.' },
    fr: {
      message: 'La recherche s’est interrompue.',
      hint: 'Le journal du panneau dit pourquoi. Ce qui avait été trouvé est listé.',
    },
  },
})
