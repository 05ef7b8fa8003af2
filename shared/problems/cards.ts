import { defineProblems } from './define'

/** Why a job waits for its turn on a card, and that it has waited too long. */
export const cardProblems = defineProblems({
  'card.not-shared': {
    code: 'NOT_FOUND',
    en: {
      message: 'No services share the GPU {{uuid}}.',
      hint: 'Give services their GPU on their pages. What has a GPU alone takes no turns.',
    },
    fr: {
      message: 'Aucun service ne partage le GPU {{uuid}}.',
      hint: 'Attribuez leur GPU aux services sur leurs pages. Celui qui a un GPU pour lui seul n’attend pas son tour.',
    },
  },
  'card.rotation': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The service gets a new secret, and takes no new jobs until then.',
      hint: 'It goes on automatically.',
    },
    fr: {
      message: 'Le service reçoit un nouveau secret et ne prend pas de nouvelle tâche d’ici là.',
      hint: 'La suite se fait automatiquement.',
    },
  },
  'card.line': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'Other jobs of this service go first.', hint: 'It goes on automatically.' },
    fr: { message: 'D’autres tâches de ce service passent d’abord.', hint: 'La suite se fait automatiquement.' },
  },
  'card.busy': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The GPU has no room beside {{services}}, which has work.',
      hint: 'It goes on automatically when that work is done. If both fit together, set a memory limit for them.',
    },
    fr: {
      message: 'Le GPU n’a pas de place à côté de {{services}}, qui travaille.',
      hint: 'La suite se fait automatiquement quand ce travail est terminé. Si les deux tiennent ensemble, fixez-leur une limite de mémoire.',
    },
  },
  'card.unknown': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The GPU has no room beside {{services}}, of which Regie cannot tell whether it works.',
      hint: 'See on the page of that service what is wrong with it. It is never unloaded or stopped unseen.',
    },
    fr: {
      message: 'Le GPU n’a pas de place à côté de {{services}}, dont Regie ne peut pas dire s’il travaille.',
      hint: 'Voyez sur la page de ce service ce qui ne va pas. Il n’est jamais déchargé ni arrêté à l’aveugle.',
    },
  },
  'card.hold': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: '{{services}} has just got the GPU and keeps it for a moment.', hint: 'It goes on automatically.' },
    fr: {
      message: '{{services}} vient d’obtenir le GPU et le garde un instant.',
      hint: 'La suite se fait automatiquement.',
    },
  },
  'card.change': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: '{{services}} is making room on the GPU.', hint: 'It goes on automatically.' },
    fr: { message: '{{services}} libère de la place sur le GPU.', hint: 'La suite se fait automatiquement.' },
  },
  'card.behind': {
    code: 'SERVICE_UNAVAILABLE',
    en: { message: 'It is the turn of {{services}} on this GPU first.', hint: 'It goes on automatically.' },
    fr: { message: 'C’est d’abord le tour de {{services}} sur ce GPU.', hint: 'La suite se fait automatiquement.' },
  },
  'card.waited': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The GPU has had no room for this service for {{seconds}} s.',
      hint: 'Ask again later. The page of the GPU shows who has it and who waits.',
    },
    fr: {
      message: 'Le GPU n’a pas eu de place pour ce service pendant {{seconds}} s.',
      hint: 'Redemandez plus tard. La page du GPU montre qui l’a et qui attend.',
    },
  },
})
