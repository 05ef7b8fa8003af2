import { defineProblems } from './define'

/** Why a workflow file, or a node in it, cannot be taken; and why a value does not fit an input of one. */
export const workflowFileProblems = defineProblems({
  'workflow-file.not-one': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'No workflow was found in {{name}}: it is cut off, or holds no ComfyUI nodes.',
      hint: 'Give a file that ComfyUI saved: a workflow, its API format, an app, or an image that it made.',
    },
    fr: {
      message: 'Aucun workflow dans {{name}} : le fichier est tronqué, ou ne contient pas de nœuds ComfyUI.',
      hint: 'Donnez un fichier enregistré par ComfyUI : un workflow, son format API, une app, ou une image produite par lui.',
    },
  },
  'workflow-file.picture-without': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'There is no workflow in the image {{name}}.',
      hint: 'Take the file as ComfyUI wrote it: programs and websites that send images on often remove what is in them.',
    },
    fr: {
      message: 'L’image {{name}} ne contient pas de workflow.',
      hint: 'Prenez le fichier tel que ComfyUI l’a écrit : les programmes et sites qui transmettent des images retirent souvent ce qu’elles contiennent.',
    },
  },
  'workflow-file.infotext': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{name}} carries the parameters of a generation, not a workflow.',
      hint: 'Drop it onto Studio, which takes its prompt, seed and other parameters.',
    },
    fr: {
      message: '{{name}} contient les paramètres d’une génération, pas un workflow.',
      hint: 'Déposez-la sur le Studio, qui en reprend le prompt, la graine et les autres paramètres.',
    },
  },
  'workflow-file.too-large': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{name}} is larger than {{limit}} bytes.',
      hint: 'Regie takes no workflow of this size. Split it in ComfyUI.',
    },
    fr: {
      message: '{{name}} dépasse {{limit}} octets.',
      hint: 'Regie ne prend pas de workflow de cette taille. Divisez-le dans ComfyUI.',
    },
  },
  'workflow-file.too-deep': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{name}} is nested more than {{limit}} levels deep.',
      hint: 'Regie takes no workflow of this size. Split it in ComfyUI.',
    },
    fr: {
      message: '{{name}} est imbriqué sur plus de {{limit}} niveaux.',
      hint: 'Regie ne prend pas de workflow de cette taille. Divisez-le dans ComfyUI.',
    },
  },
  'workflow-file.too-many-nodes': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{name}} holds more than {{limit}} nodes, each subgraph counted as often as it is used.',
      hint: 'Regie takes no workflow of this size. Split it in ComfyUI.',
    },
    fr: {
      message: '{{name}} contient plus de {{limit}} nœuds, chaque sous-graphe compté autant de fois qu’il sert.',
      hint: 'Regie ne prend pas de workflow de cette taille. Divisez-le dans ComfyUI.',
    },
  },
  'workflow-file.too-many-links': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{name}} holds more than {{limit}} links.',
      hint: 'Regie takes no workflow of this size. Split it in ComfyUI.',
    },
    fr: {
      message: '{{name}} contient plus de {{limit}} liens.',
      hint: 'Regie ne prend pas de workflow de cette taille. Divisez-le dans ComfyUI.',
    },
  },
  'workflow-file.too-many-subgraphs': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{name}} holds more than {{limit}} subgraphs.',
      hint: 'Regie takes no workflow of this size. Split it in ComfyUI.',
    },
    fr: {
      message: '{{name}} contient plus de {{limit}} sous-graphes.',
      hint: 'Regie ne prend pas de workflow de cette taille. Divisez-le dans ComfyUI.',
    },
  },
  'workflow-file.too-many-values': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{name}} has more than {{limit}} values.',
      hint: 'Regie takes no workflow of this size. Split it in ComfyUI.',
    },
    fr: {
      message: '{{name}} a plus de {{limit}} valeurs.',
      hint: 'Regie ne prend pas de workflow de cette taille. Divisez-le dans ComfyUI.',
    },
  },
  'workflow-file.too-many-inputs': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{name}} has more than {{limit}} inputs, or choices for them.',
      hint: 'Regie takes no workflow of this size. Split it in ComfyUI.',
    },
    fr: {
      message: '{{name}} a plus de {{limit}} entrées, ou choix pour elles.',
      hint: 'Regie ne prend pas de workflow de cette taille. Divisez-le dans ComfyUI.',
    },
  },
  'workflow-file.needs-service': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message:
        '{{name}} is in the editor’s format, which can be converted only with what a running ComfyUI tells of its nodes.',
      hint: 'Start a ComfyUI and try again; or export the workflow in API format in ComfyUI (File → Export (API)).',
    },
    fr: {
      message:
        '{{name}} est au format de l’éditeur : seul ce qu’un ComfyUI en marche dit de ses nœuds permet de le convertir.',
      hint: 'Démarrez un ComfyUI et réessayez ; ou exportez le workflow au format API dans ComfyUI (Fichier → Exporter (API)).',
    },
  },
  'workflow-file.makes-nothing': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Nothing in {{name}} gives a result: no node that saves or shows something is connected.',
      hint: 'Add a node like Save Image in ComfyUI, or unmute the one that there is, and save the workflow again.',
    },
    fr: {
      message:
        'Rien dans {{name}} ne donne de résultat : aucun nœud qui enregistre ou montre quelque chose n’est relié.',
      hint: 'Ajoutez dans ComfyUI un nœud comme Save Image, ou réactivez celui qui existe, puis enregistrez de nouveau.',
    },
  },
  'workflow-node.bad': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The node {{node}} cannot be read: {{detail}}',
      hint: 'Open the workflow in ComfyUI and save it again.',
    },
    fr: {
      message: 'Le nœud {{node}} est illisible : {{detail}}',
      hint: 'Ouvrez le workflow dans ComfyUI et enregistrez-le de nouveau.',
    },
  },
  'workflow-node.unknown': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This ComfyUI does not know the class {{type}}, so the values of this node cannot be told apart.',
      hint: 'Install the custom nodes that bring {{type}} and read the file again; or export it in API format where they are installed.',
    },
    fr: {
      message: 'Ce ComfyUI ne connaît pas la classe {{type}} : les valeurs de ce nœud ne peuvent être attribuées.',
      hint: 'Installez les nœuds qui apportent {{type}} et relisez le fichier ; ou exportez-le au format API là où ils sont installés.',
    },
  },
  'workflow-node.editor-only': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message:
        '{{type}} does its work in the editor’s page; the server never sees it, and Regie cannot do it in its place.',
      hint: 'Connect the nodes directly in ComfyUI, or export the workflow in API format there (File → Export (API)).',
    },
    fr: {
      message: '{{type}} agit dans la page de l’éditeur ; le serveur ne le voit jamais et Regie ne peut le remplacer.',
      hint: 'Reliez les nœuds directement dans ComfyUI, ou exportez-y le workflow au format API (Fichier → Exporter (API)).',
    },
  },
  'workflow-node.loop': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'What this node gives comes back to it as an input.',
      hint: 'Remove the loop in ComfyUI and save the workflow again.',
    },
    fr: {
      message: 'Ce que donne ce nœud lui revient en entrée.',
      hint: 'Supprimez la boucle dans ComfyUI et enregistrez de nouveau le workflow.',
    },
  },
  'workflow-node.input-missing': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Nothing is connected to the input {{input}}, without which {{type}} does not run.',
      hint: 'Connect it in ComfyUI, or unmute the node that it comes from, and save the workflow again.',
    },
    fr: {
      message: 'Rien n’est relié à l’entrée {{input}}, sans laquelle {{type}} ne s’exécute pas.',
      hint: 'Reliez-la dans ComfyUI, ou réactivez le nœud dont elle vient, et enregistrez de nouveau le workflow.',
    },
  },
  'workflow-node.subgraph': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The subgraph {{subgraph}} {{detail}}.',
      hint: 'Open the workflow in ComfyUI, unpack or fix this subgraph, and save it again.',
    },
    fr: {
      message: 'Sous-graphe {{subgraph}} : {{detail}}.',
      hint: 'Ouvrez le workflow dans ComfyUI, dépliez ou corrigez ce sous-graphe, et enregistrez de nouveau.',
    },
  },
  'workflow-value.type': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: '{{input}} must be of the type {{type}}.', hint: 'Give another value.' },
    fr: { message: '{{input}} doit être du type {{type}}.', hint: 'Donnez une autre valeur.' },
  },
  'workflow-value.range': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: '{{input}} must be between {{min}} and {{max}}.', hint: 'Give a value in this range.' },
    fr: { message: '{{input}} doit être entre {{min}} et {{max}}.', hint: 'Donnez une valeur dans cet intervalle.' },
  },
  'workflow-value.choice': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{value}} is none of the choices of {{input}} on this service.',
      hint: 'Choose one of those in the list, or put the file that is missing into its folder.',
    },
    fr: {
      message: '{{value}} ne fait pas partie des choix de {{input}} sur ce service.',
      hint: 'Choisissez dans la liste, ou placez le fichier manquant dans son dossier.',
    },
  },
})
