/** All options of `regie backup`, apart from it: help and completions need not load what it does. */
export const backupOptions = {
  identity: { type: 'string' },
  data: { type: 'string' },
  'missing-files': { type: 'boolean', default: false },
  'revive-ended': { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
} as const
