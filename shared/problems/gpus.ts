import { defineProblems } from './define'

export const gpuProblems = defineProblems({
  'gpu.no-program': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'nvidia-smi was not found on this machine.',
      hint: 'Install the NVIDIA driver if this machine has an NVIDIA GPU. Everything else works without it.',
    },
    fr: {
      message: 'nvidia-smi est introuvable sur cette machine.',
      hint: 'Installez le pilote NVIDIA si cette machine a un GPU NVIDIA. Tout le reste fonctionne sans lui.',
    },
  },
  'gpu.no-devices': {
    code: 'NOT_FOUND',
    en: {
      message: 'The NVIDIA driver finds no GPU that it can use.',
      hint: 'Check that the card has power, is not given to a virtual machine, and that the driver supports it.',
    },
    fr: {
      message: 'Le pilote NVIDIA ne trouve aucun GPU utilisable.',
      hint: 'Vérifiez que la carte est alimentée, qu’elle n’est pas attribuée à une machine virtuelle, et que le pilote la prend en charge.',
    },
  },
  'gpu.driver-not-loaded': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'nvidia-smi cannot reach the NVIDIA driver.',
      hint: 'Reinstall the driver, then reboot. After a kernel update or with Secure Boot its module may not have been loaded.',
    },
    fr: {
      message: 'nvidia-smi n’arrive pas à joindre le pilote NVIDIA.',
      hint: 'Réinstallez le pilote, puis redémarrez. Après une mise à jour du noyau ou avec Secure Boot, son module a pu ne pas être chargé.',
    },
  },
  'gpu.version-mismatch': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'The NVIDIA driver was updated, but the old one is still loaded.', hint: 'Reboot the machine.' },
    fr: {
      message: 'Le pilote NVIDIA a été mis à jour, mais l’ancien est encore chargé.',
      hint: 'Redémarrez la machine.',
    },
  },
  'gpu.blocked': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The operating system blocks access to the GPU.',
      hint: 'Under WSL2 run “wsl --shutdown” and start again; in a container, recreate the container.',
    },
    fr: {
      message: 'Le système d’exploitation bloque l’accès au GPU.',
      hint: 'Sous WSL2, exécutez « wsl --shutdown » puis relancez ; dans un conteneur, recréez le conteneur.',
    },
  },
  'gpu.nvml-lost': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'This container has lost its access to the GPU.',
      hint: 'Restart or recreate the container in which Regie runs.',
    },
    fr: {
      message: 'Ce conteneur a perdu l’accès au GPU.',
      hint: 'Redémarrez ou recréez le conteneur dans lequel tourne Regie.',
    },
  },
  'gpu.no-history': {
    code: 'NOT_FOUND',
    en: {
      message: 'Nothing is recorded of a GPU {{uuid}}.',
      hint: 'Look on the GPUs page which cards there are. Recording begins a few seconds after Regie has started.',
    },
    fr: {
      message: 'Rien n’est enregistré d’un GPU {{uuid}}.',
      hint: 'Regardez sur la page GPU quelles cartes il y a. L’enregistrement commence quelques secondes après le démarrage de Regie.',
    },
  },
  'gpu.hot': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{gpu}} reached {{celsius}} °C.',
      hint: 'From {{limit}} °C on a card lowers its clock or shuts down: check its fans and the air around it, or lower its power limit.',
    },
    fr: {
      message: '{{gpu}} a atteint {{celsius}} °C.',
      hint: 'À partir de {{limit}} °C, une carte réduit sa fréquence ou s’arrête : vérifiez ses ventilateurs et l’aération, ou abaissez sa limite de puissance.',
    },
  },
  'gpu.slowed-heat': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{gpu}} is slowed down by heat.',
      hint: 'Its driver lowers the clock until it is cooler: check its fans and the air around it, or lower its power limit.',
    },
    fr: {
      message: '{{gpu}} est ralentie par la chaleur.',
      hint: 'Le pilote abaisse sa fréquence jusqu’à ce qu’elle refroidisse : vérifiez ses ventilateurs et l’aération, ou abaissez sa limite de puissance.',
    },
  },
  'gpu.slowed-power-brake': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{gpu}} is slowed down by the power supply’s brake.',
      hint: 'The power supply cannot give what the card asks for: check its cables and its load.',
    },
    fr: {
      message: '{{gpu}} est ralentie par le frein de l’alimentation.',
      hint: 'L’alimentation ne fournit pas ce que la carte demande : vérifiez ses câbles et sa charge.',
    },
  },
  'gpu.slowed-hardware': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{gpu}} is slowed down by its hardware.',
      hint: 'It protects itself from heat or from a power supply that fails: check its temperature, fans and power cables.',
    },
    fr: {
      message: '{{gpu}} est ralentie par le matériel.',
      hint: 'Elle se protège de la chaleur ou d’une alimentation défaillante : vérifiez sa température, ses ventilateurs et ses câbles d’alimentation.',
    },
  },
  'gpu.full': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The memory of {{gpu}} is full ({{percent}} %).',
      hint: 'The next model will not fit: free the memory of a service that is idle, or stop it.',
    },
    fr: {
      message: 'La mémoire de {{gpu}} est pleine ({{percent}} %).',
      hint: 'Le prochain modèle n’y tiendra pas : libérez la mémoire d’un service inactif, ou arrêtez-le.',
    },
  },
  'gpu.no-permission': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Regie is not allowed to read the GPU.',
      hint: 'Give this user access to the devices /dev/nvidia*, or run Regie as a user who has it.',
    },
    fr: {
      message: 'Regie n’a pas le droit de lire le GPU.',
      hint: 'Donnez à cet utilisateur l’accès aux périphériques /dev/nvidia*, ou lancez Regie avec un utilisateur qui l’a.',
    },
  },
  'gpu.library-missing': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'nvidia-smi is there, but the driver’s library NVML is missing.',
      hint: 'Reinstall the NVIDIA driver.',
    },
    fr: {
      message: 'nvidia-smi est présent, mais la bibliothèque NVML du pilote manque.',
      hint: 'Réinstallez le pilote NVIDIA.',
    },
  },
  'gpu.lost': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The GPU {{gpu}} no longer answers.',
      hint: 'Reboot the machine. If it happens again, check its power supply, temperature and seat.',
    },
    fr: {
      message: 'Le GPU {{gpu}} ne répond plus.',
      hint: 'Redémarrez la machine. Si cela se reproduit, vérifiez son alimentation, sa température et son emplacement.',
    },
  },
  'gpu.requires-reset': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{gpu}} requires a reset, says the driver: readings are missing, and programs may fail on it.',
      hint: 'Stop the services on this card, then run “nvidia-smi --gpu-reset -i {{index}}” as administrator. Where that is refused, reboot the machine.',
    },
    fr: {
      message:
        '{{gpu}} doit être réinitialisée, indique le pilote : des mesures manquent, et des programmes peuvent y échouer.',
      hint: 'Arrêtez les services sur cette carte, puis exécutez « nvidia-smi --gpu-reset -i {{index}} » en tant qu’administrateur. Si cela est refusé, redémarrez la machine.',
    },
  },
  'gpu.reading-error': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{gpu}}: in place of {{columns}} the driver says “{{words}}”.',
      hint: 'After a resume this passes within seconds. If it stays, look for “Xid” in the system log and check power supply, temperature and seat of the card.',
    },
    fr: {
      message: '{{gpu}} : à la place de {{columns}}, le pilote indique « {{words}} ».',
      hint: 'Après une sortie de veille, cela passe en quelques secondes. Sinon, cherchez « Xid » dans le journal du système et vérifiez l’alimentation, la température et l’emplacement de la carte.',
    },
  },
  'gpu.nvml-failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The driver’s library NVML does not start: {{words}}',
      hint: 'Run nvidia-smi in a terminal to see the same. Reboot the machine; if it stays, reinstall the NVIDIA driver.',
    },
    fr: {
      message: 'La bibliothèque NVML du pilote ne démarre pas : {{words}}',
      hint: 'Exécutez nvidia-smi dans un terminal pour voir la même chose. Redémarrez la machine ; si cela persiste, réinstallez le pilote NVIDIA.',
    },
  },
  'gpu.nvml-wsl': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'NVML does not start under WSL: {{words}}',
      hint: 'In Windows run “wsl --update”, then “wsl --shutdown”, and start again. If it stays, update the NVIDIA driver in Windows; inside WSL none must be installed.',
    },
    fr: {
      message: 'NVML ne démarre pas sous WSL : {{words}}',
      hint: 'Dans Windows, exécutez « wsl --update » puis « wsl --shutdown », et relancez. Si cela persiste, mettez à jour le pilote NVIDIA dans Windows ; il ne faut en installer aucun dans WSL.',
    },
  },
  'gpu.driver-wsl': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'nvidia-smi cannot reach the NVIDIA driver of Windows from WSL.',
      hint: 'Install or update the NVIDIA driver in Windows, then run “wsl --shutdown” there. A Linux driver installed inside WSL conflicts with it: remove it.',
    },
    fr: {
      message: 'Depuis WSL, nvidia-smi n’arrive pas à joindre le pilote NVIDIA de Windows.',
      hint: 'Installez ou mettez à jour le pilote NVIDIA dans Windows, puis exécutez-y « wsl --shutdown ». Un pilote Linux installé dans WSL fait obstacle : retirez-le.',
    },
  },
  'gpu.no-program-wsl': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'nvidia-smi was not found in this WSL distribution.',
      hint: 'It comes with the NVIDIA driver of Windows, as /usr/lib/wsl/lib/nvidia-smi: install the driver in Windows, not in WSL, then run “wsl --shutdown” there. Everything else works without it.',
    },
    fr: {
      message: 'nvidia-smi est introuvable dans cette distribution WSL.',
      hint: 'Il vient avec le pilote NVIDIA de Windows, sous /usr/lib/wsl/lib/nvidia-smi : installez le pilote dans Windows, pas dans WSL, puis exécutez-y « wsl --shutdown ». Tout le reste fonctionne sans lui.',
    },
  },
  'gpu.program-path': {
    code: 'BAD_REQUEST',
    en: {
      message: 'The program for nvidia-smi must be named by its absolute path: “{{program}}” is not one.',
      hint: 'For example /usr/lib/wsl/lib/nvidia-smi, or C:\\Windows\\System32\\nvidia-smi.exe.',
    },
    fr: {
      message:
        'Le programme pour nvidia-smi doit être désigné par son chemin complet : « {{program}} » n’en est pas un.',
      hint: 'Par exemple /usr/lib/wsl/lib/nvidia-smi, ou C:\\Windows\\System32\\nvidia-smi.exe.',
    },
  },
  'gpu.program-missing': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'There is no program that Regie may run at {{program}}.',
      hint: 'Check the path, or use the program that Regie detects (Settings, or the variable REGIE_NVIDIA_SMI).',
    },
    fr: {
      message: 'Il n’y a pas de programme que Regie puisse exécuter à {{program}}.',
      hint: 'Vérifiez le chemin, ou revenez au programme que Regie détecte (Réglages, ou variable REGIE_NVIDIA_SMI).',
    },
  },
  'gpu.inforom': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The GPU {{gpu}} reports that its infoROM is corrupted; its readings are still valid.',
      hint: 'Nothing needs to be done now; the maker of the card can repair it.',
    },
    fr: {
      message: 'Le GPU {{gpu}} signale que son infoROM est corrompue ; ses mesures restent valables.',
      hint: 'Rien à faire dans l’immédiat ; le fabricant de la carte peut la réparer.',
    },
  },
  'gpu.silent': {
    code: 'GATEWAY_TIMEOUT',
    en: {
      message: 'nvidia-smi has sent nothing for {{seconds}} s.',
      hint: 'It is being started again. If it stays silent, the driver hangs: reboot the machine.',
    },
    fr: {
      message: 'nvidia-smi n’a rien envoyé depuis {{seconds}} s.',
      hint: 'Il est relancé. S’il ne répond toujours pas, le pilote est bloqué : redémarrez la machine.',
    },
  },
  'gpu.failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'nvidia-smi ended ({{code}}): {{words}}',
      hint: 'Run nvidia-smi in a terminal to see more. Regie keeps trying.',
    },
    fr: {
      message: 'nvidia-smi s’est terminé ({{code}}) : {{words}}',
      hint: 'Exécutez nvidia-smi dans un terminal pour en savoir plus. Regie continue d’essayer.',
    },
  },
})
