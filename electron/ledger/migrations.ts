/**
 * `period` is a day of the machine's own time (`2026-11-27`), or a month (`2026-11`), whose sum is kept beside its days:
 * reading a month of a thousand people reads a thousand rows. `usage_totals` is of all people together. `key` is empty
 * for what was done without one: in the Studio, or signed in by password. No prompt and no secret stands in this file.
 */
export const migrations = [
  `CREATE TABLE owned (
     service TEXT NOT NULL,
     what TEXT NOT NULL,
     id TEXT NOT NULL,
     account TEXT NOT NULL,
     key TEXT,
     at INTEGER NOT NULL,
     PRIMARY KEY (service, what, id)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX owned_by_account ON owned (service, what, account, at);
   CREATE TABLE usage (
     period TEXT NOT NULL,
     account TEXT NOT NULL,
     key TEXT NOT NULL,
     service TEXT NOT NULL,
     machine TEXT NOT NULL,
     requests INTEGER NOT NULL,
     jobs INTEGER NOT NULL,
     failed INTEGER NOT NULL,
     images INTEGER NOT NULL,
     gpu_ms INTEGER NOT NULL,
     unknown_jobs INTEGER NOT NULL,
     bytes_in INTEGER NOT NULL,
     bytes_out INTEGER NOT NULL,
     refused INTEGER NOT NULL,
     PRIMARY KEY (period, account, key, service, machine)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX usage_by_account ON usage (account, period);
   CREATE TABLE usage_totals (
     period TEXT NOT NULL,
     service TEXT NOT NULL,
     machine TEXT NOT NULL,
     requests INTEGER NOT NULL,
     jobs INTEGER NOT NULL,
     failed INTEGER NOT NULL,
     images INTEGER NOT NULL,
     gpu_ms INTEGER NOT NULL,
     unknown_jobs INTEGER NOT NULL,
     bytes_in INTEGER NOT NULL,
     bytes_out INTEGER NOT NULL,
     refused INTEGER NOT NULL,
     PRIMARY KEY (period, service, machine)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE waits (
     day TEXT NOT NULL,
     account TEXT NOT NULL,
     service TEXT NOT NULL,
     bucket INTEGER NOT NULL,
     jobs INTEGER NOT NULL,
     PRIMARY KEY (day, account, service, bucket)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE key_use (
     key TEXT NOT NULL PRIMARY KEY,
     at INTEGER NOT NULL,
     source TEXT NOT NULL,
     client TEXT NOT NULL,
     service TEXT
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE open_jobs (
     service TEXT NOT NULL,
     id TEXT NOT NULL,
     account TEXT NOT NULL,
     key TEXT,
     machine TEXT NOT NULL,
     cards INTEGER NOT NULL,
     begun_at INTEGER NOT NULL,
     PRIMARY KEY (service, id)
   ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE idle_times (
     service TEXT NOT NULL PRIMARY KEY,
     idle_ms INTEGER NOT NULL,
     at INTEGER NOT NULL,
     unloaded INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE jobs_under_way (
     service TEXT NOT NULL,
     id TEXT NOT NULL,
     account TEXT NOT NULL,
     key TEXT,
     machine TEXT NOT NULL,
     cards INTEGER,
     begun_at INTEGER NOT NULL,
     PRIMARY KEY (service, id)
   ) STRICT, WITHOUT ROWID;
   INSERT INTO jobs_under_way SELECT service, id, account, key, machine, cards, begun_at FROM open_jobs;
   DROP TABLE open_jobs;
   ALTER TABLE jobs_under_way RENAME TO open_jobs`,
  `CREATE TABLE past_jobs (
     service TEXT NOT NULL,
     id TEXT NOT NULL,
     account TEXT NOT NULL,
     key TEXT,
     state TEXT NOT NULL,
     begun_at INTEGER NOT NULL,
     ended_at INTEGER NOT NULL,
     PRIMARY KEY (service, id)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX past_jobs_by_account ON past_jobs (account, ended_at)`,
  `CREATE TABLE reach (
     service TEXT NOT NULL PRIMARY KEY,
     reach TEXT NOT NULL
   ) STRICT, WITHOUT ROWID`,
] as const
