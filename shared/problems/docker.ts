import { defineProblems } from './define'

/** Why the Docker engine cannot be reached, in the words of the system that the panel runs on. */
export const dockerProblems = defineProblems({
  'docker.connecting': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'Regie is connecting to Docker.', hint: 'Wait a moment.' },
    fr: { message: 'Regie se connecte à Docker.', hint: 'Patientez un instant.' },
  },
  'docker.closed': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'Regie is shutting down and has disconnected from Docker.', hint: 'Start Regie again.' },
    fr: { message: 'Regie se ferme et s’est déconnecté de Docker.', hint: 'Redémarrez Regie.' },
  },
  'docker.not-installed-linux': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Docker was not found on this machine.',
      hint: 'Install the Docker engine (docs.docker.com/engine/install), or set the address of an engine elsewhere.',
    },
    fr: {
      message: 'Docker est introuvable sur cette machine.',
      hint: 'Installez le moteur Docker (docs.docker.com/engine/install) ou indiquez l’adresse d’un moteur ailleurs.',
    },
  },
  'docker.not-installed-windows': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Docker Desktop was not found on this machine.',
      hint: 'Install Docker Desktop with WSL 2, sign out and in once, and start it. Or set the address of an engine elsewhere.',
    },
    fr: {
      message: 'Docker Desktop est introuvable sur cette machine.',
      hint: 'Installez Docker Desktop avec WSL 2, rouvrez votre session, puis lancez-le. Ou indiquez l’adresse d’un moteur ailleurs.',
    },
  },
  'docker.not-installed-macos': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Docker Desktop was not found on this Mac.',
      hint: 'Install Docker Desktop and start it, or set the address of an engine elsewhere.',
    },
    fr: {
      message: 'Docker Desktop est introuvable sur ce Mac.',
      hint: 'Installez Docker Desktop et lancez-le, ou indiquez l’adresse d’un moteur ailleurs.',
    },
  },
  'docker.not-running-linux': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Docker is installed, but its engine is not running.',
      hint: 'Start the engine; Regie notices automatically and nothing is lost.',
    },
    fr: {
      message: 'Docker est installé, mais son moteur ne tourne pas.',
      hint: 'Démarrez le moteur ; Regie s’en aperçoit automatiquement et rien n’est perdu.',
    },
  },
  'docker.not-running-windows': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Docker Desktop is installed, but it is not running.',
      hint: 'Start Docker Desktop and wait until it says “Engine running”; Regie notices automatically and nothing is lost.',
    },
    fr: {
      message: 'Docker Desktop est installé, mais il ne tourne pas.',
      hint: 'Lancez Docker Desktop et attendez « Engine running » ; Regie s’en aperçoit automatiquement et rien n’est perdu.',
    },
  },
  'docker.not-running-macos': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Docker is installed, but it is not running.',
      hint: 'Start Docker Desktop and wait until its icon stops moving; Regie notices automatically and nothing is lost.',
    },
    fr: {
      message: 'Docker est installé, mais il ne tourne pas.',
      hint: 'Lancez Docker Desktop et attendez que son icône s’immobilise ; Regie s’en aperçoit automatiquement et rien n’est perdu.',
    },
  },
  'docker.starting': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Docker is installed, but its engine is not responding yet.',
      hint: 'It is probably starting, which takes up to a minute. If it stays so, restart Docker.',
    },
    fr: {
      message: 'Docker est là, mais son moteur ne répond pas encore.',
      hint: 'Il démarre sans doute, ce qui prend jusqu’à une minute. Si cela dure, redémarrez Docker.',
    },
  },
  'docker.permission-linux': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Your account is not allowed to use Docker: {{path}} refuses it.',
      hint: 'Add your account to the group “docker”, then sign out and in again (programs that are open keep the old groups). The group is as powerful as root.',
    },
    fr: {
      message: 'Votre compte n’a pas le droit d’utiliser Docker : {{path}} le refuse.',
      hint: 'Ajoutez votre compte au groupe « docker », puis rouvrez votre session (les programmes ouverts gardent les anciens groupes). Ce groupe a autant de pouvoir que root.',
    },
  },
  'docker.permission-windows': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Your account is not allowed to use Docker Desktop: {{path}} refuses it.',
      hint: 'Add your account to the group “docker-users” in a terminal opened as administrator, then sign out and in again.',
    },
    fr: {
      message: 'Votre compte n’a pas le droit d’utiliser Docker Desktop : {{path}} le refuse.',
      hint: 'Ajoutez votre compte au groupe « docker-users » dans un terminal ouvert en administrateur, puis rouvrez votre session.',
    },
  },
  'docker.permission-macos': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Your account is not allowed to use Docker: {{path}} refuses it.',
      hint: 'The socket belongs to another account. Quit Docker Desktop there, and start it from your own.',
    },
    fr: {
      message: 'Votre compte n’a pas le droit d’utiliser Docker : {{path}} le refuse.',
      hint: 'La socket appartient à un autre compte. Quittez-y Docker Desktop, puis lancez-le depuis le vôtre.',
    },
  },
  'docker.host-unknown': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'There is no machine named {{host}}.', hint: 'Correct the Docker address, or check the network.' },
    fr: {
      message: 'Aucune machine ne s’appelle {{host}}.',
      hint: 'Corrigez l’adresse de Docker ou vérifiez le réseau.',
    },
  },
  'docker.host-silent': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{address}} is not responding ({{error}}).',
      hint: 'Check that the machine is on and reachable, and that no firewall closes the port.',
    },
    fr: {
      message: '{{address}} ne répond pas ({{error}}).',
      hint: 'Vérifiez que la machine est allumée et joignable, et qu’aucun pare-feu ne ferme le port.',
    },
  },
  'docker.host-refused': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The machine answers, but no engine listens at {{address}}.',
      hint: 'Check the port, and that the engine there is set to listen on TCP.',
    },
    fr: {
      message: 'La machine répond, mais aucun moteur n’écoute à {{address}}.',
      hint: 'Vérifiez le port, et que le moteur de cette machine est réglé pour écouter en TCP.',
    },
  },
  'docker.not-docker': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'What answers at {{address}} is not a Docker engine (HTTP {{status}}).',
      hint: 'Correct the Docker address.',
    },
    fr: {
      message: 'Ce qui répond à {{address}} n’est pas un moteur Docker (HTTP {{status}}).',
      hint: 'Corrigez l’adresse de Docker.',
    },
  },
  'docker.tls-needed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The engine at {{address}} wants TLS.',
      hint: 'Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem, or choose a Docker context that has them, and start Regie again.',
    },
    fr: {
      message: 'Le moteur à {{address}} exige TLS.',
      hint: 'Définissez DOCKER_TLS_VERIFY=1 et DOCKER_CERT_PATH vers le dossier de ca.pem, cert.pem et key.pem, ou choisissez un contexte Docker qui les possède, puis redémarrez Regie.',
    },
  },
  'docker.tls-not-spoken': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The engine at {{address}} does not speak TLS ({{error}}).',
      hint: 'Its port for TLS is usually 2376. Without TLS, everyone who reaches the port is root there.',
    },
    fr: {
      message: 'Le moteur à {{address}} ne parle pas TLS ({{error}}).',
      hint: 'Son port TLS est d’ordinaire le 2376. Sans TLS, toute personne qui atteint le port y est root.',
    },
  },
  'docker.tls-untrusted': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The certificate of {{address}} cannot be trusted ({{error}}).',
      hint: 'Check that ca.pem is the authority that signed it, that it has not expired, and that the address is the name in it.',
    },
    fr: {
      message: 'Le certificat de {{address}} n’est pas digne de confiance ({{error}}).',
      hint: 'Vérifiez que ca.pem est l’autorité qui l’a signé, qu’il n’a pas expiré et que l’adresse est bien le nom qu’il porte.',
    },
  },
  'docker.tls-refused': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The engine at {{address}} refuses Regie’s certificate ({{error}}).',
      hint: 'Check that cert.pem and key.pem belong together and are signed by the authority that the engine knows.',
    },
    fr: {
      message: 'Le moteur à {{address}} refuse le certificat de Regie ({{error}}).',
      hint: 'Vérifiez que cert.pem et key.pem vont ensemble et sont signés par l’autorité que le moteur connaît.',
    },
  },
  'docker.tls-files': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The TLS file {{file}} cannot be read ({{error}}).',
      hint: 'Put ca.pem, cert.pem and key.pem there, or correct DOCKER_CERT_PATH.',
    },
    fr: {
      message: 'Le fichier TLS {{file}} est illisible ({{error}}).',
      hint: 'Placez-y ca.pem, cert.pem et key.pem, ou corrigez DOCKER_CERT_PATH.',
    },
  },
  'docker.ssh-missing': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The program ssh was not found, and {{address}} is reached by it.',
      hint: 'Install the OpenSSH client; on Windows it is an optional feature.',
    },
    fr: {
      message: 'Le programme ssh est introuvable, or {{address}} s’atteint par lui.',
      hint: 'Installez le client OpenSSH ; sous Windows, c’est une fonctionnalité facultative.',
    },
  },
  'docker.ssh-login': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: '{{host}} does not let you in over ssh.',
      hint: 'ssh must work without a password: put your public key there with ssh-copy-id, or load it into the agent.',
    },
    fr: {
      message: '{{host}} ne vous laisse pas entrer par ssh.',
      hint: 'ssh doit fonctionner sans mot de passe : déposez-y votre clé publique avec ssh-copy-id ou chargez-la dans l’agent.',
    },
  },
  'docker.ssh-host-key': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'ssh does not know the host key of {{host}}, or it has changed.',
      hint: 'Connect once manually and compare the key; if it has changed, find out why before you accept it.',
    },
    fr: {
      message: 'ssh ne connaît pas la clé d’hôte de {{host}}, ou elle a changé.',
      hint: 'Connectez-vous une fois à la main et comparez la clé ; si elle a changé, cherchez pourquoi avant de l’accepter.',
    },
  },
  'docker.ssh-no-docker': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'ssh reaches {{host}}, but the docker program is not on the PATH there.',
      hint: 'Install the Docker CLI there, for the account that ssh signs in with.',
    },
    fr: {
      message: 'ssh atteint {{host}}, mais le programme docker n’y est pas dans le PATH.',
      hint: 'Installez-y l’interface en ligne de commande de Docker pour le compte que ssh utilise.',
    },
  },
  'docker.ssh-permission': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'ssh reaches {{host}}, but its account is not allowed to use Docker there.',
      hint: 'Add that account to the group “docker” on {{host}}.',
    },
    fr: {
      message: 'ssh atteint {{host}}, mais son compte n’a pas le droit d’y utiliser Docker.',
      hint: 'Ajoutez ce compte au groupe « docker » sur {{host}}.',
    },
  },
  'docker.ssh-engine-down': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'ssh reaches {{host}}, but no Docker engine runs there.', hint: 'Start the engine on {{host}}.' },
    fr: {
      message: 'ssh atteint {{host}}, mais aucun moteur Docker n’y tourne.',
      hint: 'Démarrez le moteur sur {{host}}.',
    },
  },
  'docker.ssh-failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'ssh cannot reach {{host}}: {{detail}}',
      hint: 'Try the same manually, and correct what ssh names.',
    },
    fr: {
      message: 'ssh n’atteint pas {{host}} : {{detail}}',
      hint: 'Essayez la même chose à la main et corrigez ce que ssh indique.',
    },
  },
  'docker.api-too-old': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Docker {{version}} is too old: it speaks API {{api}}, and Regie needs {{oldest}}.',
      hint: 'Update Docker to version 19.03 or later.',
    },
    fr: {
      message: 'Docker {{version}} est trop ancien : il parle l’API {{api}}, et Regie demande la {{oldest}}.',
      hint: 'Mettez Docker à jour vers la version 19.03 ou plus récente.',
    },
  },
  'docker.api-too-new': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Docker {{version}} is too new: it asks for API {{lowest}}, and this Regie speaks {{newest}}.',
      hint: 'Update Regie.',
    },
    fr: {
      message: 'Docker {{version}} est trop récent : il demande l’API {{lowest}}, et ce Regie parle la {{newest}}.',
      hint: 'Mettez Regie à jour.',
    },
  },
  'docker.config-broken': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Docker’s file {{file}} cannot be read ({{why}}).',
      hint: 'Repair it, or move it away; Docker’s own programs fail on it too.',
    },
    fr: {
      message: 'Le fichier {{file}} de Docker est illisible ({{why}}).',
      hint: 'Réparez-le ou déplacez-le ; les programmes de Docker échouent aussi dessus.',
    },
  },
  'docker.context-missing': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The Docker context “{{name}}” does not exist.',
      hint: 'Choose another one with “docker context use”.',
    },
    fr: {
      message: 'Le contexte Docker « {{name}} » n’existe pas.',
      hint: 'Choisissez-en un autre avec « docker context use ».',
    },
  },
  'docker.address-invalid': {
    code: 'BAD_REQUEST',
    en: {
      message: '“{{address}}” is not a Docker address.',
      hint: 'Write it as unix:///path, npipe:////./pipe/name, tcp://host:port or ssh://user@host, without a password.',
    },
    fr: {
      message: '« {{address}} » n’est pas une adresse Docker.',
      hint: 'Écrivez-la sous la forme unix:///chemin, npipe:////./pipe/nom, tcp://hôte:port ou ssh://utilisateur@hôte, sans mot de passe.',
    },
  },
  'docker.failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Docker at {{address}} cannot be used ({{error}}).',
      hint: 'Check that “docker version” works in a terminal, then try again.',
    },
    fr: {
      message: 'Docker à {{address}} est inutilisable ({{error}}).',
      hint: 'Vérifiez que « docker version » fonctionne dans un terminal, puis réessayez.',
    },
  },
})
