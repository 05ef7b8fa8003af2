import os from 'node:os'
import type { Card } from '../card'

/** `/system_stats` of a workstation with an RTX 3090. Bytes. */
export function systemStats(options: { argv: readonly string[]; modelsLoaded: boolean; card: Card | null }) {
  const shared = options.card?.memory()
  const total = shared ? shared.totalMiB * 2 ** 20 : 25_438_126_080
  const taken = shared
    ? (shared.totalMiB - shared.freeMiB) * 2 ** 20
    : options.modelsLoaded
      ? 13_958_643_712
      : 612_368_384
  return {
    system: {
      os: process.platform === 'win32' ? 'nt' : 'posix',
      ram_total: os.totalmem(),
      ram_free: os.freemem(),
      comfyui_version: '0.3.64',
      required_frontend_version: '1.27.10',
      installed_templates_version: null,
      required_templates_version: '0.1.95',
      python_version: '3.11.7 (main, Dec  8 2023, 18:56:58) [GCC 12.2.0]',
      pytorch_version: '2.6.0+cu124',
      embedded_python: false,
      argv: options.argv,
    },
    devices: [
      {
        name: 'cuda:0 NVIDIA GeForce RTX 3090 : cudaMallocAsync',
        type: 'cuda',
        index: 0,
        vram_total: total,
        vram_free: total - taken,
        torch_vram_total: options.modelsLoaded ? 13_287_555_072 : 0,
        torch_vram_free: options.modelsLoaded ? 83_886_080 : 0,
      },
    ],
  }
}
