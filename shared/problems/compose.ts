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
      hint: 'What was already done stays: look at the service, then start it again when you want it.',
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
      hint: 'Try again; what was downloaded is kept. Its last words: {{output}}',
    },
    fr: {
      message: 'Compose n’a pas terminé « {{action}} » en {{minutes}} min ; il a été arrêté.',
      hint: 'Réessayez ; ce qui est téléchargé est conservé. Ses derniers mots : {{output}}',
    },
  },
  'compose.failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'Compose could not do “{{action}}” (exit code {{code}}).', hint: 'Its last words: {{output}}' },
    fr: {
      message: 'Compose n’a pas pu exécuter « {{action}} » (code {{code}}).',
      hint: 'Ses derniers mots : {{output}}',
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
      hint: 'Start Docker, then try again. It said: {{line}}',
    },
    fr: {
      message: 'Compose n’a pas pu joindre le moteur Docker.',
      hint: 'Démarrez Docker, puis réessayez. Il a répondu : {{line}}',
    },
  },
  'compose.engine-refused': {
    code: 'FORBIDDEN',
    en: {
      message: 'The Docker engine refuses this account.',
      hint: 'On Linux add your account to the group “docker” and sign in again. It said: {{line}}',
    },
    fr: {
      message: 'Le moteur Docker refuse ce compte.',
      hint: 'Sous Linux, ajoutez votre compte au groupe « docker », puis ouvrez une nouvelle session. Il a répondu : {{line}}',
    },
  },
  'compose.engine-version': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The Compose program and the Docker engine are of versions that do not fit together.',
      hint: 'Update the older one of the two. It said: {{line}}',
    },
    fr: {
      message: 'Le programme Compose et le moteur Docker ont des versions incompatibles.',
      hint: 'Mettez à jour le plus ancien des deux. Il a répondu : {{line}}',
    },
  },
  'compose.file-missing': {
    code: 'NOT_FOUND',
    en: { message: 'The Compose file {{file}} does not exist.', hint: 'Choose the file again, or restore it.' },
    fr: {
      message: 'Le fichier Compose {{file}} n’existe pas.',
      hint: 'Choisissez à nouveau le fichier, ou restaurez-le.',
    },
  },
  'compose.no-file': {
    code: 'NOT_FOUND',
    en: {
      message: 'There is no Compose file in {{folder}}.',
      hint: 'Choose a folder that holds compose.yaml or docker-compose.yml, or the file itself.',
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
      hint: 'Write the value in single quotes: in them every character stands for itself. A line must begin with a name and “=”. Check files shows the line and mends it.',
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
      hint: 'Correct the name, or switch on the profile in which it stands.',
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
  'compose.disk-full': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The disk that holds Docker’s data is full.',
      hint: 'Remove images that you do not use, or make room. It said: {{line}}',
    },
    fr: {
      message: 'Le disque qui contient les données de Docker est plein.',
      hint: 'Supprimez des images inutilisées, ou libérez de la place. Il a répondu : {{line}}',
    },
  },
  'compose.port-taken': {
    code: 'CONFLICT',
    en: {
      message: 'The port {{port}} is taken by another program or container.',
      hint: 'End that one, or give the service another port in its .env or Compose file. It said: {{line}}',
    },
    fr: {
      message: 'Le port {{port}} est déjà pris par un autre programme ou conteneur.',
      hint: 'Arrêtez-le, ou donnez un autre port au service dans son .env ou son fichier Compose. Il a répondu : {{line}}',
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
  'compose.gpu': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Docker cannot give the container its GPU.',
      hint: 'Install the NVIDIA driver and the NVIDIA Container Toolkit, and check the GPU’s id in the Compose file. It said: {{line}}',
    },
    fr: {
      message: 'Docker ne peut pas donner de GPU au conteneur.',
      hint: 'Installez le pilote NVIDIA et le NVIDIA Container Toolkit, et vérifiez l’identifiant du GPU dans le fichier Compose. Il a répondu : {{line}}',
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
      hint: 'Look at that container’s log first. It said: {{line}}',
    },
    fr: {
      message: 'Un conteneur dont dépend le service n’est pas sain.',
      hint: 'Regardez d’abord le journal de ce conteneur. Il a répondu : {{line}}',
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
  'compose.port-reserved': {
    code: 'CONFLICT',
    en: {
      message: 'Windows does not give the port {{port}}: it lies in a range that Windows has reserved.',
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
      hint: 'Another program may have it, or Windows has reserved it (“netsh interface ipv4 show excludedportrange protocol=tcp” lists the ranges). It said: {{line}}',
    },
    fr: {
      message: 'Docker ne peut pas ouvrir le port {{port}}.',
      hint: 'Un autre programme l’occupe peut-être, ou Windows l’a réservé (« netsh interface ipv4 show excludedportrange protocol=tcp » affiche les plages). Il a répondu : {{line}}',
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
      hint: 'Wait (Docker Hub counts over some hours), or sign in with “docker login” for a higher limit. It said: {{line}}',
    },
    fr: {
      message: 'Le registre de l’image a atteint sa limite de téléchargements pour cette adresse ou ce compte.',
      hint: 'Attendez (Docker Hub compte sur quelques heures), ou connectez-vous avec « docker login » pour une limite plus haute. Il a répondu : {{line}}',
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
      hint: 'Check the image’s name and tag, sign in with “docker login”, or build it. It said: {{line}}',
    },
    fr: {
      message: 'L’image du service n’est pas sur cette machine et son registre ne la fournit pas.',
      hint: 'Vérifiez le nom et l’étiquette de l’image, connectez-vous avec « docker login », ou construisez-la. Il a répondu : {{line}}',
    },
  },
  'compose.network': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The image’s registry cannot be reached.',
      hint: 'Check the machine’s network and proxy, then try again. It said: {{line}}',
    },
    fr: {
      message: 'Le registre de l’image est injoignable.',
      hint: 'Vérifiez le réseau et le proxy de la machine, puis réessayez. Il a répondu : {{line}}',
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
      hint: 'Correct command or entrypoint in the Compose file, or choose another image. It said: {{line}}',
    },
    fr: {
      message: 'La commande du conteneur n’a pas pu être exécutée.',
      hint: 'Corrigez command ou entrypoint dans le fichier Compose, ou choisissez une autre image. Il a répondu : {{line}}',
    },
  },
  'compose.start-failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'Docker could not do “{{action}}” with the container {{name}}.', hint: 'It said: {{line}}' },
    fr: {
      message: 'Docker n’a pas pu exécuter « {{action}} » sur le conteneur {{name}}.',
      hint: 'Il a répondu : {{line}}',
    },
  },
  'compose.files-elsewhere': {
    code: 'CONFLICT',
    en: {
      message: 'The project’s files are not on this machine: {{file}}',
      hint: 'Its containers can be started and stopped from here; to create or recreate them, Regie needs the files.',
    },
    fr: {
      message: 'Les fichiers du projet ne sont pas sur cette machine : {{file}}',
      hint: 'Ses conteneurs peuvent être démarrés et arrêtés d’ici ; pour les créer ou les recréer, Regie a besoin des fichiers.',
    },
  },
  'compose.no-container': {
    code: 'NOT_FOUND',
    en: {
      message: '{{id}} has no container yet.',
      hint: 'Start it: Regie makes the container from its Compose files.',
    },
    fr: {
      message: '{{id}} n’a pas encore de conteneur.',
      hint: 'Démarrez-le : Regie crée le conteneur à partir de ses fichiers Compose.',
    },
  },
  'compose.not-running': {
    code: 'CONFLICT',
    en: { message: '{{id}} did not stay up: its container ended at once.', hint: 'Read its log, then start it again.' },
    fr: {
      message: '{{id}} n’est pas resté en marche : son conteneur s’est arrêté aussitôt.',
      hint: 'Lisez son journal, puis redémarrez-le.',
    },
  },
  'compose.stopped-elsewhere': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: '{{id}} was stopped outside this panel.', hint: 'Start it again when you want it.' },
    fr: { message: '{{id}} a été arrêté en dehors de ce panneau.', hint: 'Redémarrez-le quand vous le souhaitez.' },
  },
  'compose.removed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The container of {{id}} was removed outside this panel.',
      hint: 'Start the service: Regie makes the container again.',
    },
    fr: {
      message: 'Le conteneur de {{id}} a été supprimé en dehors de ce panneau.',
      hint: 'Démarrez le service : Regie recrée le conteneur.',
    },
  },
  'compose.env-changed': {
    code: 'CONFLICT',
    en: {
      message: 'Environment variables differ from those in the container: {{names}}.',
      hint: 'Recreate it: a restart keeps the old values.',
    },
    fr: {
      message: 'Des variables d’environnement diffèrent de celles du conteneur : {{names}}.',
      hint: 'Recréez-le : un redémarrage garde les anciennes valeurs.',
    },
  },
  'compose.ports-changed': {
    code: 'CONFLICT',
    en: {
      message: 'The files publish other ports ({{wanted}}) than the container does ({{current}}).',
      hint: 'Recreate it: ports are fixed when a container is made.',
    },
    fr: {
      message: 'Les fichiers publient d’autres ports ({{wanted}}) que le conteneur ({{current}}).',
      hint: 'Recréez-le : les ports sont fixés à la création du conteneur.',
    },
  },
  'compose.image-changed': {
    code: 'CONFLICT',
    en: {
      message: 'The files name the image {{wanted}}; the container was made from {{current}}.',
      hint: 'Recreate it to use the other image.',
    },
    fr: {
      message: 'Les fichiers désignent l’image {{wanted}} ; le conteneur provient de {{current}}.',
      hint: 'Recréez-le pour utiliser l’autre image.',
    },
  },
  'compose.image-newer': {
    code: 'CONFLICT',
    en: {
      message: '{{image}} is another image now than the one in the container: it was pulled or built since.',
      hint: 'Recreate it: a restart keeps the old image.',
    },
    fr: {
      message: '{{image}} n’est plus l’image du conteneur : elle a été téléchargée ou construite depuis.',
      hint: 'Recréez-le : un redémarrage garde l’ancienne image.',
    },
  },
  'compose.volumes-changed': {
    code: 'CONFLICT',
    en: {
      message: 'The files mount other folders or files than the container does: {{targets}}.',
      hint: 'Recreate it: mounts are fixed when a container is made.',
    },
    fr: {
      message: 'Les fichiers montent d’autres dossiers ou fichiers que le conteneur : {{targets}}.',
      hint: 'Recréez-le : les montages sont fixés à la création du conteneur.',
    },
  },
  'compose.command-changed': {
    code: 'CONFLICT',
    en: {
      message: 'The files give the container another command.',
      hint: 'Recreate it: the command is fixed when a container is made.',
    },
    fr: {
      message: 'Les fichiers donnent une autre commande au conteneur.',
      hint: 'Recréez-le : la commande est fixée à la création du conteneur.',
    },
  },
  'compose.settings-changed': {
    code: 'CONFLICT',
    en: {
      message: 'The service’s settings in the Compose files changed since the container was made.',
      hint: 'Recreate it to apply them.',
    },
    fr: {
      message: 'Les réglages du service dans les fichiers Compose ont changé depuis la création du conteneur.',
      hint: 'Recréez-le pour les appliquer.',
    },
  },
  'compose.file-changed': {
    code: 'CONFLICT',
    en: {
      message: 'The mounted file {{file}} changed after the container started.',
      hint: 'Restart it: the same container reads the file again.',
    },
    fr: {
      message: 'Le fichier monté {{file}} a changé après le démarrage du conteneur.',
      hint: 'Redémarrez-le : le même conteneur relit le fichier.',
    },
  },
  'compose.other-files': {
    code: 'CONFLICT',
    en: {
      message:
        'The container was made from other Compose files than the service names: {{files}}. What these ask for and it does not have cannot be told.',
      hint: 'Use these files for the service; a recreate without them would drop what they add, a GPU for instance.',
    },
    fr: {
      message:
        'Le conteneur provient d’autres fichiers Compose que ceux du service : {{files}}. Impossible de dire ce qu’ils demandent et qu’il n’a pas.',
      hint: 'Utilisez ces fichiers pour le service ; une recréation sans eux perdrait ce qu’ils ajoutent, un GPU par exemple.',
    },
  },
  'compose.other-project': {
    code: 'CONFLICT',
    en: {
      message:
        'Another folder has a project of the same name, {{project}}: its containers, made from {{files}}, would be removed.',
      hint: 'Give one of the two another name (COMPOSE_PROJECT_NAME, or name: in its file), or take that one down by its own files.',
    },
    fr: {
      message:
        'Un autre dossier a un projet du même nom, {{project}} : ses conteneurs, issus de {{files}}, seraient supprimés.',
      hint: 'Donnez un autre nom à l’un des deux (COMPOSE_PROJECT_NAME, ou name: dans son fichier), ou supprimez celui-là par ses propres fichiers.',
    },
  },
  'compose.folders-gone': {
    code: 'CONFLICT',
    en: {
      message:
        '{{name}} mounts folders or files that are not there: {{sources}}. Docker would put empty folders in their place.',
      hint: 'Put them back; a folder that is meant to be empty, create it yourself. Then start the service again.',
    },
    fr: {
      message:
        '{{name}} monte des dossiers ou fichiers absents : {{sources}}. Docker mettrait des dossiers vides à leur place.',
      hint: 'Remettez-les en place ; un dossier qui doit être vide, créez-le vous-même. Puis démarrez à nouveau le service.',
    },
  },
  'compose.plan-up': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} has no container: it is made from the Compose files.',
      hint: 'An image that is missing is pulled first, which can take long.',
    },
    fr: {
      message: '{{id}} n’a pas de conteneur : il est créé à partir des fichiers Compose.',
      hint: 'Une image manquante est d’abord téléchargée, ce qui peut être long.',
    },
  },
  'compose.plan-start': {
    code: 'CONFLICT',
    en: {
      message: 'Its files agree with the container, so it is started as it is.',
      hint: 'What was written inside the container is kept.',
    },
    fr: {
      message: 'Ses fichiers correspondent au conteneur ; il est donc démarré tel quel.',
      hint: 'Ce qui a été écrit dans le conteneur est conservé.',
    },
  },
  'compose.plan-unpause': {
    code: 'CONFLICT',
    en: {
      message: 'The container of {{id}} is paused: it goes on where it was.',
      hint: 'What is in its memory is kept.',
    },
    fr: {
      message: 'Le conteneur de {{id}} est en pause : il continue là où il en était.',
      hint: 'Ce qui est dans sa mémoire est conservé.',
    },
  },
  'compose.plan-recreate': {
    code: 'CONFLICT',
    en: {
      message: 'The container is started as it is: only a recreate applies the changes.',
      hint: 'Recreate it when you are ready: what was written inside the container, and in no volume, is lost then.',
    },
    fr: {
      message: 'Le conteneur est démarré tel quel : seule une recréation applique les changements.',
      hint: 'Recréez-le quand vous êtes prêt : ce qui a été écrit dans le conteneur, hors volume, est alors perdu.',
    },
  },
  'compose.plan-unknown': {
    code: 'CONFLICT',
    en: {
      message: 'Whether the files changed cannot be told now, so the container is started as it is.',
      hint: 'Look at the reason: {{why}}',
    },
    fr: {
      message: 'Impossible de savoir si les fichiers ont changé ; le conteneur est démarré tel quel.',
      hint: 'Voyez la raison : {{why}}',
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
