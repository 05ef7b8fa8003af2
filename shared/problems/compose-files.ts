import { defineProblems } from './define'

/** What is wrong with the files of a Compose project. */
export const composeFileProblems = defineProblems({
  'compose.file-missing': {
    code: 'NOT_FOUND',
    en: { message: 'The Compose file {{file}} does not exist.', hint: 'Choose the file again, or restore it.' },
    fr: {
      message: 'Le fichier Compose {{file}} n’existe pas.',
      hint: 'Choisissez de nouveau le fichier, ou restaurez-le.',
    },
  },
  'compose.no-file': {
    code: 'NOT_FOUND',
    en: {
      message: 'There is no Compose file in {{folder}}.',
      hint: 'Choose a folder that contains compose.yaml or docker-compose.yml, or the file itself.',
    },
    fr: {
      message: 'Aucun fichier Compose dans {{folder}}.',
      hint: 'Choisissez un dossier qui contient compose.yaml ou docker-compose.yml, ou le fichier lui-même.',
    },
  },
  'compose.env-file-missing': {
    code: 'NOT_FOUND',
    en: {
      message: 'The environment file {{file}} does not exist.',
      hint: 'Create it, often as a copy of .env.example, or take it out of the Compose file.',
    },
    fr: {
      message: 'Le fichier d’environnement {{file}} n’existe pas.',
      hint: 'Créez-le, souvent à partir de .env.example, ou retirez-le du fichier Compose.',
    },
  },
  'compose.env-file-invalid': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'An environment file of the project cannot be read.', hint: 'Correct this line: {{line}}' },
    fr: { message: 'Un fichier d’environnement du projet est illisible.', hint: 'Corrigez cette ligne : {{line}}' },
  },
  'compose.env-line': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Compose refuses line {{line}} of {{file}}: {{key}}.',
      hint: 'Write the value in single quotes: there every character is literal. A line must begin with a name and “=”. Check files shows the line and fixes it.',
    },
    fr: {
      message: 'Compose refuse la ligne {{line}} de {{file}} : {{key}}.',
      hint: 'Écrivez la valeur entre guillemets simples : chaque caractère y vaut pour lui-même. Une ligne commence par un nom suivi de « = ». La vérification des fichiers montre la ligne et la corrige.',
    },
  },
  'compose.variable-missing': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The Compose file needs the variable {{name}}, and it has no value.',
      hint: 'Set {{name}} in the project’s .env file. Behind “:?” the Compose file says what it is for.',
    },
    fr: {
      message: 'Le fichier Compose exige la variable {{name}}, qui n’a pas de valeur.',
      hint: 'Définissez {{name}} dans le fichier .env du projet. Derrière « :? », le fichier Compose dit à quoi elle sert.',
    },
  },
  'compose.interpolation': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'A $ in the Compose file is not followed by a variable’s name.',
      hint: 'Write $$ for a literal $: {{line}}',
    },
    fr: {
      message: 'Un $ du fichier Compose n’est pas suivi d’un nom de variable.',
      hint: 'Écrivez $$ pour un $ littéral : {{line}}',
    },
  },
  'compose.yaml': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The Compose file is no valid YAML: the fault is near line {{line}}.',
      hint: 'Correct its indentation and brackets there. Compose said: {{output}}',
    },
    fr: {
      message: 'Le fichier Compose n’est pas un YAML valide : l’erreur est près de la ligne {{line}}.',
      hint: 'Corrigez-y l’indentation et les crochets. Compose a répondu : {{output}}',
    },
  },
  'compose.service-missing': {
    code: 'NOT_FOUND',
    en: {
      message: 'The Compose files have no service named {{service}}.',
      hint: 'Correct the name, or enable the profile that contains it.',
    },
    fr: {
      message: 'Les fichiers Compose n’ont pas de service nommé {{service}}.',
      hint: 'Corrigez le nom, ou activez le profil dans lequel il se trouve.',
    },
  },
  'compose.invalid': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'Compose does not accept the Compose file.', hint: 'Correct what it names: {{output}}' },
    fr: { message: 'Compose n’accepte pas le fichier Compose.', hint: 'Corrigez ce qu’il indique : {{output}}' },
  },
  'compose.profiles-needed': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Every service of this project belongs to a profile, and none is switched on.',
      hint: 'Choose the profiles of the project in the service’s settings, or set COMPOSE_PROFILES in its .env.',
    },
    fr: {
      message: 'Chaque service de ce projet appartient à un profil, et aucun n’est activé.',
      hint: 'Choisissez les profils du projet dans les réglages du service, ou définissez COMPOSE_PROFILES dans son .env.',
    },
  },
  'compose.env-value': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The value of {{key}} cannot be written so that every version of Compose reads it alike.',
      hint: 'Choose a value without quotes, backslashes before quotes, and line breaks.',
    },
    fr: {
      message: 'La valeur de {{key}} ne peut pas être écrite de façon lisible par toutes les versions de Compose.',
      hint: 'Choisissez une valeur sans guillemets, sans barre oblique inverse devant un guillemet et sans saut de ligne.',
    },
  },
  'compose.env-key': {
    code: 'BAD_REQUEST',
    en: {
      message: '{{key}} is no name of an environment variable.',
      hint: 'Use letters, digits and _, not starting with a digit.',
    },
    fr: {
      message: '{{key}} n’est pas un nom de variable d’environnement.',
      hint: 'Utilisez des lettres, des chiffres et _, sans commencer par un chiffre.',
    },
  },
})
