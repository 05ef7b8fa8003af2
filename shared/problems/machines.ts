import { defineProblems } from './define'

/** Machines: how they are attached, and what they have and lack. */
export const machineProblems = defineProblems({
  'machine.unknown': {
    code: 'NOT_FOUND',
    en: { message: 'There is no machine {{id}}.', hint: 'The Machines page lists those that are attached.' },
    fr: { message: 'Il n’y a pas de machine {{id}}.', hint: 'La page Machines liste celles qui sont rattachées.' },
  },
  'machine.exists': {
    code: 'CONFLICT',
    en: { message: 'A machine {{id}} is attached already.', hint: 'Choose another name.' },
    fr: { message: 'Une machine {{id}} est déjà rattachée.', hint: 'Choisissez un autre nom.' },
  },
  'machine.same-address': {
    code: 'CONFLICT',
    en: { message: '{{id}} is reached the same way.', hint: 'A machine is attached once. Edit that one instead.' },
    fr: {
      message: '{{id}} est jointe de la même façon.',
      hint: 'Une machine n’est rattachée qu’une fois. Modifiez plutôt celle-là.',
    },
  },
  'machine.local': {
    code: 'CONFLICT',
    en: {
      message: 'This is the machine that Regie itself runs on.',
      hint: 'It cannot be detached or renamed. Its Docker address is set under Settings, Docker.',
    },
    fr: {
      message: 'C’est la machine sur laquelle tourne Regie.',
      hint: 'Elle ne peut être ni détachée ni renommée. Son adresse Docker se règle sous Réglages, Docker.',
    },
  },
  'machine.too-many': {
    code: 'CONFLICT',
    en: { message: '{{most}} machines are attached, which is the most.', hint: 'Detach one that is no longer used.' },
    fr: {
      message: '{{most}} machines sont rattachées, ce qui est le maximum.',
      hint: 'Détachez-en une qui ne sert plus.',
    },
  },
  'machine.engine': {
    code: 'CONFLICT',
    en: { message: 'Docker {{version}} answers at {{address}}.', hint: 'Nothing needs to be done.' },
    fr: { message: 'Docker {{version}} répond à {{address}}.', hint: 'Il n’y a rien à faire.' },
  },
  'machine.not-asked': {
    code: 'CONFLICT',
    en: { message: 'Not checked: the engine does not answer.', hint: 'Fix that first.' },
    fr: { message: 'Non vérifié : le moteur ne répond pas.', hint: 'Réparez d’abord cela.' },
  },
  'machine.compose': {
    code: 'CONFLICT',
    en: {
      message: 'Compose {{version}} on Regie’s own machine.',
      hint: 'Compose runs there, whichever machine its containers are on.',
    },
    fr: {
      message: 'Compose {{version}} sur la machine de Regie.',
      hint: 'Compose s’exécute là, quelle que soit la machine de ses conteneurs.',
    },
  },
  'machine.no-compose': {
    code: 'CONFLICT',
    en: { message: 'Compose is missing on Regie’s own machine.', hint: 'Install Docker’s Compose plugin there.' },
    fr: {
      message: 'Compose manque sur la machine de Regie.',
      hint: 'Installez-y l’extension Compose de Docker.',
    },
  },
  'machine.driver': {
    code: 'CONFLICT',
    en: { message: 'NVIDIA driver {{version}}, cards: {{cards}}.', hint: 'Nothing needs to be done.' },
    fr: { message: 'Pilote NVIDIA {{version}}, cartes : {{cards}}.', hint: 'Il n’y a rien à faire.' },
  },
  'machine.no-driver': {
    code: 'CONFLICT',
    en: {
      message: 'nvidia-smi was not found there.',
      hint: 'Install the NVIDIA driver on that machine, or put nvidia-smi on the PATH of that account.',
    },
    fr: {
      message: 'nvidia-smi est introuvable là-bas.',
      hint: 'Installez le pilote NVIDIA sur cette machine, ou mettez nvidia-smi dans le PATH de ce compte.',
    },
  },
  'machine.driver-silent': {
    code: 'CONFLICT',
    en: { message: 'nvidia-smi there named no card: {{error}}', hint: 'Run nvidia-smi on that machine to see why.' },
    fr: {
      message: 'nvidia-smi n’y a nommé aucune carte : {{error}}',
      hint: 'Lancez nvidia-smi sur cette machine pour voir pourquoi.',
    },
  },
  'machine.driver-by-ssh': {
    code: 'CONFLICT',
    en: {
      message: 'Cards are read over ssh only, and this machine is reached another way.',
      hint: 'Attach it by ssh to see its cards; everything else works as it is.',
    },
    fr: {
      message: 'Les cartes ne sont lues que par ssh, et cette machine est jointe autrement.',
      hint: 'Rattachez-la par ssh pour voir ses cartes ; tout le reste fonctionne ainsi.',
    },
  },
  'machine.driver-here': {
    code: 'CONFLICT',
    en: {
      message: 'This engine runs on Regie’s own machine: its cards are those of the GPUs page.',
      hint: 'Nothing needs to be done.',
    },
    fr: {
      message: 'Ce moteur tourne sur la machine de Regie : ses cartes sont celles de la page GPU.',
      hint: 'Il n’y a rien à faire.',
    },
  },
  'machine.toolkit': {
    code: 'CONFLICT',
    en: { message: 'The engine knows the NVIDIA runtime.', hint: 'Nothing needs to be done.' },
    fr: { message: 'Le moteur connaît l’environnement NVIDIA.', hint: 'Il n’y a rien à faire.' },
  },
  'machine.no-toolkit': {
    code: 'CONFLICT',
    en: {
      message: 'The engine does not know the NVIDIA runtime: its containers get no card.',
      hint: 'Install the NVIDIA Container Toolkit on that machine, then run the command and restart Docker there.',
    },
    fr: {
      message: 'Le moteur ne connaît pas l’environnement NVIDIA : ses conteneurs n’ont aucune carte.',
      hint: 'Installez le NVIDIA Container Toolkit sur cette machine, puis lancez la commande et redémarrez-y Docker.',
    },
  },
  'machine.toolkit-unknown': {
    code: 'CONFLICT',
    en: {
      message: 'The engine does not tell whether it can give cards to containers.',
      hint: 'docker run --rm --gpus all ubuntu nvidia-smi, run on that machine, shows it.',
    },
    fr: {
      message: 'Le moteur ne dit pas s’il peut donner des cartes aux conteneurs.',
      hint: 'docker run --rm --gpus all ubuntu nvidia-smi, lancé sur cette machine, le montre.',
    },
  },
})
