import { defineProblems } from './define'

/** The Docker Swarm of the machines. */
export const fleetProblems = defineProblems({
  'fleet.no-manager': {
    code: 'CONFLICT',
    en: {
      message: 'No attached machine manages a Swarm and answers.',
      hint: 'Create a Swarm on a machine, or attach one of its managers.',
    },
    fr: {
      message: 'Aucune machine rattachée ne gère un Swarm et ne répond.',
      hint: 'Créez un Swarm sur une machine, ou rattachez l’un de ses gestionnaires.',
    },
  },
  'fleet.no-other-manager': {
    code: 'CONFLICT',
    en: {
      message: '{{node}} is the only attached manager.',
      hint: 'Attach another manager of the Swarm first: it is needed to remove this one.',
    },
    fr: {
      message: '{{node}} est le seul gestionnaire rattaché.',
      hint: 'Rattachez d’abord un autre gestionnaire du Swarm : il le faut pour retirer celui-ci.',
    },
  },
  'fleet.no-node': {
    code: 'NOT_FOUND',
    en: { message: 'The Swarm has no node {{id}}.', hint: 'GET /api/v1/fleet lists its nodes.' },
    fr: { message: 'Le Swarm n’a pas de nœud {{id}}.', hint: 'GET /api/v1/fleet liste ses nœuds.' },
  },
  'fleet.there-is-one': {
    code: 'CONFLICT',
    en: { message: 'The machines have a Swarm already.', hint: 'Let the machine join that one.' },
    fr: { message: 'Les machines ont déjà un Swarm.', hint: 'Faites rejoindre celui-là à la machine.' },
  },
  'fleet.already': {
    code: 'CONFLICT',
    en: { message: '{{machine}} is a node already.', hint: 'Nothing needs to be done.' },
    fr: { message: '{{machine}} est déjà un nœud.', hint: 'Il n’y a rien à faire.' },
  },
  'fleet.machine-away': {
    code: 'CONFLICT',
    en: { message: '{{machine}} does not answer.', hint: 'Its card on the Machines page says why.' },
    fr: { message: '{{machine}} ne répond pas.', hint: 'Sa carte sur la page Machines dit pourquoi.' },
  },
  'fleet.desktop': {
    code: 'CONFLICT',
    en: {
      message: '{{machine}} runs Docker Desktop, which cannot be a node with others.',
      hint: 'Its engine is in a virtual machine that other machines do not reach. Use it as a machine of its own.',
    },
    fr: {
      message: '{{machine}} utilise Docker Desktop, qui ne peut pas être un nœud avec d’autres.',
      hint: 'Son moteur est dans une machine virtuelle que les autres n’atteignent pas. Utilisez-la séparément.',
    },
  },
  'fleet.rootless': {
    code: 'CONFLICT',
    en: {
      message: 'The engine of {{machine}} runs without root, and has no network over several machines.',
      hint: 'Attach an engine that the system runs.',
    },
    fr: {
      message: 'Le moteur de {{machine}} tourne sans root, et n’a pas de réseau sur plusieurs machines.',
      hint: 'Rattachez un moteur lancé par le système.',
    },
  },
  'fleet.locked': {
    code: 'CONFLICT',
    en: {
      message: 'The Swarm of {{machine}} is locked.',
      hint: 'Run docker swarm unlock on that machine, with the key that docker swarm unlock-key has shown.',
    },
    fr: {
      message: 'Le Swarm de {{machine}} est verrouillé.',
      hint: 'Lancez docker swarm unlock sur cette machine, avec la clé qu’a affichée docker swarm unlock-key.',
    },
  },
  'fleet.elsewhere': {
    code: 'CONFLICT',
    en: {
      message: '{{machine}} is a node of another Swarm.',
      hint: 'Run docker swarm leave on that machine if that Swarm is no longer wanted.',
    },
    fr: {
      message: '{{machine}} est un nœud d’un autre Swarm.',
      hint: 'Lancez docker swarm leave sur cette machine si ce Swarm n’est plus voulu.',
    },
  },
  'fleet.last-manager': {
    code: 'CONFLICT',
    en: {
      message: '{{node}} is the last manager: without it there is no Swarm any more.',
      hint: 'Make another node a manager first, or confirm with the name of the node to dissolve the Swarm.',
    },
    fr: {
      message: '{{node}} est le dernier gestionnaire : sans lui, il n’y a plus de Swarm.',
      hint: 'Faites d’abord d’un autre nœud un gestionnaire, ou confirmez par le nom du nœud pour dissoudre le Swarm.',
    },
  },
  'fleet.quorum': {
    code: 'CONFLICT',
    en: {
      message: 'Without {{node}} the managers that are left are too few to decide anything.',
      hint: 'Bring back the managers that are down, or confirm with the name of the node.',
    },
    fr: {
      message: 'Sans {{node}}, il reste trop peu de gestionnaires pour décider quoi que ce soit.',
      hint: 'Ramenez les gestionnaires arrêtés, ou confirmez par le nom du nœud.',
    },
  },
  'fleet.not-drained': {
    code: 'CONFLICT',
    en: {
      message: 'Services run on {{node}}: {{services}}.',
      hint: 'Drain the node first, and wait until they run elsewhere.',
    },
    fr: {
      message: 'Des services tournent sur {{node}} : {{services}}.',
      hint: 'Videz d’abord le nœud, et attendez qu’ils tournent ailleurs.',
    },
  },
  'fleet.node-not-attached': {
    code: 'CONFLICT',
    en: {
      message: '{{node}} is up, and no attached machine that answers is that node.',
      hint: 'Attach its machine, or run docker swarm leave there; then remove it here.',
    },
    fr: {
      message: '{{node}} est actif, et aucune machine rattachée qui réponde n’est ce nœud.',
      hint: 'Rattachez sa machine, ou lancez-y docker swarm leave ; puis retirez-le ici.',
    },
  },
  'fleet.still-manager': {
    code: 'GATEWAY_TIMEOUT',
    en: {
      message: '{{node}} is still a manager: the others did not confirm the change in time.',
      hint: 'Try again; it has not left the Swarm.',
    },
    fr: {
      message: '{{node}} est toujours gestionnaire : les autres n’ont pas confirmé le changement à temps.',
      hint: 'Réessayez ; il n’a pas quitté le Swarm.',
    },
  },
  'fleet.engine-refused': {
    code: 'BAD_GATEWAY',
    en: { message: 'The engine of {{machine}} refused it: {{words}}', hint: 'Its words say what is in the way.' },
    fr: { message: 'Le moteur de {{machine}} a refusé : {{words}}', hint: 'Ses mots disent ce qui l’empêche.' },
  },
  'fleet.engine-silent': {
    code: 'GATEWAY_TIMEOUT',
    en: {
      message: 'The engine of {{machine}} did not answer in time.',
      hint: 'Check that the ports 2377, 7946 and 4789 are open between the nodes, then look at the Machines page.',
    },
    fr: {
      message: 'Le moteur de {{machine}} n’a pas répondu à temps.',
      hint: 'Vérifiez que les ports 2377, 7946 et 4789 sont ouverts entre les nœuds, puis voyez la page Machines.',
    },
  },
  'fleet.no-cards': {
    code: 'CONFLICT',
    en: { message: '{{node}} has no NVIDIA card, and offers none.', hint: 'Nothing needs to be done.' },
    fr: { message: '{{node}} n’a pas de carte NVIDIA, et n’en offre pas.', hint: 'Il n’y a rien à faire.' },
  },
  'fleet.cards-unknown': {
    code: 'CONFLICT',
    en: {
      message: 'The cards of {{node}} could not be read; it offers: {{cards}}.',
      hint: 'Attach its machine by ssh to compare them, or run nvidia-smi -L there.',
    },
    fr: {
      message: 'Les cartes de {{node}} n’ont pas pu être lues ; il offre : {{cards}}.',
      hint: 'Rattachez sa machine par ssh pour les comparer, ou lancez-y nvidia-smi -L.',
    },
  },
  'fleet.cards-missing': {
    code: 'CONFLICT',
    en: {
      message: '{{node}} does not offer these cards: {{cards}}.',
      hint: 'Add the line to daemon.json on that machine, and restart Docker there.',
    },
    fr: {
      message: '{{node}} n’offre pas ces cartes : {{cards}}.',
      hint: 'Ajoutez la ligne à daemon.json sur cette machine, et redémarrez-y Docker.',
    },
  },
  'fleet.cards-foreign': {
    code: 'CONFLICT',
    en: {
      message: '{{node}} offers cards that it does not have: {{cards}}.',
      hint: 'Replace the line in daemon.json on that machine, and restart Docker there.',
    },
    fr: {
      message: '{{node}} offre des cartes qu’il n’a pas : {{cards}}.',
      hint: 'Remplacez la ligne dans daemon.json sur cette machine, et redémarrez-y Docker.',
    },
  },
  'fleet.cards-offered': {
    code: 'CONFLICT',
    en: { message: 'All cards are offered: {{count}}.', hint: 'Nothing needs to be done.' },
    fr: { message: 'Toutes les cartes sont offertes : {{count}}.', hint: 'Il n’y a rien à faire.' },
  },
  'fleet.runtime-unknown': {
    code: 'CONFLICT',
    en: {
      message: 'The default runtime of {{node}} is unknown: no attached machine that answers is that node.',
      hint: 'Attach its machine, or run docker info there.',
    },
    fr: {
      message:
        'L’environnement par défaut de {{node}} est inconnu : aucune machine rattachée qui réponde n’est ce nœud.',
      hint: 'Rattachez sa machine, ou lancez-y docker info.',
    },
  },
  'fleet.runtime-nvidia': {
    code: 'CONFLICT',
    en: { message: 'The default runtime is nvidia.', hint: 'Nothing needs to be done.' },
    fr: { message: 'L’environnement par défaut est nvidia.', hint: 'Il n’y a rien à faire.' },
  },
  'fleet.runtime-other': {
    code: 'CONFLICT',
    en: {
      message: 'The default runtime is {{runtime}}: services of a Swarm cannot name another one, and get no card.',
      hint: 'Add the line to daemon.json on that machine, and restart Docker there.',
    },
    fr: {
      message:
        'L’environnement par défaut est {{runtime}} : les services d’un Swarm ne peuvent pas en nommer un autre, et n’ont aucune carte.',
      hint: 'Ajoutez la ligne à daemon.json sur cette machine, et redémarrez-y Docker.',
    },
  },
  'fleet.hook': {
    code: 'CONFLICT',
    en: {
      message:
        'NVIDIA’s runtime gives a service the card that Swarm has chosen only where this line is set. Docker does not tell whether it is.',
      hint: 'Look into that file on the machine; without the line a service may see every card. Version 1.18 of the NVIDIA Container Toolkit ignores it; 1.19 follows it again.',
    },
    fr: {
      message:
        'L’environnement de NVIDIA ne donne à un service la carte choisie par Swarm que si cette ligne est présente. Docker ne dit pas si elle l’est.',
      hint: 'Regardez dans ce fichier sur la machine ; sans la ligne, un service peut voir toutes les cartes. La version 1.18 du NVIDIA Container Toolkit l’ignore ; la 1.19 en tient de nouveau compte.',
    },
  },
  'fleet.no-service': {
    code: 'NOT_FOUND',
    en: { message: 'Regie has deployed no service {{name}} on the Swarm.', hint: 'Others are left alone.' },
    fr: { message: 'Regie n’a déployé aucun service {{name}} sur le Swarm.', hint: 'Les autres ne sont pas touchés.' },
  },
  'fleet.service-exists': {
    code: 'CONFLICT',
    en: { message: 'The Swarm has a service {{name}} already.', hint: 'Choose another name.' },
    fr: { message: 'Le Swarm a déjà un service {{name}}.', hint: 'Choisissez un autre nom.' },
  },
  'fleet.secret-in-environment': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{stack}} reads its password from the environment, which every manager of the Swarm shows.',
      hint: 'Deploy it on a machine of its own; on the Swarm run a stack that reads its secret from a file.',
    },
    fr: {
      message: '{{stack}} lit son mot de passe dans l’environnement, que tout gestionnaire du Swarm affiche.',
      hint: 'Déployez-le sur une seule machine ; sur le Swarm, utilisez un stack qui lit son secret dans un fichier.',
    },
  },
  'fleet.wrong-scheme': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'The credential {{id}} is of another type than {{stack}} asks for.', hint: 'Choose another one.' },
    fr: {
      message: 'L’identifiant {{id}} est d’un autre type que celui de {{stack}}.',
      hint: 'Choisissez-en un autre.',
    },
  },
  'fleet.secret-stays': {
    code: 'GATEWAY_TIMEOUT',
    en: {
      message: 'A secret could not be removed from the Swarm: a replica still has it.',
      hint: 'The service itself is gone. Its secrets (docker secret ls) can be removed once its last replica has stopped.',
    },
    fr: {
      message: 'Un secret n’a pas pu être retiré du Swarm : une réplique l’a encore.',
      hint: 'Le service lui-même est parti. Ses secrets (docker secret ls) pourront être retirés quand sa dernière réplique sera arrêtée.',
    },
  },
  'fleet.replica-waits': {
    code: 'CONFLICT',
    en: {
      message: 'A replica of {{name}} waits for a node, so that replacing them would never end: {{words}}',
      hint: 'Scale the service to what there is room for first.',
    },
    fr: {
      message: 'Une réplique de {{name}} attend un nœud, si bien que leur remplacement ne finirait jamais : {{words}}',
      hint: 'Ramenez d’abord le service au nombre pour lequel il y a de la place.',
    },
  },
  'fleet.handing-out': {
    code: 'CONFLICT',
    en: { message: 'A secret is being handed out to {{name}}.', hint: 'Wait until that has ended.' },
    fr: { message: 'Un secret est en cours de distribution à {{name}}.', hint: 'Attendez que ce soit terminé.' },
  },
  'fleet.hand-out-slow': {
    code: 'GATEWAY_TIMEOUT',
    en: {
      message: 'Swarm is still replacing the replicas of {{name}}.',
      hint: 'It goes on automatically. Hand out the secret again later, which completes what is left to do.',
    },
    fr: {
      message: 'Swarm remplace encore les répliques de {{name}}.',
      hint: 'Il continue seul. Distribuez le secret à nouveau plus tard, ce qui terminera le reste.',
    },
  },
})
