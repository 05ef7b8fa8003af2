import { defineProblems } from './define'

/** What the linter finds in what Compose services ask for: mounts, Forge, GPUs, ports, images, habits. */
export const lintServiceProblems = defineProblems({
  'lint.secret-file-mount': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The secret file {{source}} is mounted as a single file.',
      hint: 'Such a mount follows the file’s inode: when a program replaces the file (write, then rename, as most do), the container keeps the old secret until it is recreated. Mount its folder instead.',
    },
    fr: {
      message: 'Le fichier secret {{source}} est monté seul.',
      hint: 'Un tel montage suit l’inode du fichier : quand un programme remplace le fichier (écriture puis renommage, comme la plupart), le conteneur garde l’ancien secret jusqu’à sa recréation. Montez le dossier qui le contient.',
    },
  },
  'lint.source-missing-file': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{source}} does not exist; Docker would make a folder of that name.',
      hint: 'The container then finds a folder where it expects a file. With the token file this was silent: the entry point fell back to a new hash, and the token changed at every start. Put the file there, and let Compose refuse to start without it.',
    },
    fr: {
      message: '{{source}} n’existe pas ; Docker créerait un dossier de ce nom.',
      hint: 'Le conteneur trouve alors un dossier là où il attend un fichier. Avec le fichier du jeton, cela passait inaperçu : le script de démarrage retombait sur un nouveau hachage, et le jeton changeait à chaque démarrage. Mettez le fichier en place, et laissez Compose refuser de démarrer sans lui.',
    },
  },
  'lint.source-refused-file': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{source}} does not exist.',
      hint: 'The container cannot be made until the file is there: this mount is written so that Docker makes no folder in its place, which is right.',
    },
    fr: {
      message: '{{source}} n’existe pas.',
      hint: 'Le conteneur ne peut pas être créé sans ce fichier : ce montage est écrit de sorte que Docker ne crée pas de dossier à sa place, ce qui est juste.',
    },
  },
  'lint.source-missing-folder': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The folder {{source}} does not exist yet.',
      hint: 'Docker creates it with the container, on Linux as root: then the program, or you, cannot write to it. Create it beforehand to own it.',
    },
    fr: {
      message: 'Le dossier {{source}} n’existe pas encore.',
      hint: 'Docker le crée avec le conteneur, sous Linux en tant que root : le programme, ou vous, ne pouvez alors pas y écrire. Créé d’avance, il vous appartient.',
    },
  },
  'lint.source-is-folder': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{source}} is a folder, but looks like the name of a file.',
      hint: 'Docker makes such a folder when the file is missing at a start. The container then reads no secret or script at all. Remove the empty folder, put the file there, and recreate the container.',
    },
    fr: {
      message: '{{source}} est un dossier, mais porte un nom de fichier.',
      hint: 'Docker crée un tel dossier quand le fichier manque au démarrage. Le conteneur ne lit alors ni secret ni script. Supprimez le dossier vide, mettez le fichier en place, et recréez le conteneur.',
    },
  },
  'lint.forge-api-open': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Forge’s API is open: --api without --api-auth.',
      hint: '--gradio-auth protects the pages alone: /sdapi/v1 answers everyone, with or without credentials. Clients that send a password succeed only because nothing is checked.',
    },
    fr: {
      message: 'L’API de Forge est ouverte : --api sans --api-auth.',
      hint: '--gradio-auth ne protège que les pages : /sdapi/v1 répond à tous, avec ou sans identifiants. Les clients qui envoient un mot de passe ne réussissent que parce que rien n’est vérifié.',
    },
  },
  'lint.forge-password-unsafe': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The password for Forge contains {{character}}.',
      hint: 'Forge splits its list of logins at commas and each login at the colon, and its arguments at blanks: the login becomes another one, or the API does not start. Rotate the credential: Regie generates safe ones.',
    },
    fr: {
      message: 'Le mot de passe de Forge contient {{character}}.',
      hint: 'Forge sépare sa liste de comptes aux virgules, chaque compte au deux-points et ses arguments aux espaces : le compte devient un autre, ou l’API ne démarre pas. Renouvelez-le : Regie en génère de sûrs.',
    },
  },
  'lint.forge-gpu-id': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '--gpu-device-id {{id}} counts among all cards, “count” gives only some.',
      hint: 'On Linux the container sees {{count}} and its own numbers begin at 0, so that index {{id}} does not exist or is another card; under WSL2 all cards are visible, in CUDA’s order. Name the card by UUID in device_ids and CUDA_VISIBLE_DEVICES, and take this argument away.',
    },
    fr: {
      message: '--gpu-device-id {{id}} compte parmi toutes les cartes, « count » n’en donne que certaines.',
      hint: 'Sous Linux, le conteneur en voit {{count}} et ses numéros commencent à 0 : l’index {{id}} n’existe pas ou désigne une autre carte ; sous WSL2, toutes les cartes sont visibles, dans l’ordre de CUDA. Nommez la carte par UUID dans device_ids et CUDA_VISIBLE_DEVICES, et retirez cet argument.',
    },
  },
  'lint.gpu-argument': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The GPU is chosen by {{flag}} {{id}}, a number.',
      hint: 'It counts the GPUs inside the container, in CUDA’s own order, which is not nvidia-smi’s: it may be another card than you think, and becomes another one when a card is added. Name the card by UUID in device_ids and CUDA_VISIBLE_DEVICES, and take this argument away.',
    },
    fr: {
      message: 'Le GPU est choisi par {{flag}} {{id}}, un numéro.',
      hint: 'Il compte les GPU dans le conteneur, dans l’ordre propre à CUDA, qui n’est pas celui de nvidia-smi : ce peut être une autre carte que prévu, et ce le devient quand on ajoute une carte. Nommez la carte par UUID dans device_ids et CUDA_VISIBLE_DEVICES, et retirez cet argument.',
    },
  },
  'lint.forge-nowebui-address': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '--nowebui without an address listens on every address.',
      hint: 'Unlike the pages, which stay on this machine without --listen. Name the address with --server-name: 127.0.0.1 outside a container, 0.0.0.0 inside one whose port is published to 127.0.0.1.',
    },
    fr: {
      message: '--nowebui sans adresse écoute sur toutes les adresses.',
      hint: 'Contrairement aux pages, qui restent sur cette machine sans --listen. Indiquez l’adresse avec --server-name : 127.0.0.1 hors d’un conteneur, 0.0.0.0 dans un conteneur dont le port est publié sur 127.0.0.1.',
    },
  },
  'lint.cuda-visible': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '“{{value}}” in CUDA_VISIBLE_DEVICES is no device: CUDA ignores it and everything behind it.',
      hint: 'If it comes first, the program finds no GPU at all. “all” is a word of NVIDIA_VISIBLE_DEVICES only. Remove the variable to let CUDA see every GPU, or name one by UUID.',
    },
    fr: {
      message:
        '« {{value}} » dans CUDA_VISIBLE_DEVICES n’est pas un périphérique : CUDA l’ignore, et tout ce qui suit.',
      hint: 'En première position, le programme ne trouve aucun GPU. « all » n’est admis que dans NVIDIA_VISIBLE_DEVICES. Retirez la variable pour que CUDA voie tous les GPU, ou nommez-en un par UUID.',
    },
  },
  'lint.host-network': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This service uses the network of the machine itself.',
      hint: 'Every port on which its programs listen is one of the machine’s, also those that no line publishes, and a port that is taken there fails. Publish the one port that is needed, with 127.0.0.1 before it, and take this line away.',
    },
    fr: {
      message: 'Ce service utilise directement le réseau de la machine.',
      hint: 'Chaque port sur lequel ses programmes écoutent est un port de la machine, même si aucune ligne ne le publie, et un port déjà pris échoue. Publiez le seul port nécessaire, précédé de 127.0.0.1, et retirez cette ligne.',
    },
  },
  'lint.privileged': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'This service is privileged: nothing separates it from the machine.',
      hint: 'Anyone who gets into its program, by a custom node or an extension for instance, has the whole machine. A GPU does not need it: device requests give access to the cards alone.',
    },
    fr: {
      message: 'Ce service est privilégié : rien ne le sépare de la machine.',
      hint: 'Toute personne qui entre dans son programme, par un nœud personnalisé ou une extension par exemple, tient toute la machine. Un GPU n’en a pas besoin : une réservation de périphérique donne accès aux seules cartes.',
    },
  },
  'lint.fix-not-privileged': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'Run without privileges', hint: 'If the program then lacks a device, name that device.' },
    fr: { message: 'Exécuter sans privilèges', hint: 'S’il manque alors un périphérique au programme, nommez-le.' },
  },
  'lint.engine-socket': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The engine’s socket {{source}} is mounted into this container.',
      hint: 'Anyone who can speak to it can start a container with the whole disk in it: it is as much as the machine’s administrator, “:ro” or not. Remove the mount, or put a proxy before it that lets only needed requests through.',
    },
    fr: {
      message: 'Le socket du moteur {{source}} est monté dans ce conteneur.',
      hint: 'Toute personne qui peut lui parler peut démarrer un conteneur qui voit tout le disque : c’est autant que l’administrateur de la machine, avec ou sans « :ro ». Retirez ce montage, ou placez devant un proxy qui ne laisse passer que les requêtes nécessaires.',
    },
  },
  'lint.whole-disk': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The whole disk {{source}} is mounted into this container.',
      hint: 'The program can read every key and password on it, and change what it may write. Mount the folders that it needs.',
    },
    fr: {
      message: 'Le disque entier {{source}} est monté dans ce conteneur.',
      hint: 'Le programme peut y lire toutes les clés et tous les mots de passe, et modifier ce qu’il a le droit d’écrire. Montez les dossiers dont il a besoin.',
    },
  },
  'lint.windows-drive': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The models lie on a Windows drive: {{source}}.',
      hint: 'A container reads such a drive through WSL at some tens of MB per second: a model takes minutes to load in place of seconds. Move the models into a named volume, or into a folder of WSL’s own file system.',
    },
    fr: {
      message: 'Les modèles se trouvent sur un lecteur Windows : {{source}}.',
      hint: 'Un conteneur lit un tel lecteur à travers WSL, à quelques dizaines de Mo par seconde : un modèle met des minutes à se charger au lieu de secondes. Déplacez les modèles dans un volume nommé, ou dans un dossier du système de fichiers de WSL.',
    },
  },
  'lint.windows-drive-measured': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The models lie on a Windows drive: {{source}}. The container reads them at {{rate}} MB/s.',
      hint: 'Measured on the first 64 MiB, at most, of the largest file. A container reads such a drive through WSL; in a named volume, or in a folder of WSL’s own file system, models load at the speed of the disk.',
    },
    fr: {
      message: 'Les modèles se trouvent sur un lecteur Windows : {{source}}. Le conteneur les lit à {{rate}} Mo/s.',
      hint: 'Mesuré sur les 64 premiers Mio au plus du plus gros fichier. Un conteneur lit un tel lecteur à travers WSL ; dans un volume nommé, ou dans un dossier du système de fichiers de WSL, les modèles se chargent à la vitesse du disque.',
    },
  },
  'lint.fix-models-volume': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Use the verified copy in the volume {{volume}}',
      hint: 'The service reads the volume from its next recreate on. The originals in {{source}} stay where they are, and the change can be undone.',
    },
    fr: {
      message: 'Utiliser la copie vérifiée dans le volume {{volume}}',
      hint: 'Le service lit le volume dès sa prochaine recréation. Les originaux dans {{source}} restent où ils sont, et la modification peut être annulée.',
    },
  },
  'lint.port-twice': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Port {{port}} of the machine is published by {{service}} already.',
      hint: 'Only the first of the two starts. Give one of them another port of the machine, the number before the last colon.',
    },
    fr: {
      message: 'Le port {{port}} de la machine est déjà publié par {{service}}.',
      hint: 'Seul le premier des deux démarre. Donnez à l’un d’eux un autre port de la machine, le nombre avant le dernier deux-points.',
    },
  },
  'lint.gpu-by-index': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The GPU is chosen by the number {{index}}.',
      hint: 'Numbers mean different cards to different programs: nvidia-smi counts by bus, CUDA the fastest first. With a 3080 Ti and a 3090 in one machine, nvidia-smi’s 0 was the one and CUDA’s 0 the other. Under WSL2 device_ids has no effect at all, and CUDA_VISIBLE_DEVICES alone decides. A UUID means one card, everywhere.',
    },
    fr: {
      message: 'Le GPU est choisi par le numéro {{index}}.',
      hint: 'Les numéros désignent des cartes différentes selon les programmes : nvidia-smi compte par bus, CUDA la plus rapide d’abord. Avec une 3080 Ti et une 3090 dans une machine, le 0 de nvidia-smi était l’une et le 0 de CUDA l’autre. Sous WSL2, device_ids est sans effet et seule CUDA_VISIBLE_DEVICES décide. Un UUID désigne une seule carte, partout.',
    },
  },
  'lint.gpu-count': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '“count: {{count}}” gives the first cards, not the free ones.',
      hint: 'Docker hands out numbers 0 upwards, no matter who uses them; under WSL2 all cards are visible. A UUID says which card is meant.',
    },
    fr: {
      message: '« count: {{count}} » donne les premières cartes, pas les libres.',
      hint: 'Docker attribue les numéros à partir de 0, quel qu’en soit l’occupant ; sous WSL2, toutes les cartes sont visibles. Un UUID dit quelle carte est visée.',
    },
  },
  'lint.gpu-capabilities': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The GPU request has no capabilities.',
      hint: 'Compose refuses a device without them: “capabilities: [gpu]” is required.',
    },
    fr: {
      message: 'La demande de GPU n’a pas de « capabilities ».',
      hint: 'Compose refuse un périphérique sans elles : « capabilities: [gpu] » est obligatoire.',
    },
  },
  'lint.gpu-count-and-ids': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'count and device_ids exclude one another.',
      hint: 'Compose refuses the file. device_ids says which card, so count can go.',
    },
    fr: {
      message: 'count et device_ids s’excluent.',
      hint: 'Compose refuse le fichier. device_ids dit quelle carte : count peut disparaître.',
    },
  },
  'lint.port-open': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Port {{port}} is open to the whole network.',
      hint: 'Without an address Docker listens on all of them, and goes past most host firewalls. Anyone who reaches this machine reaches the service. The reverse proxy on this machine needs only 127.0.0.1.',
    },
    fr: {
      message: 'Le port {{port}} est ouvert à tout le réseau.',
      hint: 'Sans adresse, Docker écoute sur toutes, et contourne la plupart des pare-feu de la machine. Qui atteint cette machine atteint le service. Le proxy inverse de cette machine n’a besoin que de 127.0.0.1.',
    },
  },
  'lint.image-moving': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The image {{image}} is not pinned.',
      hint: 'A pull may bring another program at any time: what worked yesterday cannot be had back. Name a version, or the digest that runs now.',
    },
    fr: {
      message: 'L’image {{image}} n’est pas figée.',
      hint: 'Un pull peut apporter un autre programme à tout moment : ce qui marchait hier ne peut pas être retrouvé. Nommez une version, ou l’empreinte qui tourne maintenant.',
    },
  },
  'lint.privileges': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Programs in {{service}} may gain privileges.',
      hint: '“no-new-privileges” keeps a program that was broken into from becoming root by a set-uid file. An image whose start script uses sudo (ai-dock’s does) needs them: try it after a recreate.',
    },
    fr: {
      message: 'Les programmes de {{service}} peuvent gagner des privilèges.',
      hint: '« no-new-privileges » empêche un programme compromis de devenir root par un fichier set-uid. Une image dont le script de démarrage utilise sudo (comme ai-dock) en a besoin : essayez après une recréation.',
    },
  },
  'lint.log-size': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The log of {{service}} grows without a limit.',
      hint: 'Docker keeps every line until the disk is full; ComfyUI writes one for each step of a progress bar.',
    },
    fr: {
      message: 'Le journal de {{service}} grandit sans limite.',
      hint: 'Docker garde chaque ligne jusqu’à ce que le disque soit plein ; ComfyUI en écrit une à chaque pas d’une barre de progression.',
    },
  },
  'lint.restart-missing': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{service}} stays down after a reboot or a crash.',
      hint: 'Without a restart policy Docker starts it only when someone does. “unless-stopped” also leaves alone what an idle monitor has put to sleep.',
    },
    fr: {
      message: '{{service}} reste arrêté après un redémarrage de la machine ou un plantage.',
      hint: 'Sans politique de redémarrage, Docker ne le démarre que si quelqu’un le fait. « unless-stopped » laisse aussi dormir ce qu’un moniteur d’inactivité a arrêté.',
    },
  },
  'lint.restart-always': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{service}} starts whenever Docker starts.',
      hint: '“always” also starts what was stopped on purpose, by you or by an idle monitor. “unless-stopped” does not.',
    },
    fr: {
      message: '{{service}} se réveille à chaque démarrage de Docker.',
      hint: '« always » redémarre aussi ce qui a été arrêté exprès, par vous ou par un moniteur d’inactivité. « unless-stopped » ne le fait pas.',
    },
  },
  'lint.healthcheck-missing': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{service}} has no health check.',
      hint: 'Docker then calls it well as soon as its process exists, and other services cannot wait for it. Regie’s own ladder does not need it.',
    },
    fr: {
      message: '{{service}} n’a pas de contrôle de santé.',
      hint: 'Docker le dit alors sain dès que son processus existe, et les autres services ne peuvent pas l’attendre. L’échelle de Regie n’en a pas besoin.',
    },
  },
  'lint.healthcheck-401': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The health check takes 401 and 200 alike for healthy.',
      hint: '“Healthy” then says nothing: not that the credential works (July 2026, #6901: healthy, and every request refused), and not that the service is protected, for an open one answers 200. Let the check tell them apart.',
    },
    fr: {
      message: 'Le contrôle de santé accepte 401 comme 200.',
      hint: '« Healthy » ne dit alors rien : ni que l’identifiant fonctionne (juillet 2026, nº 6901 : sain, et chaque requête refusée), ni que le service est protégé, car un service ouvert répond 200. Le contrôle doit les distinguer.',
    },
  },
})
