// Module hooks: `electron` is the stand-in, for ECMAScript modules.
const standIn = new URL('electron.mjs', import.meta.url).href
const names = new Set(['electron', 'electron/main'])

export const resolve = (specifier, context, next) =>
  names.has(specifier) ? { url: standIn, format: 'module', shortCircuit: true } : next(specifier, context)
