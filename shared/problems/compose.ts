import { defineProblems } from './define'

/** Compose projects: their program, their files, and what they ask for that a container does not have yet. */
export const composeProblems = defineProblems({
  'compose.cli-missing': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The Compose program was not found: neither “docker compose” nor “docker-compose” can be run.',
      hint: 'Install Docker Desktop, or the package docker-compose-plugin (Debian: docker-compose), then try again.',
    },
    fr: {
      message: 'Le programme Compose est introuvable : ni « docker compose » ni « docker-compose » ne peut être lancé.',
      hint: 'Installez Docker Desktop, ou le paquet docker-compose-plugin (Debian : docker-compose), puis réessayez.',
    },
  },
  'compose.cancelled': {
    code: 'CONFLICT',
    en: {
      message: '“{{action}}” was cancelled.',
      hint: 'What was already done is kept: check the service, then start it again when you want it.',
    },
    fr: {
      message: '« {{action}} » a été annulé.',
      hint: 'Ce qui était déjà fait reste : regardez le service, puis relancez-le quand vous le souhaitez.',
    },
  },
  'compose.timeout': {
    code: 'GATEWAY_TIMEOUT',
    en: {
      message: 'Compose did not finish “{{action}}” within {{minutes}} min, so it was ended.',
      hint: 'Try again; what was downloaded is kept. Output: {{output}}',
    },
    fr: {
      message: 'Compose n’a pas terminé « {{action}} » en {{minutes}} min ; il a été arrêté.',
      hint: 'Réessayez ; ce qui est téléchargé est conservé. Sortie : {{output}}',
    },
  },
  'compose.failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'Compose could not do “{{action}}” (exit code {{code}}).', hint: 'Output: {{output}}' },
    fr: {
      message: 'Compose n’a pas pu exécuter « {{action}} » (code {{code}}).',
      hint: 'Sortie : {{output}}',
    },
  },
  'compose.unreadable': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The configuration that Compose printed could not be read ({{detail}}).',
      hint: 'Update the Compose program; if that does not help, report it with its version.',
    },
    fr: {
      message: 'La configuration affichée par Compose n’a pas pu être lue ({{detail}}).',
      hint: 'Mettez le programme Compose à jour ; sinon, signalez-le avec sa version.',
    },
  },
  'compose.engine-unreachable': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Compose did not reach the Docker engine.',
      hint: 'Start Docker, then try again. Message: {{line}}',
    },
    fr: {
      message: 'Compose n’a pas pu joindre le moteur Docker.',
      hint: 'Démarrez Docker, puis réessayez. Message : {{line}}',
    },
  },
  'compose.engine-refused': {
    code: 'FORBIDDEN',
    en: {
      message: 'The Docker engine refuses this account.',
      hint: 'On Linux add your account to the group “docker” and sign in again. Message: {{line}}',
    },
    fr: {
      message: 'Le moteur Docker refuse ce compte.',
      hint: 'Sous Linux, ajoutez votre compte au groupe « docker », puis ouvrez une nouvelle session. Message : {{line}}',
    },
  },
  'compose.engine-version': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The Compose program and the Docker engine are of versions that are not compatible.',
      hint: 'Update the older one of the two. Message: {{line}}',
    },
    fr: {
      message: 'Le programme Compose et le moteur Docker ont des versions incompatibles.',
      hint: 'Mettez à jour le plus ancien des deux. Message : {{line}}',
    },
  },
  'compose.disk-full': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The disk that contains Docker’s data is full.',
      hint: 'Remove images that you do not use, or make room. Message: {{line}}',
    },
    fr: {
      message: 'Le disque qui contient les données de Docker est plein.',
      hint: 'Supprimez des images inutilisées, ou libérez de la place. Message : {{line}}',
    },
  },
  'compose.port-taken': {
    code: 'CONFLICT',
    en: {
      message: 'The port {{port}} is in use by another program or container.',
      hint: 'Stop that one, or give the service another port in its .env or Compose file. Message: {{line}}',
    },
    fr: {
      message: 'Le port {{port}} est déjà pris par un autre programme ou conteneur.',
      hint: 'Arrêtez-le, ou donnez un autre port au service dans son .env ou son fichier Compose. Message : {{line}}',
    },
  },
  'compose.name-taken': {
    code: 'CONFLICT',
    en: {
      message: 'Another container is named {{name}} already.',
      hint: 'Remove or rename that container, or change container_name in the Compose file.',
    },
    fr: {
      message: 'Un autre conteneur s’appelle déjà {{name}}.',
      hint: 'Supprimez ou renommez ce conteneur, ou changez container_name dans le fichier Compose.',
    },
  },
  'compose.network-twice': {
    code: 'CONFLICT',
    en: {
      message: 'Docker has two networks named {{name}}.',
      hint: 'Remove the one that no container uses with “docker network rm” and its id, then start again.',
    },
    fr: {
      message: 'Docker a deux réseaux nommés {{name}}.',
      hint: 'Supprimez celui qu’aucun conteneur n’utilise avec « docker network rm » et son identifiant, puis redémarrez.',
    },
  },
  'compose.network-gone': {
    code: 'CONFLICT',
    en: {
      message: 'The network {{name}} of the project is gone.',
      hint: 'Recreate the service: its container still holds on to it.',
    },
    fr: {
      message: 'Le réseau {{name}} du projet a disparu.',
      hint: 'Recréez le service : son conteneur y est encore attaché.',
    },
  },
  'compose.container-gone': {
    code: 'CONFLICT',
    en: {
      message: 'Docker has no container {{name}}.',
      hint: 'Start the service again: its container was removed meanwhile, or its Compose file names another that is not there.',
    },
    fr: {
      message: 'Docker n’a pas de conteneur {{name}}.',
      hint: 'Redémarrez le service : son conteneur a été supprimé entre-temps, ou son fichier Compose en nomme un autre qui n’existe pas.',
    },
  },
  'compose.gpu': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Docker cannot give the container its GPU.',
      hint: 'Install the NVIDIA driver and the NVIDIA Container Toolkit, and check the GPU’s id in the Compose file. Message: {{line}}',
    },
    fr: {
      message: 'Docker ne peut pas donner de GPU au conteneur.',
      hint: 'Installez le pilote NVIDIA et le NVIDIA Container Toolkit, et vérifiez l’identifiant du GPU dans le fichier Compose. Message : {{line}}',
    },
  },
  'compose.mount-missing': {
    code: 'NOT_FOUND',
    en: {
      message: 'What the container should mount does not exist: {{source}}',
      hint: 'Create that file or folder, or correct its path in the Compose file.',
    },
    fr: {
      message: 'Ce que le conteneur doit monter n’existe pas : {{source}}',
      hint: 'Créez ce fichier ou ce dossier, ou corrigez son chemin dans le fichier Compose.',
    },
  },
  'compose.dependency': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'A container on which the service depends is not healthy.',
      hint: 'Look at that container’s log first. Message: {{line}}',
    },
    fr: {
      message: 'Un conteneur dont dépend le service n’est pas sain.',
      hint: 'Regardez d’abord le journal de ce conteneur. Message : {{line}}',
    },
  },
  'compose.left-over': {
    code: 'CONFLICT',
    en: {
      message: 'An interrupted recreate left a container under the name {{name}}.',
      hint: 'Start fixes it where nothing is lost by that; Recreate removes what remains of the old container.',
    },
    fr: {
      message: 'Une recréation interrompue a laissé un conteneur sous le nom {{name}}.',
      hint: 'Démarrer le répare si rien n’est perdu ; Recréer supprime ce qui reste de l’ancien conteneur.',
    },
  },
  'compose.container-config': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'This Compose (1.x) cannot recreate a container on this version of Docker (KeyError: ContainerConfig).',
      hint: 'Install Compose 2, the package docker-compose-plugin. Until then: take the project down, then start it; volumes stay, what was written inside the containers is lost.',
    },
    fr: {
      message:
        'Ce Compose (1.x) ne sait pas recréer un conteneur avec cette version de Docker (KeyError: ContainerConfig).',
      hint: 'Installez Compose 2, le paquet docker-compose-plugin. En attendant : démontez le projet, puis démarrez-le ; les volumes restent, ce qui était écrit dans les conteneurs est perdu.',
    },
  },
  'compose.too-old': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The Compose file uses “{{property}}”, which this Compose ({{version}}) does not know.',
      hint: 'Update Compose to {{since}} or newer (the package docker-compose-plugin), or remove it from the file.',
    },
    fr: {
      message: 'Le fichier Compose utilise « {{property}} », que ce Compose ({{version}}) ne connaît pas.',
      hint: 'Mettez Compose à jour en {{since}} ou plus récent (le paquet docker-compose-plugin), ou retirez-le du fichier.',
    },
  },
  'compose.port-reserved': {
    code: 'CONFLICT',
    en: {
      message: 'Windows does not release port {{port}}: it is in a range reserved by Windows.',
      hint: 'List the ranges with “netsh interface ipv4 show excludedportrange protocol=tcp” and choose a port outside them, or restart Windows’ NAT service (“net stop winnat”, then “net start winnat”, as administrator).',
    },
    fr: {
      message: 'Windows refuse le port {{port}} : il est dans une plage que Windows s’est réservée.',
      hint: 'Affichez les plages avec « netsh interface ipv4 show excludedportrange protocol=tcp » et choisissez un port en dehors, ou redémarrez le service NAT de Windows (« net stop winnat », puis « net start winnat », en administrateur).',
    },
  },
  'compose.port-unavailable': {
    code: 'CONFLICT',
    en: {
      message: 'Docker cannot open the port {{port}}.',
      hint: 'Another program may have it, or Windows has reserved it (“netsh interface ipv4 show excludedportrange protocol=tcp” lists the ranges). Message: {{line}}',
    },
    fr: {
      message: 'Docker ne peut pas ouvrir le port {{port}}.',
      hint: 'Un autre programme l’occupe peut-être, ou Windows l’a réservé (« netsh interface ipv4 show excludedportrange protocol=tcp » affiche les plages). Message : {{line}}',
    },
  },
  'compose.gpu-toolkit': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Docker knows no GPU on this machine: the NVIDIA Container Toolkit is missing or not set up.',
      hint: 'Install the NVIDIA Container Toolkit and run “nvidia-ctk runtime configure --runtime=docker”, then restart Docker. On Windows update Docker Desktop and the NVIDIA driver.',
    },
    fr: {
      message:
        'Docker ne connaît aucun GPU sur cette machine : le NVIDIA Container Toolkit manque ou n’est pas configuré.',
      hint: 'Installez le NVIDIA Container Toolkit, exécutez « nvidia-ctk runtime configure --runtime=docker », puis redémarrez Docker. Sous Windows, mettez à jour Docker Desktop et le pilote NVIDIA.',
    },
  },
  'compose.credential-helper': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Docker is set up to ask {{helper}} for registry passwords, and that program was not found.',
      hint: 'Remove “credsStore” (and “credHelpers”) from Docker’s config.json, in the folder .docker of your account, or install the program. Under WSL it is left over from Docker Desktop.',
    },
    fr: {
      message: 'Docker est réglé pour demander les mots de passe des registres à {{helper}}, un programme introuvable.',
      hint: 'Retirez « credsStore » (et « credHelpers ») du config.json de Docker, dans le dossier .docker de votre compte, ou installez le programme. Sous WSL, c’est un reste de Docker Desktop.',
    },
  },
  'compose.rate-limit': {
    code: 'TOO_MANY_REQUESTS',
    en: {
      message: 'The image’s registry has reached its limit of pulls for this address or account.',
      hint: 'Wait (Docker Hub counts over some hours), or sign in with “docker login” for a higher limit. Message: {{line}}',
    },
    fr: {
      message: 'Le registre de l’image a atteint sa limite de téléchargements pour cette adresse ou ce compte.',
      hint: 'Attendez (Docker Hub compte sur quelques heures), ou connectez-vous avec « docker login » pour une limite plus haute. Message : {{line}}',
    },
  },
  'compose.nothing-to-build': {
    code: 'CONFLICT',
    en: {
      message: 'The Compose files build no image for {{id}}: they name one that is ready.',
      hint: 'Pull the image, then recreate the container.',
    },
    fr: {
      message: 'Les fichiers Compose ne construisent pas d’image pour {{id}} : ils en nomment une toute prête.',
      hint: 'Téléchargez l’image, puis recréez le conteneur.',
    },
  },
  'compose.image-missing': {
    code: 'NOT_FOUND',
    en: {
      message: 'The image of the service is not on this machine and its registry does not give it.',
      hint: 'Check the image’s name and tag, sign in with “docker login”, or build it. Message: {{line}}',
    },
    fr: {
      message: 'L’image du service n’est pas sur cette machine et son registre ne la fournit pas.',
      hint: 'Vérifiez le nom et l’étiquette de l’image, connectez-vous avec « docker login », ou construisez-la. Message : {{line}}',
    },
  },
  'compose.network': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The image’s registry cannot be reached.',
      hint: 'Check the machine’s network and proxy, then try again. Message: {{line}}',
    },
    fr: {
      message: 'Le registre de l’image est injoignable.',
      hint: 'Vérifiez le réseau et le proxy de la machine, puis réessayez. Message : {{line}}',
    },
  },
  'compose.build-failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'The image could not be built.', hint: 'Correct its Dockerfile. The last words: {{output}}' },
    fr: {
      message: 'L’image n’a pas pu être construite.',
      hint: 'Corrigez son Dockerfile. Les derniers mots : {{output}}',
    },
  },
  'compose.command': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The container’s command could not be run.',
      hint: 'Correct command or entrypoint in the Compose file, or choose another image. Message: {{line}}',
    },
    fr: {
      message: 'La commande du conteneur n’a pas pu être exécutée.',
      hint: 'Corrigez command ou entrypoint dans le fichier Compose, ou choisissez une autre image. Message : {{line}}',
    },
  },
  'compose.start-failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'Docker could not do “{{action}}” with the container {{name}}.', hint: 'Message: {{line}}' },
    fr: {
      message: 'Docker n’a pas pu exécuter « {{action}} » sur le conteneur {{name}}.',
      hint: 'Message : {{line}}',
    },
  },
})
