import path from 'node:path'

/** Where everything lies inside the data folder. */
export interface DataPaths {
  root: string
  vault: string
  vaultKey: string
  /** Copies of the vault file. */
  backups: string
  audit: string
  /** Accounts, and the hashes of their passwords and keys. */
  people: string
  /** Journal of rotations: steps as they begin, and how each ended. */
  rotations: string
  /** Journal of updates of stacks: steps as they begin, and how each stands. */
  updates: string
  /** What each update may have to put back, and its two pictures; a folder an update. */
  updateFiles: string
  database: string
  /** Whose what is, what people used, when keys were used last. */
  ledger: string
  /** What the GPUs did in the last 30 days. */
  gpuHistory: string
  images: string
  thumbnails: string
  /** Workflows that were imported, a folder each. */
  workflows: string
  /** Pictures that people gave to generate from. */
  inputs: string
  /** Images of golden checks, a folder a service: the golden one and the last. */
  golden: string
  /** Answers with pictures while they come; empty between two of them. */
  spool: string
  /** Working folders of simulated services, logs of services that Regie runs. */
  services: string
  /** What happened to services, a line an entry. */
  timeline: string
  log: string
  /** Crash dumps of the desktop application, which stay here. */
  crashes: string
  /** Changes of Compose files that can be taken back. */
  composeChanges: string
  /** How far copies of models into volumes have got. */
  modelsCopies: string
  /** What is known of files of models (headers, hashes), which can be found out anew. */
  models: string
  /** Downloads of models: what is asked for, and how far each has got. */
  modelDownloads: string
  /** Runs of Compose that are under way, so that those of a killed panel can be ended. */
  composeRuns: string
  /** The last exposure test of every service. */
  exposureTests: string
  /** What is told to whom, and what of it was. */
  alerts: string
  alertsState: string
  attention: string
  /** The authority of the gateway's certificates, with its key. */
  tls: string
  /** Which format the folder has, and which version wrote it last. */
  format: string
  /** Copies of what an update may change, from before it. */
  beforeUpdate: string
  /** New versions of Regie: what was offered and tried, and what was fetched. */
  releases: string
  releaseFiles: string
  /** Where, when and for whom backups are made, and how the last ones went. */
  backup: string
  backupState: string
  /** What a backup is made of and checked in; empty between two of them. */
  backupWork: string
  /** A backup that is to be taken at the next start, made ready. */
  restore: string
  /** What the last backup that was taken has replaced. */
  beforeRestore: string
  /** Held by the panel that uses this folder. */
  lock: string
  /** What signs in once, where the system has started the panel and nobody reads what it prints. */
  signInLink: string
}

export function dataPaths(root: string): DataPaths {
  const at = (...parts: string[]) => path.join(root, ...parts)
  return {
    root,
    vault: at('vault.json'),
    vaultKey: at('vault.key'),
    backups: at('backups'),
    audit: at('audit.jsonl'),
    people: at('people.json'),
    rotations: at('rotations.jsonl'),
    updates: at('updates.jsonl'),
    updateFiles: at('updates'),
    database: at('regie.db'),
    ledger: at('gateway.db'),
    gpuHistory: at('gpus.db'),
    images: at('images'),
    thumbnails: at('thumbnails'),
    workflows: at('workflows'),
    inputs: at('inputs'),
    golden: at('golden'),
    spool: at('spool'),
    services: at('services'),
    timeline: at('timeline.jsonl'),
    composeChanges: at('compose-changes.json'),
    modelsCopies: at('models-copies.json'),
    models: at('models.db'),
    modelDownloads: at('model-downloads.json'),
    composeRuns: at('compose-runs'),
    log: at('panel.log'),
    crashes: at('crashes'),
    exposureTests: at('door-tests.json'),
    alerts: at('alerts.json'),
    alertsState: at('alerts-state.json'),
    attention: at('attention.json'),
    tls: at('tls'),
    format: at('format.json'),
    beforeUpdate: at('before-update'),
    releases: at('releases.json'),
    releaseFiles: at('releases'),
    backup: at('backup.json'),
    backupState: at('backup-state.json'),
    backupWork: at('backup-work'),
    restore: at('restore'),
    beforeRestore: at('before-restore'),
    lock: at('panel.lock'),
    signInLink: at('signin.link'),
  }
}
