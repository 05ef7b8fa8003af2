import { defineProblems } from './define'

export const vaultProblems = defineProblems({
  'vault.locked': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'The vault is locked.', hint: 'Enter the passphrase on the Credentials page.' },
    fr: { message: 'Le coffre est verrouillé.', hint: 'Saisissez la phrase secrète sur la page Identifiants.' },
  },
  'credential.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'There is no credential named {{id}}.', hint: 'Choose one of the credentials in the list.' },
    fr: { message: 'Aucun identifiant ne s’appelle {{id}}.', hint: 'Choisissez un identifiant de la liste.' },
  },
})
