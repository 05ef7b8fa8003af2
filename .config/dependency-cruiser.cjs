/** Who may import whom: docs/architecture.md, "The house". */

/** The main process from the ground up: each room sees only those of the rows before its own. */
const rooms = [
  ['async'],
  ['logs', 'storage', 'system'],
  ['audit', 'compose/files', 'gpu', 'ledger'],
  ['cards', 'gpu-history', 'people', 'tls', 'unattended', 'vault'],
  ['docker', 'kinds'],
  ['compose/program', 'credentials', 'generation', 'timeline', 'usage', 'workflows'],
  ['access', 'compose/lint', 'leaks', 'rotation', 'services', 'stacks', 'trial'],
  [
    'attention',
    'discovery',
    'doctor',
    'exposure',
    'golden',
    'identity',
    'load-test',
    'machines',
    'models',
    'sleeping',
    'updates',
  ],
  ['alerts', 'backup', 'fleet', 'gateway', 'metrics', 'releases', 'support'],
  ['api'],
  ['http'],
  ['command'],
  ['panel'],
  ['shell'],
  ['simulator'],
]

/** The renderer's layers: each sees only those before it, and the ground floor (words and looks) sees itself. */
const rendererLayers = [['i18n', 'ui'], ['api'], ['features'], ['app']]

/** Features in order: each sees only those of the rows before its own, so that there is no way round. */
const featureLayers = [
  ['access', 'audit', 'compose', 'docker', 'exposure', 'gallery', 'gpus', 'logs', 'models', 'usage', 'use', 'vault'],
  ['services'],
  ['attention', 'card-identity', 'doctor', 'golden', 'keys', 'leaks', 'load-test', 'machines', 'studio', 'updates'],
  ['alerts', 'backups', 'credentials', 'gateway', 'overview', 'people', 'settings', 'welcome'],
  ['me', 'service-page'],
]

/** A rule a row: what stands in it imports nothing of the rows after it, nor of its neighbours where these are apart. */
const ordered = (name, root, rows, apart) =>
  rows.flatMap((row, at) => {
    const above = [...(apart ? row : []), ...rows.slice(at + 1).flat()]
    if (above.length === 0) return []
    return {
      name: `${name}: ${row.join(', ')}`,
      severity: 'error',
      from: { path: `^${root}/(${row.join('|')})/` },
      to: { path: `^${root}/(${above.join('|')})/`, pathNot: `^${root}/$1/` },
    }
  })

module.exports = {
  forbidden: [
    ...ordered('rooms', 'electron', rooms, true),
    ...ordered('renderer-layers', 'renderer', rendererLayers, false),
    ...ordered('feature-layers', 'renderer/features', featureLayers, true),
    {
      name: 'every-room-has-a-layer',
      comment: 'A new folder is put into its row above.',
      severity: 'error',
      from: {
        path: '^(electron|renderer)/[^/]+/',
        pathNot: `^electron/(${rooms.flat().join('|')})/|^renderer/((${rendererLayers
          .flat()
          .filter((layer) => layer !== 'features')
          .join('|')})/|features/(${featureLayers.flat().join('|')})/)`,
      },
      to: {},
    },
    {
      name: 'toasts-are-shown-by-ui',
      comment: 'Whoever shows one by hand makes room for it: ui/toast.',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '^renderer/ui/Toasts' },
      to: { path: '@mantine/notifications(/(?!styles)|$)' },
    },
    {
      name: 'ui-knows-no-contract',
      severity: 'error',
      from: { path: '^renderer/ui/' },
      to: { path: '^shared/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'shared-is-a-leaf',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(electron|renderer|tests)/' },
    },
    {
      name: 'renderer-sees-only-shared',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(electron|tests)/' },
    },
    {
      name: 'nothing-imports-an-entry',
      severity: 'error',
      from: { path: '^electron/[^/]+/' },
      to: { path: '^electron/[^/]+\\.(ts|mjs)$' },
    },
    {
      name: 'async-is-ground-floor',
      comment: 'Waiting, taking turns and telling the newest know of no topic.',
      severity: 'error',
      from: { path: '^electron/async/' },
      to: { pathNot: '^electron/async/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'the-simulator-stands-alone',
      comment: 'It is packed into one file and plays the part of a foreign program.',
      severity: 'error',
      from: { path: '^electron/simulator/' },
      to: { path: '^(electron/(?!simulator/)|shared/|renderer/)' },
    },
    {
      name: 'only-the-shell-knows-electron',
      severity: 'error',
      from: { path: '^electron/', pathNot: '^electron/(main\\.ts|shell/)' },
      to: { path: '^(electron|electron-store)$|node_modules/(electron|electron-store)/' },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { path: '^(electron|renderer|shared)/' },
      to: { path: '^tests/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
