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
})
