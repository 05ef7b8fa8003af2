/** Who may import whom: docs/architecture.md, "The house". */
const topics = '^electron/(?!(panel|shell|http|api)/)[a-z]+/'
module.exports = {
  forbidden: [
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
      name: 'topics-know-no-door',
      severity: 'error',
      from: { path: topics },
      to: { path: '^electron/(api|http|shell)/|^electron/[^/]+\\.ts$' },
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
