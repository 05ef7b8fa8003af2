import { defineProblems } from './define'

export const containerProblems = defineProblems({
  'container.none': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} has no container now.',
      hint: 'Start the service; its container is created then.',
    },
    fr: {
      message: '{{id}} n’a pas de conteneur en ce moment.',
      hint: 'Démarrez le service : son conteneur sera alors créé.',
    },
  },
  'container.gone': {
    code: 'NOT_FOUND',
    en: {
      message: 'The container {{container}} is no longer there.',
      hint: 'It was removed or recreated. Look at the service again.',
    },
    fr: {
      message: 'Le conteneur {{container}} n’existe plus.',
      hint: 'Il a été supprimé ou recréé. Regardez le service de nouveau.',
    },
  },
  'container.not-running': {
    code: 'CONFLICT',
    en: {
      message: 'The container {{container}} is not running, so nothing can be run inside it.',
      hint: 'Start the service and try again.',
    },
    fr: {
      message: 'Le conteneur {{container}} n’est pas en marche : rien ne peut y être exécuté.',
      hint: 'Démarrez le service, puis réessayez.',
    },
  },
  'container.engine-failed': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'Docker could not do this with the container {{container}}: {{detail}}.',
      hint: 'Look at the state of Docker and of the container, then try again.',
    },
    fr: {
      message: 'Docker n’a pas pu faire cela avec le conteneur {{container}} : {{detail}}.',
      hint: 'Regardez l’état de Docker et du conteneur, puis réessayez.',
    },
  },
  'container.exec-timeout': {
    code: 'GATEWAY_TIMEOUT',
    en: {
      message: '{{program}} did not end within {{seconds}} s inside the container {{container}}.',
      hint: 'The container may be overloaded or its GPU may hang. Try again, or restart the service.',
    },
    fr: {
      message: '{{program}} ne s’est pas terminé en {{seconds}} s dans le conteneur {{container}}.',
      hint: 'Le conteneur est peut-être surchargé, ou son GPU bloqué. Réessayez ou redémarrez le service.',
    },
  },
  'container.unreadable': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'Docker describes the container {{container}} in a way that Regie cannot read: {{detail}}.',
      hint: 'Update Regie, or report this with the version of Docker.',
    },
    fr: {
      message: 'Docker décrit le conteneur {{container}} d’une façon que Regie ne sait pas lire : {{detail}}.',
      hint: 'Mettez Regie à jour, ou signalez-le avec la version de Docker.',
    },
  },
  'container.no-shell': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The container {{container}} contains no shell: neither {{tried}} can be run in it.',
      hint: 'Images without a distribution have none. Name another program that is in the image, e.g. python3.',
    },
    fr: {
      message: 'Le conteneur {{container}} ne contient aucun shell : aucun de {{tried}} ne peut y être exécuté.',
      hint: 'Les images sans distribution n’en ont pas. Indiquez un autre programme présent dans l’image, par exemple python3.',
    },
  },
  'container.no-program': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{program}} cannot be run in the container {{container}}.',
      hint: 'Name a program that is in the image and may be executed.',
    },
    fr: {
      message: '{{program}} ne peut pas être exécuté dans le conteneur {{container}}.',
      hint: 'Indiquez un programme présent dans l’image et exécutable.',
    },
  },
  'container.shell-not-found': {
    code: 'NOT_FOUND',
    en: {
      message: 'This terminal is closed.',
      hint: 'Open a new one: a shell ends some time after its page is closed.',
    },
    fr: {
      message: 'Ce terminal est fermé.',
      hint: 'Ouvrez-en un nouveau : un terminal se termine quand personne ne le regarde pendant un moment.',
    },
  },
  'container.too-many-shells': {
    code: 'TOO_MANY_REQUESTS',
    en: {
      message: '{{count}} terminals are open already.',
      hint: 'Close one of them first.',
    },
    fr: {
      message: '{{count}} terminaux sont déjà ouverts.',
      hint: 'Fermez-en un d’abord.',
    },
  },
  'container.gpu-not-here': {
    code: 'CONFLICT',
    en: {
      message: 'The container asks for GPUs that this machine does not have: {{ids}}.',
      hint: 'Write the UUID of one of the GPUs on the GPUs page into the Compose file, and recreate the container.',
    },
    fr: {
      message: 'Le conteneur demande des GPU que cette machine n’a pas : {{ids}}.',
      hint: 'Écrivez dans le fichier Compose l’UUID d’un des GPU de la page GPU, puis recréez le conteneur.',
    },
  },
  'container.gpu-wsl': {
    code: 'CONFLICT',
    en: {
      message: 'Under WSL2 the choice of GPUs ({{asked}}) has no effect: every GPU is visible in the container.',
      hint: 'Choose with CUDA_VISIBLE_DEVICES and the UUID of the GPU: that works everywhere.',
    },
    fr: {
      message: 'Sous WSL2, le choix de GPU ({{asked}}) est sans effet : tous les GPU sont visibles dans le conteneur.',
      hint: 'Choisissez par CUDA_VISIBLE_DEVICES avec l’UUID du GPU : cela fonctionne partout.',
    },
  },
  'container.gpu-hidden': {
    code: 'CONFLICT',
    en: {
      message: 'CUDA_VISIBLE_DEVICES is “{{value}}”, which hides every GPU from CUDA.',
      hint: 'Remove it, or set it to the UUID of a GPU, and recreate the container.',
    },
    fr: {
      message: 'CUDA_VISIBLE_DEVICES vaut « {{value}} », ce qui cache tous les GPU à CUDA.',
      hint: 'Retirez-la, ou donnez-lui l’UUID d’un GPU, puis recréez le conteneur.',
    },
  },
  'container.gpu-no-such': {
    code: 'CONFLICT',
    en: {
      message: '{{setting}} names a GPU that the container does not have: {{count}} visible inside, counted from 0.',
      hint: 'Inside a container the GPUs are renumbered. Use the UUID, or remove the setting.',
    },
    fr: {
      message:
        '{{setting}} désigne un GPU que le conteneur n’a pas : {{count}} visible(s) à l’intérieur, à partir de 0.',
      hint: 'Dans un conteneur, les GPU sont renumérotés. Utilisez l’UUID, ou retirez ce réglage.',
    },
  },
  'container.gpu-order': {
    code: 'CONFLICT',
    en: {
      message: '{{setting}} is an index in CUDA’s own order, fastest first, which may differ from nvidia-smi’s.',
      hint: 'Set CUDA_DEVICE_ORDER=PCI_BUS_ID, or use the UUID of the GPU.',
    },
    fr: {
      message:
        '{{setting}} est un indice dans l’ordre de CUDA, le plus rapide d’abord, qui peut différer de celui de nvidia-smi.',
      hint: 'Ajoutez CUDA_DEVICE_ORDER=PCI_BUS_ID, ou utilisez l’UUID du GPU.',
    },
  },
  'container.gpu-order-wsl': {
    code: 'CONFLICT',
    en: {
      message:
        'Under WSL2 {{setting}} alone selects, in CUDA’s own order: this can look as if the indices were inverted.',
      hint: 'Set CUDA_DEVICE_ORDER=PCI_BUS_ID, or use the UUID of the GPU.',
    },
    fr: {
      message:
        'Sous WSL2, seul {{setting}} choisit, dans l’ordre de CUDA : les indices peuvent alors sembler inversés.',
      hint: 'Ajoutez CUDA_DEVICE_ORDER=PCI_BUS_ID, ou utilisez l’UUID du GPU.',
    },
  },
  'container.gpu-other': {
    code: 'CONFLICT',
    en: {
      message: 'The service is meant for the GPU {{wanted}}, but the container does not get it.',
      hint: 'Put that UUID into the Compose file and recreate the container, or change the service’s GPU in Regie.',
    },
    fr: {
      message: 'Le service est prévu pour le GPU {{wanted}}, mais le conteneur ne le reçoit pas.',
      hint: 'Mettez cet UUID dans le fichier Compose et recréez le conteneur, ou changez le GPU du service dans Regie.',
    },
  },
})
