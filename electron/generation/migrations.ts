import { firstAccount } from '../../shared/contract'

/**
 * `seq` is the order of creation: the gallery pages by it, newest first, also through the search index, which answers
 * in the order of its rows. The trigram index finds any part of a word, in scripts without spaces too. Records lie in
 * a table of their own, so that a search that has to look at every row reads a tenth of the file.
 */
export const migrations = [
  `CREATE TABLE generations (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     service_id TEXT NOT NULL,
     state TEXT NOT NULL,
     removed_at INTEGER,
     prompt TEXT NOT NULL
   ) STRICT;
   CREATE INDEX generations_by_service ON generations (service_id, seq);
   CREATE INDEX generations_by_service_and_state ON generations (service_id, state, seq);
   CREATE INDEX generations_by_state ON generations (state, seq);
   CREATE INDEX generations_removed ON generations (removed_at) WHERE removed_at IS NOT NULL;
   CREATE TABLE generation_records (seq INTEGER PRIMARY KEY, record TEXT NOT NULL) STRICT;
   CREATE VIRTUAL TABLE generation_prompts USING fts5 (
     prompt, content = 'generations', content_rowid = 'seq', tokenize = 'trigram remove_diacritics 1');
   CREATE TRIGGER generation_added AFTER INSERT ON generations BEGIN
     INSERT INTO generation_prompts (rowid, prompt) VALUES (new.seq, new.prompt);
   END;
   CREATE TRIGGER generation_purged AFTER DELETE ON generations BEGIN
     INSERT INTO generation_prompts (generation_prompts, rowid, prompt) VALUES ('delete', old.seq, old.prompt);
     DELETE FROM generation_records WHERE seq = old.seq;
   END`,
  // Of those that wait already it is not known whether a service has heard of them: none must be made twice.
  `ALTER TABLE generations ADD COLUMN handed_over_at INTEGER;
   UPDATE generations SET handed_over_at = 0 WHERE state IN ('queued', 'running')`,
  // Who asked for it: what was made before there were accounts belongs to the first.
  `ALTER TABLE generations ADD COLUMN account TEXT NOT NULL DEFAULT '${firstAccount}';
   CREATE INDEX generations_by_account ON generations (account, seq)`,
  // What the gallery is filtered and sorted by, and what a person noted. What was removed before there was a bin goes
  // into it now. Timings of before were told without the time in the queue.
  `ALTER TABLE generations ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE generations ADD COLUMN model TEXT;
   ALTER TABLE generations ADD COLUMN images INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE generations ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE generations ADD COLUMN total_ms INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE generations ADD COLUMN ended INTEGER NOT NULL
     GENERATED ALWAYS AS (images = 0 AND state IN ('failed', 'cancelled')) VIRTUAL;
   UPDATE generation_records SET record = json_set(record, '$.timings', json_object(
     'queueMs', max(0, coalesce(record ->> '$.startedAt', record ->> '$.finishedAt') - (record ->> '$.createdAt')),
     'loadMs', coalesce(record ->> '$.timings.loadMs', (record ->> '$.finishedAt') - (record ->> '$.startedAt')),
     'sampleMs', record ->> '$.timings.sampleMs',
     'decodeMs', record ->> '$.timings.decodeMs',
     'totalMs', max(0, (record ->> '$.finishedAt') - (record ->> '$.createdAt'))))
   WHERE record ->> '$.finishedAt' IS NOT NULL;
   UPDATE generations SET (created_at, model, images, bytes, total_ms) = (
     SELECT record ->> '$.createdAt', record ->> '$.params.checkpoint', json_array_length(record, '$.images'),
       (SELECT coalesce(sum(value ->> '$.bytes'), 0) FROM json_each(record, '$.images')),
       coalesce(record ->> '$.timings.totalMs', 0)
     FROM generation_records r WHERE r.seq = generations.seq);
   CREATE INDEX generations_by_day ON generations (created_at);
   CREATE INDEX generations_by_size ON generations (bytes, seq);
   CREATE INDEX generations_by_time ON generations (total_ms, seq);
   CREATE INDEX generations_by_model ON generations (model, seq);
   CREATE INDEX generations_ended ON generations (seq) WHERE ended = 1;
   CREATE INDEX generations_totals ON generations (images, bytes, ended, removed_at, account);
   CREATE TABLE favourites (
     account TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (account, seq)) STRICT, WITHOUT ROWID;
   CREATE INDEX favourites_by_generation ON favourites (seq);
   CREATE TABLE generation_tags (
     key TEXT NOT NULL, seq INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (key, seq)) STRICT, WITHOUT ROWID;
   CREATE INDEX generation_tags_by_generation ON generation_tags (seq);
   CREATE TRIGGER generation_forgotten AFTER DELETE ON generations BEGIN
     DELETE FROM favourites WHERE seq = old.seq;
     DELETE FROM generation_tags WHERE seq = old.seq;
   END;
   CREATE TABLE presets (
     id TEXT NOT NULL PRIMARY KEY,
     account TEXT NOT NULL,
     name TEXT NOT NULL,
     content TEXT NOT NULL,
     changed_at INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX presets_by_account ON presets (account)`,
  // Pictures that people gave to generate from, and which generations name them: those stay as long as these.
  `CREATE TABLE inputs (
     id TEXT NOT NULL PRIMARY KEY,
     account TEXT NOT NULL,
     hash TEXT NOT NULL,
     mime TEXT NOT NULL,
     width INTEGER NOT NULL,
     height INTEGER NOT NULL,
     bytes INTEGER NOT NULL,
     image_id TEXT,
     created_at INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX inputs_by_account ON inputs (account, hash);
   CREATE TABLE generation_inputs (
     input TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (input, seq)) STRICT, WITHOUT ROWID;
   CREATE INDEX generation_inputs_by_generation ON generation_inputs (seq);
   CREATE TRIGGER generation_inputs_forgotten AFTER DELETE ON generations BEGIN
     DELETE FROM generation_inputs WHERE seq = old.seq;
   END`,
  // Golden checks: how each service is set and which check is its golden one, and how all of them ended.
  `CREATE TABLE golden_services (
     service_id TEXT NOT NULL PRIMARY KEY, settings TEXT NOT NULL, golden_id TEXT) STRICT, WITHOUT ROWID;
   CREATE TABLE golden_checks (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     service_id TEXT NOT NULL,
     at INTEGER NOT NULL,
     record TEXT NOT NULL
   ) STRICT;
   CREATE INDEX golden_checks_by_service ON golden_checks (service_id, seq)`,
  // Load tests: how each ended, and apart from that what was measured, which a list does not read.
  `CREATE TABLE load_tests (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     service_id TEXT NOT NULL,
     record TEXT NOT NULL,
     measured TEXT NOT NULL
   ) STRICT;
   CREATE INDEX load_tests_by_service ON load_tests (service_id, seq)`,
] as const
