import { defineProblems } from './define'

export const stackProblems = defineProblems({
  'stacks.no-engine': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'Docker is not responding.', hint: 'Start Docker, then check again.' },
    fr: { message: 'Docker ne répond pas.', hint: 'Démarrez Docker, puis vérifiez de nouveau.' },
  },
  'stacks.remote-engine': {
    code: 'CONFLICT',
    en: {
      message: 'The Docker engine runs on another machine, which does not see the folders of this one.',
      hint: 'Deploy the stack with a Regie on that machine, or use this machine’s own engine (Settings).',
    },
    fr: {
      message: 'Le moteur Docker tourne sur une autre machine, qui ne voit pas les dossiers de celle-ci.',
      hint: 'Déployez la stack avec un Regie sur cette machine-là, ou utilisez le moteur local (Réglages).',
    },
  },
  'stacks.no-gpu-runtime': {
    code: 'CONFLICT',
    en: {
      message: 'This Docker engine cannot hand a GPU to a container: NVIDIA’s runtime is not installed.',
      hint: 'Install the NVIDIA Container Toolkit and restart Docker, or choose no GPU.',
    },
    fr: {
      message: 'Ce moteur Docker ne peut pas confier de GPU à un conteneur : le runtime de NVIDIA n’est pas installé.',
      hint: 'Installez NVIDIA Container Toolkit et redémarrez Docker, ou choisissez « aucun GPU ».',
    },
  },
  'stacks.gpu-runtime-unknown': {
    code: 'CONFLICT',
    en: {
      message: 'The Docker engine does not tell whether it can hand a GPU to a container.',
      hint: 'Go on; if the container does not start, install the NVIDIA Container Toolkit.',
    },
    fr: {
      message: 'Le moteur Docker n’indique pas s’il peut confier un GPU à un conteneur.',
      hint: 'Continuez ; si le conteneur ne démarre pas, installez NVIDIA Container Toolkit.',
    },
  },
  'stacks.gpu-not-seen': {
    code: 'CONFLICT',
    en: {
      message: 'No GPU with the UUID {{uuid}} is in this machine now.',
      hint: 'Choose one of the list. nvidia-smi -L prints the UUIDs.',
    },
    fr: {
      message: 'Aucun GPU d’UUID {{uuid}} n’est présent sur cette machine.',
      hint: 'Choisissez-en un dans la liste. nvidia-smi -L affiche les UUID.',
    },
  },
  'stacks.no-gpu': {
    code: 'CONFLICT',
    en: {
      message: 'Without a GPU an image takes many minutes.',
      hint: 'Choose a GPU if this machine has one.',
    },
    fr: {
      message: 'Sans GPU, une image prend de longues minutes.',
      hint: 'Choisissez un GPU si cette machine en a un.',
    },
  },
  'stacks.card-too-old': {
    code: 'CONFLICT',
    en: {
      message: '{{name}} (compute capability {{capability}}) is older than PyTorch {{version}} supports: {{from}}.',
      hint: 'Choose another GPU, or none.',
    },
    fr: {
      message:
        '{{name}} (compute capability {{capability}}) est trop ancien pour PyTorch {{version}}, qui demande {{from}}.',
      hint: 'Choisissez un autre GPU, ou aucun.',
    },
  },
  'stacks.card-too-new': {
    code: 'CONFLICT',
    en: {
      message:
        'PyTorch {{version}}, which this stack installs, has no code for {{name}} (compute capability {{capability}}).',
      hint: 'Choose a stack that is kept up to date, such as Forge Neo, or another GPU.',
    },
    fr: {
      message:
        'PyTorch {{version}}, qu’installe cette stack, ne prend pas en charge {{name}} (compute capability {{capability}}).',
      hint: 'Choisissez une stack tenue à jour, comme Forge Neo, ou un autre GPU.',
    },
  },
  'stacks.driver-too-old': {
    code: 'CONFLICT',
    en: {
      message: 'The NVIDIA driver {{driver}} is too old for {{name}}: PyTorch needs CUDA {{cuda}} there.',
      hint: 'Update the NVIDIA driver of this computer to {{needed}} or newer, restart it, then check again.',
    },
    fr: {
      message: 'Le pilote NVIDIA {{driver}} est trop ancien pour {{name}} : PyTorch y a besoin de CUDA {{cuda}}.',
      hint: 'Mettez à jour le pilote NVIDIA de cet ordinateur vers {{needed}} ou plus récent, redémarrez-le, puis vérifiez de nouveau.',
    },
  },
  'stacks.card-unknown': {
    code: 'CONFLICT',
    en: {
      message:
        'The driver does not tell everything about {{name}}. PyTorch {{version}} with CUDA {{cuda}} is assumed to fit.',
      hint: 'Go on; if it does not find the GPU, set TORCH_BUILD in .env to another build and build again.',
    },
    fr: {
      message: 'Le pilote n’indique pas tout de {{name}}. PyTorch {{version}} avec CUDA {{cuda}} est supposé convenir.',
      hint: 'Continuez ; s’il ne trouve pas le GPU, choisissez une autre version par TORCH_BUILD dans .env et reconstruisez.',
    },
  },
  'stacks.little-memory': {
    code: 'CONFLICT',
    en: {
      message: 'Docker has {{total}} GiB of memory; the stack’s models take about {{needed}} GiB.',
      hint: 'It starts, but reads models from the disk again and again. With Docker Desktop, give it more memory.',
    },
    fr: {
      message: 'Docker dispose de {{total}} Gio de mémoire ; les modèles de la stack prennent environ {{needed}} Gio.',
      hint: 'Le service démarre, mais relit sans cesse les modèles du disque. Avec Docker Desktop, donnez-lui plus de mémoire.',
    },
  },
  'stacks.no-shared-models': {
    code: 'CONFLICT',
    en: {
      message: '{{path}} holds no models as ComfyUI keeps them.',
      hint: 'Choose the folder of a ComfyUI installation or its models folder, or leave it empty.',
    },
    fr: {
      message: '{{path}} ne contient pas de modèles rangés comme ceux de ComfyUI.',
      hint: 'Choisissez le dossier d’une installation de ComfyUI ou son dossier de modèles, ou laissez vide.',
    },
  },
  'stacks.port-taken': {
    code: 'CONFLICT',
    en: { message: 'Port {{port}} is in use on this machine: {{by}}.', hint: 'Port {{free}} is free.' },
    fr: { message: 'Le port {{port}} est occupé sur cette machine : {{by}}.', hint: 'Le port {{free}} est libre.' },
  },
  'stacks.credential-exists': {
    code: 'CONFLICT',
    en: {
      message: 'The vault already contains a credential named {{id}}, and the new service would need one of that name.',
      hint: 'Choose another name, or remove that credential first.',
    },
    fr: {
      message: 'Le coffre contient déjà un identifiant nommé {{id}}, et le nouveau service en demande un de ce nom.',
      hint: 'Choisissez un autre nom, ou supprimez d’abord cet identifiant.',
    },
  },
  'stacks.project-exists': {
    code: 'CONFLICT',
    en: {
      message: 'Docker already has containers of a Compose project named {{id}}, from {{folder}}.',
      hint: 'Choose another name, or connect that project instead.',
    },
    fr: {
      message: 'Docker a déjà des conteneurs d’un projet Compose nommé {{id}}, venant de {{folder}}.',
      hint: 'Choisissez un autre nom, ou connectez plutôt ce projet.',
    },
  },
  'stacks.folder-relative': {
    code: 'BAD_REQUEST',
    en: {
      message: '“{{path}}” is not an absolute path.',
      hint: 'Write it from the root or the drive on, for example {{example}}.',
    },
    fr: {
      message: '« {{path}} » n’est pas un chemin complet.',
      hint: 'Écrivez-le depuis la racine ou le lecteur, par exemple {{example}}.',
    },
  },
  'stacks.folder-unsafe': {
    code: 'BAD_REQUEST',
    en: {
      message: '“{{path}}” contains a quote, a backslash or a control character, which .env files cannot carry.',
      hint: 'Choose a folder without them.',
    },
    fr: {
      message:
        '« {{path}} » contient une apostrophe, une barre oblique inverse ou un caractère de contrôle, interdits dans .env.',
      hint: 'Choisissez un dossier qui n’en contient pas.',
    },
  },
  'stacks.not-a-folder': {
    code: 'BAD_REQUEST',
    en: { message: '{{path}} is a file, not a folder.', hint: 'Choose a folder.' },
    fr: { message: '{{path}} est un fichier, pas un dossier.', hint: 'Choisissez un dossier.' },
  },
  'stacks.folder-not-writable': {
    code: 'CONFLICT',
    en: {
      message: 'Nothing can be written to {{path}} ({{code}}).',
      hint: 'Choose a folder of your own, or give yourself the right to write there.',
    },
    fr: {
      message: 'Impossible d’écrire dans {{path}} ({{code}}).',
      hint: 'Choisissez un dossier à vous, ou donnez-vous le droit d’y écrire.',
    },
  },
  'stacks.conflict': {
    code: 'CONFLICT',
    en: {
      message: '{{folder}} already contains {{files}}, which Regie does not overwrite.',
      hint: 'Choose another folder, or move those files away. If they are a Compose project, connect it instead.',
    },
    fr: {
      message: '{{folder}} contient déjà {{files}}, que Regie n’écrase pas.',
      hint: 'Choisissez un autre dossier ou déplacez ces fichiers. Si c’est un projet Compose, connectez-le plutôt.',
    },
  },
  'stacks.little-space': {
    code: 'CONFLICT',
    en: {
      message: '{{free}} GiB are free for {{folder}}; the models take about {{needed}} GiB.',
      hint: 'Choose a folder on a larger disk, or make room.',
    },
    fr: {
      message: '{{free}} Gio sont libres pour {{folder}} ; les modèles prennent environ {{needed}} Gio.',
      hint: 'Choisissez un dossier sur un disque plus grand, ou faites de la place.',
    },
  },
  'stacks.models-missing': {
    code: 'CONFLICT',
    en: {
      message: 'Models are missing in {{folder}}: {{files}}.',
      hint: 'It starts without them. Put them there before the first image.',
    },
    fr: {
      message: 'Il manque des modèles dans {{folder}} : {{files}}.',
      hint: 'Le service démarre sans eux. Placez-les avant la première image.',
    },
  },
  'stacks.busy': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} is being deployed already.',
      hint: 'Wait until it is finished, or cancel it.',
    },
    fr: {
      message: '{{id}} est déjà en cours de déploiement.',
      hint: 'Attendez la fin, ou annulez-le.',
    },
  },
  'stacks.cancelled': {
    code: 'CONFLICT',
    en: { message: 'The deployment was cancelled.', hint: 'Start it again whenever you like.' },
    fr: { message: 'Le déploiement a été annulé.', hint: 'Relancez-le quand vous voudrez.' },
  },
  'stacks.failed': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'The deployment failed for an unexpected reason.', hint: 'The panel’s log has more.' },
    fr: {
      message: 'Le déploiement a échoué pour une raison que Regie n’attendait pas.',
      hint: 'Le journal du panneau en dit plus.',
    },
  },
  'stacks.deployment-not-found': {
    code: 'NOT_FOUND',
    en: { message: 'There is no deployment {{id}}.', hint: 'They are remembered until Regie ends.' },
    fr: { message: 'Il n’y a pas de déploiement {{id}}.', hint: 'Ils sont gardés jusqu’à la fermeture de Regie.' },
  },
  'stacks.cannot-undo': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} is deployed, so its deployment cannot be undone.',
      hint: 'Remove the service on its page; its files stay.',
    },
    fr: {
      message: '{{id}} est déployé ; son déploiement ne peut plus être annulé.',
      hint: 'Supprimez le service sur sa page ; ses fichiers restent.',
    },
  },
  'stacks.unreadable': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The ready-made stack {{id}} cannot be read: {{file}} ({{code}}).',
      hint: 'Install Regie again: a part of it is missing.',
    },
    fr: {
      message: 'La stack prête {{id}} est illisible : {{file}} ({{code}}).',
      hint: 'Réinstallez Regie : il en manque une partie.',
    },
  },
})
