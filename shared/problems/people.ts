import { defineProblems } from './define'

/** People, their keys, and invitations. */
export const peopleProblems = defineProblems({
  'user.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'There is nobody with the id {{id}}.', hint: 'Refresh the list of people.' },
    fr: { message: 'Personne ne porte l’identifiant {{id}}.', hint: 'Actualisez la liste des personnes.' },
  },
  'user.id-taken': {
    code: 'CONFLICT',
    en: {
      message: 'The id {{id}} is taken, or was somebody’s who has been removed.',
      hint: 'Choose another: what a removed person made still carries their id.',
    },
    fr: {
      message: 'L’identifiant {{id}} est pris, ou était celui d’une personne supprimée.',
      hint: 'Choisissez-en un autre : ce qu’une personne supprimée a créé porte encore son identifiant.',
    },
  },
  'user.name-taken': {
    code: 'CONFLICT',
    en: {
      message: 'Somebody is called {{name}} already.',
      hint: 'People sign in by their name: choose one that nobody could take for another, for instance with a family name.',
    },
    fr: {
      message: 'Quelqu’un s’appelle déjà {{name}}.',
      hint: 'On se connecte par son nom : choisissez-en un que personne ne puisse confondre, par exemple avec un nom de famille.',
    },
  },
  'people.same-names': {
    code: 'CONFLICT',
    en: {
      message: 'More than one person is called so: {{names}}.',
      hint: 'They sign in by their id, for their name could mean either. Rename one of them in People.',
    },
    fr: {
      message: 'Plusieurs personnes s’appellent ainsi : {{names}}.',
      hint: 'Elles se connectent par leur identifiant, car leur nom pourrait désigner l’une ou l’autre. Renommez-en une dans Personnes.',
    },
  },
  'people.clock-behind': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The clock of this machine says {{now}}, and Regie has run at {{seen}} already.',
      hint: 'Keys and invitations end by the later time, so that a clock that was set back revives none. Set the clock right. Should the later time be the wrong one: stop Regie, delete {{file}} and start it again.',
    },
    fr: {
      message: 'L’horloge de cette machine indique {{now}}, or Regie a déjà fonctionné à {{seen}}.',
      hint: 'Les clés et les invitations prennent fin selon l’heure la plus tardive, pour qu’une horloge reculée n’en ranime aucune. Réglez l’horloge. Si c’est l’heure la plus tardive qui est fausse : arrêtez Regie, supprimez {{file}} et relancez-le.',
    },
  },
  'user.id-reserved': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'Nobody can have the id {{id}}: Regie uses it itself.', hint: 'Choose another.' },
    fr: {
      message: 'Personne ne peut porter l’identifiant {{id}} : Regie s’en sert lui-même.',
      hint: 'Choisissez-en un autre.',
    },
  },
  'user.too-many': {
    code: 'CONFLICT',
    en: { message: 'There are {{most}} people already.', hint: 'Remove those who are gone first.' },
    fr: { message: 'Il y a déjà {{most}} personnes.', hint: 'Supprimez d’abord celles qui sont parties.' },
  },
  'user.owner-stays': {
    code: 'CONFLICT',
    en: {
      message: 'The account {{id}} stays an administrator, and stays: it is that of whoever owns this machine.',
      hint: 'The printed link and the admin token belong to it. Make another account for a person, and change or suspend that one.',
    },
    fr: {
      message:
        'Le compte {{id}} reste, et reste administrateur : c’est celui de la personne à qui appartient cette machine.',
      hint: 'Le lien affiché et le jeton d’administration lui appartiennent. Créez un autre compte pour une personne, puis modifiez ou suspendez celui-là.',
    },
  },
  'user.owner-password': {
    code: 'CONFLICT',
    en: {
      message: 'The password of {{id}} is not set by an invitation: it is that of whoever owns this machine.',
      hint: 'Change it in Settings, Access, with the present one.',
    },
    fr: {
      message:
        'Le mot de passe de {{id}} ne se définit pas par une invitation : c’est celui de la personne à qui appartient cette machine.',
      hint: 'Changez-le dans Réglages, Accès, avec l’actuel.',
    },
  },
  'user.suspended': {
    code: 'FORBIDDEN',
    en: { message: 'This account is suspended.', hint: 'Ask an administrator to let it in again.' },
    fr: { message: 'Ce compte est suspendu.', hint: 'Demandez à un administrateur de le rétablir.' },
  },
  'people.unreadable': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The accounts and keys in {{file}} cannot be read, so no password and no key is accepted.',
      hint: 'The printed link and the admin token still open Regie. Stop Regie and put an earlier copy of the file back. Without the file it begins with the accounts admin and user, without passwords and keys.',
    },
    fr: {
      message: 'Les comptes et les clés de {{file}} sont illisibles ; aucun mot de passe ni aucune clé n’est accepté.',
      hint: 'Le lien affiché et le jeton d’administration ouvrent toujours Regie. Arrêtez Regie et remettez une copie antérieure du fichier. Sans ce fichier, il recommence avec les comptes admin et user, sans mots de passe ni clés.',
    },
  },
  'key.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'There is no such key.', hint: 'Refresh the list of keys.' },
    fr: { message: 'Cette clé n’existe pas.', hint: 'Actualisez la liste des clés.' },
  },
  'key.ended': {
    code: 'CONFLICT',
    en: { message: 'The key {{name}} has ended or was replaced already.', hint: 'Make a new key.' },
    fr: { message: 'La clé {{name}} est terminée ou a déjà été remplacée.', hint: 'Créez une nouvelle clé.' },
  },
  'key.too-many': {
    code: 'CONFLICT',
    en: { message: 'This person has {{most}} keys already.', hint: 'End those that are no longer used first.' },
    fr: { message: 'Cette personne a déjà {{most}} clés.', hint: 'Mettez d’abord fin à celles qui ne servent plus.' },
  },
  'key.end-past': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'The key would have ended before it was made.', hint: 'Choose a later end, or none.' },
    fr: { message: 'La clé serait terminée avant d’être créée.', hint: 'Choisissez une fin plus tardive, ou aucune.' },
  },
  'key.no-proof': {
    code: 'FORBIDDEN',
    en: {
      message: 'A key does not show who uses it, and this asks for that.',
      hint: 'Sign in to Regie’s page and do it there, or use the admin token.',
    },
    fr: {
      message: 'Une clé ne montre pas qui s’en sert, et ceci le demande.',
      hint: 'Connectez-vous à la page de Regie et faites-le là, ou utilisez le jeton d’administration.',
    },
  },
  'invitation.not-good': {
    code: 'UNAUTHORIZED',
    en: {
      message: 'This invitation is not good: it was used, its time is over, or it was replaced.',
      hint: 'Ask an administrator for a new one.',
    },
    fr: {
      message: 'Cette invitation n’est pas valable : elle a servi, a expiré ou a été remplacée.',
      hint: 'Demandez-en une nouvelle à un administrateur.',
    },
  },
})
