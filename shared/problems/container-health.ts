import { defineProblems } from './define'

/** Why a container stands still, and what the checks beside the health ladder find. */
export const containerHealthProblems = defineProblems({
  'check.health-starting': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Docker’s own check of {{id}} has not succeeded yet.',
      hint: 'Wait: a first start may take minutes. The ladder shows what answers already.',
    },
    fr: {
      message: 'Le contrôle de Docker pour {{id}} n’a pas encore réussi.',
      hint: 'Patientez : un premier démarrage peut prendre plusieurs minutes. L’échelle montre ce qui répond déjà.',
    },
  },
  'check.unhealthy': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Docker’s own check of {{id}} failed {{count}} times in a row.',
      hint: 'Read what it printed: {{output}}',
    },
    fr: {
      message: 'Le contrôle de Docker pour {{id}} a échoué {{count}} fois de suite.',
      hint: 'Lisez ce qu’il a affiché : {{output}}',
    },
  },
  'check.health-timeout': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Docker’s own check of {{id}} takes too long ({{count}} times in a row).',
      hint: 'The service hangs or is very busy: look at its log and its queue.',
    },
    fr: {
      message: 'Le contrôle de Docker pour {{id}} dure trop longtemps ({{count}} fois de suite).',
      hint: 'Le service est bloqué ou très occupé : regardez son journal et sa file d’attente.',
    },
  },
  'check.health-no-program': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Docker’s own check of {{id}} cannot run: {{program}} is not in its image.',
      hint: 'The check says nothing of the service. Correct healthcheck in the Compose file, then recreate it.',
    },
    fr: {
      message: 'Le contrôle de Docker pour {{id}} ne peut pas s’exécuter : {{program}} n’est pas dans son image.',
      hint: 'Ce contrôle ne dit rien du service. Corrigez healthcheck dans le fichier Compose, puis recréez-le.',
    },
  },
  'check.restart-loop': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} is caught in a restart loop: it ended {{count}} times.',
      hint: 'Stop it and read its log: what ends it must be fixed first. Its last line: {{line}}',
    },
    fr: {
      message: '{{id}} redémarre en boucle : il s’est terminé {{count}} fois.',
      hint: 'Arrêtez-le et lisez son journal : il faut d’abord corriger ce qui le termine. Sa dernière ligne : {{line}}',
    },
  },
  'check.restarted': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} ended a short while ago and was started again ({{count}} times).',
      hint: 'Watch whether it happens again. Its last line: {{line}}',
    },
    fr: {
      message: '{{id}} s’est terminé il y a peu et a été relancé ({{count}} fois).',
      hint: 'Surveillez si cela se reproduit. Sa dernière ligne : {{line}}',
    },
  },
  'check.gpu-lost': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} has lost its GPU: NVML answers “Unknown Error” inside the container.',
      hint: 'The machine reloaded its services (systemctl daemon-reload) and took the devices away. Recreate the container; a restart often is enough.',
    },
    fr: {
      message: '{{id}} a perdu son GPU : NVML répond « Unknown Error » dans le conteneur.',
      hint: 'La machine a rechargé ses services (systemctl daemon-reload) et retiré les périphériques. Recréez le conteneur ; un simple redémarrage suffit souvent.',
    },
  },
  'check.gpu-blocked': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} cannot access its GPU: the operating system blocks it.',
      hint: 'Windows’ driver was updated while the container ran. Recreate it; if that does not help, run wsl --shutdown and start Docker Desktop again.',
    },
    fr: {
      message: '{{id}} n’a pas accès à son GPU : le système le bloque.',
      hint: 'Le pilote de Windows a été mis à jour pendant que le conteneur tournait. Recréez-le ; sinon, lancez wsl --shutdown et redémarrez Docker Desktop.',
    },
  },
  'check.gpu-mismatch': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} contains an older NVIDIA library than the driver that runs.',
      hint: 'Recreate the container, so that it gets the driver’s own library; if nvidia-smi fails on the machine too, reboot it.',
    },
    fr: {
      message: '{{id}} contient une bibliothèque NVIDIA plus ancienne que le pilote actif.',
      hint: 'Recréez le conteneur pour qu’il reçoive la bibliothèque du pilote ; si nvidia-smi échoue aussi sur la machine, redémarrez-la.',
    },
  },
  'check.gpu-no-driver': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} sees no NVIDIA driver inside its container.',
      hint: 'Check that nvidia-smi works on the machine and that the NVIDIA Container Toolkit is installed, then recreate it.',
    },
    fr: {
      message: '{{id}} ne voit aucun pilote NVIDIA dans son conteneur.',
      hint: 'Vérifiez que nvidia-smi fonctionne sur la machine et que NVIDIA Container Toolkit est installé, puis recréez-le.',
    },
  },
  'check.gpu-none': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} sees no GPU inside its container.',
      hint: 'Check that the GPU in its Compose file is on this machine, then recreate it.',
    },
    fr: {
      message: '{{id}} ne voit aucun GPU dans son conteneur.',
      hint: 'Vérifiez que le GPU de son fichier Compose est sur cette machine, puis recréez-le.',
    },
  },
  'check.gpu-no-tool': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'It cannot be determined whether {{id}} sees its GPU: its container contains no nvidia-smi.',
      hint: 'Add “utility” to the capabilities of its GPU in the Compose file, then recreate it.',
    },
    fr: {
      message: 'Impossible de savoir si {{id}} voit son GPU : son conteneur ne contient pas nvidia-smi.',
      hint: 'Ajoutez « utility » aux capabilities de son GPU dans le fichier Compose, puis recréez-le.',
    },
  },
  'check.gpu-failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'nvidia-smi failed inside the container of {{id}}: {{words}}',
      hint: 'Compare it with nvidia-smi on the machine, then restart the service.',
    },
    fr: {
      message: 'nvidia-smi a échoué dans le conteneur de {{id}} : {{words}}',
      hint: 'Comparez avec nvidia-smi sur la machine, puis redémarrez le service.',
    },
  },
  'check.gpu-other': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} does not see the GPU {{uuid}}, but {{seen}}.',
      hint: 'Write the right UUID into device_ids and CUDA_VISIBLE_DEVICES of its Compose file, then recreate it.',
    },
    fr: {
      message: '{{id}} ne voit pas le GPU {{uuid}}, mais {{seen}}.',
      hint: 'Écrivez le bon UUID dans device_ids et CUDA_VISIBLE_DEVICES de son fichier Compose, puis recréez-le.',
    },
  },
  'check.gpu-all': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} sees all {{count}} GPUs: under WSL2 device_ids selects none.',
      hint: 'Set CUDA_VISIBLE_DEVICES to the UUID of its GPU in the Compose file, then recreate it.',
    },
    fr: {
      message: '{{id}} voit les {{count}} GPU : sous WSL2, device_ids n’en choisit aucun.',
      hint: 'Donnez à CUDA_VISIBLE_DEVICES l’UUID de son GPU dans le fichier Compose, puis recréez-le.',
    },
  },
  'check.cuda-index': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message:
        'CUDA finds no GPU in {{id}}: CUDA_VISIBLE_DEVICES names number {{value}}, and its container sees {{count}}, counted from 0.',
      hint: 'Inside a container the GPUs are renumbered. Use the UUID in CUDA_VISIBLE_DEVICES, then recreate it.',
    },
    fr: {
      message:
        'CUDA ne trouve aucun GPU dans {{id}} : CUDA_VISIBLE_DEVICES désigne le numéro {{value}}, et son conteneur en voit {{count}}, comptés à partir de 0.',
      hint: 'Dans un conteneur, les GPU sont recomptés. Utilisez l’UUID dans CUDA_VISIBLE_DEVICES, puis recréez-le.',
    },
  },
  'check.cuda-uuid': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'CUDA finds no GPU in {{id}}: CUDA_VISIBLE_DEVICES names {{value}}, and its container sees {{seen}}.',
      hint: 'Use the same UUID in device_ids and CUDA_VISIBLE_DEVICES, then recreate it.',
    },
    fr: {
      message:
        'CUDA ne trouve aucun GPU dans {{id}} : CUDA_VISIBLE_DEVICES désigne {{value}}, et son conteneur voit {{seen}}.',
      hint: 'Utilisez le même UUID dans device_ids et CUDA_VISIBLE_DEVICES, puis recréez-le.',
    },
  },
  'check.cuda-order': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} is meant for {{uuid}}, but CUDA_VISIBLE_DEVICES={{value}} counts in CUDA’s own order.',
      hint: 'Use the UUID in CUDA_VISIBLE_DEVICES, then recreate it: an index may mean another card than in nvidia-smi.',
    },
    fr: {
      message: '{{id}} est destiné à {{uuid}}, mais CUDA_VISIBLE_DEVICES={{value}} compte dans l’ordre propre à CUDA.',
      hint: 'Utilisez l’UUID dans CUDA_VISIBLE_DEVICES, puis recréez-le : un indice peut désigner une autre carte que dans nvidia-smi.',
    },
  },
  'check.cuda-hidden': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'CUDA finds no GPU in {{id}}: its CUDA_VISIBLE_DEVICES hides all of them.',
      hint: 'Remove the variable or give it the UUID of its GPU, then recreate it.',
    },
    fr: {
      message: 'CUDA ne trouve aucun GPU dans {{id}} : son CUDA_VISIBLE_DEVICES les cache tous.',
      hint: 'Retirez la variable ou donnez-lui l’UUID de son GPU, puis recréez-le.',
    },
  },
  'check.cuda-word': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'CUDA finds no GPU in {{id}}: “{{value}}” in CUDA_VISIBLE_DEVICES is no device to it.',
      hint: 'Remove the variable to let CUDA see every GPU, or give it a UUID, then recreate it. “all” is a word of NVIDIA_VISIBLE_DEVICES only.',
    },
    fr: {
      message:
        'CUDA ne trouve aucun GPU dans {{id}} : « {{value}} » dans CUDA_VISIBLE_DEVICES n’est pas un périphérique.',
      hint: 'Retirez la variable pour que CUDA voie tous les GPU, ou donnez-lui un UUID, puis recréez-le. « all » n’est admis que dans NVIDIA_VISIBLE_DEVICES.',
    },
  },
  'check.model-unknown': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: '{{id}} has not reported its models yet.', hint: 'It is asked once Regie is signed in.' },
    fr: {
      message: '{{id}} n’a pas encore dit quels modèles il possède.',
      hint: 'La question lui est posée dès qu’il laisse entrer Regie.',
    },
  },
  'check.never-generated': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'No image was created with {{id}} yet.',
      hint: 'Make one in the Studio: it verifies the whole chain.',
    },
    fr: {
      message: 'Aucune image n’a encore été créée avec {{id}}.',
      hint: 'Créez-en une dans le Studio : cela prouve toute la chaîne.',
    },
  },
  'check.generation-failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The last generation on {{id}} failed: {{cause}}',
      hint: 'Open it in the Gallery for what the service said.',
    },
    fr: {
      message: 'La dernière génération sur {{id}} a échoué : {{cause}}',
      hint: 'Ouvrez-la dans la Galerie pour lire ce que le service a dit.',
    },
  },
  'vram.waits': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{id}} waits for {{other}}, which starts on the same GPU.',
      hint: 'It starts as soon as {{other}} is ready or has failed.',
    },
    fr: {
      message: '{{id}} attend {{other}}, qui démarre sur le même GPU.',
      hint: 'Il démarrera dès que {{other}} sera prêt ou aura échoué.',
    },
  },
})
