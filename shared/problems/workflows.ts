import { defineProblems } from './define'

/** What can be wrong with workflows that were imported. */
export const workflowProblems = defineProblems({
  'workflow.not-found': {
    code: 'NOT_FOUND',
    en: { message: 'There is no workflow {{id}}.', hint: 'Look at the list of workflows.' },
    fr: { message: 'Il n’y a pas de workflow {{id}}.', hint: 'Consultez la liste des workflows.' },
  },
  'workflow.version-unknown': {
    code: 'NOT_FOUND',
    en: { message: 'The workflow “{{name}}” has no version {{version}}.', hint: 'Look at its versions.' },
    fr: { message: 'Le workflow « {{name}} » n’a pas de version {{version}}.', hint: 'Consultez ses versions.' },
  },
  'workflow.name-taken': {
    code: 'CONFLICT',
    en: {
      message: 'There is a workflow “{{name}}” already.',
      hint: 'Choose another name, or import the file as a new version of that one. Capitals make no difference.',
    },
    fr: {
      message: 'Il existe déjà un workflow « {{name}} ».',
      hint: 'Choisissez un autre nom, ou importez le fichier comme nouvelle version de celui-ci. Les majuscules ne comptent pas.',
    },
  },
  'workflow.already-there': {
    code: 'CONFLICT',
    en: {
      message: 'This is what version {{version}} of “{{name}}” holds already.',
      hint: 'Nothing has to be imported.',
    },
    fr: {
      message: 'La version {{version}} de « {{name}} » contient déjà ce fichier.',
      hint: 'Il n’y a rien à importer.',
    },
  },
  'workflow.input-unknown': {
    code: 'NOT_FOUND',
    en: {
      message: 'The workflow has no input {{input}}.',
      hint: 'Load it again: its form names the inputs that this version has.',
    },
    fr: {
      message: 'Le workflow n’a pas d’entrée {{input}}.',
      hint: 'Rechargez-le : son formulaire indique les entrées de cette version.',
    },
  },
  'workflow.nodes-refused': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{name}} is not imported: these nodes cannot be converted: {{nodes}}.',
      hint: 'Look at its report, which has the reason for each. Nothing is imported in part.',
    },
    fr: {
      message: '{{name}} n’est pas importé : ces nœuds ne peuvent pas être convertis : {{nodes}}.',
      hint: 'Consultez son rapport, qui donne la raison de chacun. Rien n’est importé en partie.',
    },
  },
  'workflow.parameter-unknown': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The workflow “{{name}}” has no single input for “{{parameter}}”.',
      hint: 'Give it in “values”, by the id of an input of its form.',
    },
    fr: {
      message: 'Le workflow « {{name}} » n’a pas d’entrée unique pour « {{parameter}} ».',
      hint: 'Donnez-le dans « values », par l’identifiant d’une entrée de son formulaire.',
    },
  },
  'workflow.picture-not-given': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{input}} takes an image that you gave to Regie, or the one that the workflow was saved with.',
      hint: 'Choose an image for it.',
    },
    fr: {
      message:
        '{{input}} attend une image que vous avez donnée à Regie, ou celle avec laquelle le workflow a été enregistré.',
      hint: 'Choisissez-lui une image.',
    },
  },
  'workflow.not-askable': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This workflow cannot be checked without running it.',
      hint: 'Import it; the service says what is wrong when it runs.',
    },
    fr: {
      message: 'Ce workflow ne peut pas être vérifié sans l’exécuter.',
      hint: 'Importez-le ; le service dira ce qui ne va pas à l’exécution.',
    },
  },
  'workflow.damaged': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'A file of this workflow is gone or damaged: {{file}}.',
      hint: 'Restore another version, put the file back from a copy of the data folder, or import the workflow again.',
    },
    fr: {
      message: 'Un fichier de ce workflow est absent ou endommagé : {{file}}.',
      hint: 'Restaurez une autre version, remettez le fichier depuis une copie du dossier de données, ou réimportez le workflow.',
    },
  },
  'workflow.index-unreadable': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'A workflow cannot be read and is left as it is: {{file}}.',
      hint: 'Put this file back from a copy of the data folder, or import the workflow again. The imported files lie beside it.',
    },
    fr: {
      message: 'Un workflow est illisible et laissé tel quel : {{file}}.',
      hint: 'Remettez ce fichier depuis une copie du dossier de données, ou réimportez le workflow. Les fichiers importés se trouvent à côté.',
    },
  },
})
