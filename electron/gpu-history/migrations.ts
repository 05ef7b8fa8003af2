/**
 * A strip holds 60 slots of one card at one step, as little-endian floats (`slots.ts` names the columns). Silences say for
 * when there is nothing and why; work, when a service had jobs; `beat`, until when all of this was written.
 */
export const migrations = [
  `CREATE TABLE cards (
     id INTEGER PRIMARY KEY,
     uuid TEXT NOT NULL UNIQUE,
     name TEXT NOT NULL,
     total_mib REAL,
     power_limit REAL,
     first_at INTEGER NOT NULL,
     last_at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE strips (
     card INTEGER NOT NULL, step INTEGER NOT NULL, start INTEGER NOT NULL, slots BLOB NOT NULL,
     PRIMARY KEY (card, step, start)) STRICT, WITHOUT ROWID;
   CREATE INDEX strips_by_age ON strips (step, start);
   CREATE TABLE silences (
     id INTEGER PRIMARY KEY, since INTEGER NOT NULL, until INTEGER NOT NULL, why TEXT NOT NULL, reason TEXT) STRICT;
   CREATE INDEX silences_by_end ON silences (until);
   CREATE TABLE work (
     id INTEGER PRIMARY KEY, service TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
     jobs INTEGER NOT NULL) STRICT;
   CREATE INDEX work_by_end ON work (service, until);
   CREATE TABLE beat (only INTEGER PRIMARY KEY CHECK (only = 1), at INTEGER NOT NULL) STRICT`,
] as const
