import { defineProblems } from './define'

/** What freeing a card's memory gave back, and whether something fits there. Sizes are in GiB. */
export const memoryProblems = defineProblems({
  'memory.freed': {
    code: 'CONFLICT',
    en: { message: '{{id}} freed {{freed}} GiB.', hint: 'Its next job loads its model again.' },
    fr: {
      message: '{{id}} a libéré {{freed}} Gio.',
      hint: 'Sa prochaine tâche chargera de nouveau son modèle.',
    },
  },
  'memory.freed-left': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} freed {{freed}} GiB and still holds {{left}} GiB.',
      hint: 'A restart gives back the rest.',
    },
    fr: {
      message: '{{id}} a libéré {{freed}} Gio et en occupe encore {{left}}.',
      hint: 'Un redémarrage libère le reste.',
    },
  },
  'memory.context': {
    code: 'CONFLICT',
    en: {
      message: 'Nothing was freed: {{left}} GiB is what PyTorch in {{id}} keeps for itself, not a model.',
      hint: 'A restart gives it back.',
    },
    fr: {
      message: 'Rien n’a été libéré : {{left}} Gio est ce que PyTorch garde pour lui dans {{id}}, pas un modèle.',
      hint: 'Un redémarrage le libère.',
    },
  },
  'memory.kept': {
    code: 'CONFLICT',
    en: {
      message: 'Nothing was freed: {{id}} still holds {{left}} GiB.',
      hint: 'If it works, it unloads its models after the job. Else a restart gives the memory back.',
    },
    fr: {
      message: 'Rien n’a été libéré : {{id}} occupe encore {{left}} Gio.',
      hint: 'S’il travaille, il déchargera ses modèles après la tâche. Sinon, un redémarrage libère la mémoire.',
    },
  },
  'memory.held-nothing': {
    code: 'CONFLICT',
    en: { message: 'Nothing was freed: {{id}} held no model.', hint: 'Nothing needs to be done.' },
    fr: { message: 'Rien n’a été libéré : {{id}} n’avait chargé aucun modèle.', hint: 'Il n’y a rien à faire.' },
  },
  'memory.unmeasured': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} unloaded its models; how much that freed cannot be measured here.',
      hint: 'Neither its processes nor the service itself tell what it holds.',
    },
    fr: {
      message: '{{id}} a déchargé ses modèles ; la mémoire libérée ne peut pas être mesurée ici.',
      hint: 'Ni ses processus ni le service lui-même n’indiquent ce qu’il occupe.',
    },
  },
  'memory.fits': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} fits: it needs about {{needs}} GiB, {{free}} are free on {{gpu}}.',
      hint: 'Nothing needs to be done.',
    },
    fr: {
      message: '{{id}} tient : il faut environ {{needs}} Gio, {{free}} sont libres sur {{gpu}}.',
      hint: 'Il n’y a rien à faire.',
    },
  },
  'memory.fits-after': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} needs about {{needs}} GiB, {{free}} are free on {{gpu}}: it fits once {{services}} is unloaded.',
      hint: 'Services that take turns on a card are unloaded automatically. Otherwise free their memory first.',
    },
    fr: {
      message:
        'Il faut à {{id}} environ {{needs}} Gio, {{free}} sont libres sur {{gpu}} : il tient une fois {{services}} déchargé.',
      hint: 'Les services qui se partagent une carte à tour de rôle sont déchargés automatiquement. Sinon, libérez d’abord leur mémoire.',
    },
  },
  'memory.fits-after-others': {
    code: 'CONFLICT',
    en: {
      message:
        '{{id}} needs about {{needs}} GiB, {{free}} are free on {{gpu}}: it fits once others have been unloaded.',
      hint: 'Services that take turns on a card are unloaded automatically. Otherwise the first image may be slow, or fail.',
    },
    fr: {
      message:
        'Il faut à {{id}} environ {{needs}} Gio, {{free}} sont libres sur {{gpu}} : il tient une fois les autres déchargés.',
      hint: 'Les services qui se partagent une carte à tour de rôle sont déchargés automatiquement. Sinon, la première image peut être lente, ou échouer.',
    },
  },
  'memory.too-large': {
    code: 'CONFLICT',
    en: {
      message: '{{id}} needs about {{needs}} GiB, {{free}} are free on {{gpu}}: {{short}} GiB are missing.',
      hint: 'It may fail, or move parts to system memory and run slowly. Close other programs on the card, or choose a smaller model.',
    },
    fr: {
      message: 'Il faut à {{id}} environ {{needs}} Gio, {{free}} sont libres sur {{gpu}} : il manque {{short}} Gio.',
      hint: 'Cela peut échouer, ou déborder dans la mémoire du système et devenir lent. Fermez d’autres programmes sur la carte, ou choisissez un modèle plus petit.',
    },
  },
  'memory.fit-unknown': {
    code: 'CONFLICT',
    en: {
      message: 'Whether {{id}} fits is not known.',
      hint: 'After its first image, or a golden check, it is known what it needs.',
    },
    fr: {
      message: 'On ne sait pas si {{id}} tient sur sa carte.',
      hint: 'Après sa première image, ou un contrôle de référence, ses besoins sont connus.',
    },
  },
})
