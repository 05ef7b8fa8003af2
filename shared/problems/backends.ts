import { defineProblems } from './define'

export const backendProblems = defineProblems({
  'backend.unreachable': {
    code: 'BAD_GATEWAY',
    en: { message: 'Nothing answers at {{url}}.', hint: 'Start the service, or check its address and port.' },
    fr: { message: 'Rien ne répond à {{url}}.', hint: 'Démarrez le service, ou vérifiez son adresse et son port.' },
  },
})
