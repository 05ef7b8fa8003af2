import * as z from 'zod'
import { GalleryPerson, type AccountId, type GalleryTag } from '../../shared/contract'
import type { Database } from '../storage/database'
import { tagKey } from './query'

const Counted = z.object({ tag: z.string(), count: z.number() })
const Spelt = z.object({ tag: z.string() }).optional()

/** What people note about generations: each their favourites, all together the tags. */
export interface Notes {
  setFavourite(id: string, account: AccountId, isFavourite: boolean): void
  addTag(id: string, tag: string): void
  /** How a tag is spelt on what an account may see: its own alone, or everything (null); as it is given where it is new. */
  spelling(tag: string, sees: AccountId | null): string
  removeTag(id: string, tag: string): void
  /** The tags that there are, most used first. `by`: of one account's generations alone. */
  tags(by?: AccountId): GalleryTag[]
  /** The models that there are images of, most used first. */
  models(by?: AccountId): string[]
  /** Whose images there are, who has most first. */
  people(by?: AccountId): GalleryPerson[]
}

const mostListed = 1000

/** Unknown ids are passed over. */
export function createNotes(database: Database): Notes {
  const seqOf = '(SELECT seq FROM generations WHERE id = ?)'
  const prepared = {
    mark: database.prepare(
      'INSERT OR IGNORE INTO favourites (account, seq) SELECT ?, seq FROM generations WHERE id = ?',
    ),
    unmark: database.prepare(`DELETE FROM favourites WHERE account = ? AND seq = ${seqOf}`),
    tag: database.prepare(
      'INSERT OR IGNORE INTO generation_tags (key, seq, tag) SELECT ?, seq, ? FROM generations WHERE id = ?',
    ),
    // Not as it stands on what somebody may not see: he would learn of it by the spelling.
    spelt: database.prepare(
      `SELECT t.tag FROM generation_tags t JOIN generations g USING (seq)
       WHERE t.key = ?1 AND (?2 = '' OR g.account = ?2) LIMIT 1`,
    ),
    untag: database.prepare(`DELETE FROM generation_tags WHERE key = ? AND seq = ${seqOf}`),
    tags: database.prepare(
      `SELECT min(t.tag) AS tag, count(*) AS count FROM generation_tags t JOIN generations g USING (seq)
       WHERE g.removed_at IS NULL AND (?1 = '' OR g.account = ?1)
       GROUP BY t.key ORDER BY count(*) DESC, t.key LIMIT ${mostListed}`,
    ),
    models: database.prepare(
      `SELECT model AS tag, count(*) AS count FROM generations
       WHERE model IS NOT NULL AND removed_at IS NULL AND ended = 0 AND (?1 = '' OR account = ?1)
       GROUP BY model ORDER BY count(*) DESC, model LIMIT ${mostListed}`,
    ),
    people: database.prepare(
      `SELECT account, count(*) AS count FROM generations
       WHERE removed_at IS NULL AND ended = 0 AND (?1 = '' OR account = ?1)
       GROUP BY account ORDER BY count(*) DESC, account LIMIT ${mostListed}`,
    ),
  }
  return {
    setFavourite(id, account, isFavourite) {
      ;(isFavourite ? prepared.mark : prepared.unmark).run(account, id)
    },
    addTag: (id, tag) => void prepared.tag.run(tagKey(tag), tag, id),
    spelling: (tag, sees) => Spelt.parse(prepared.spelt.get(tagKey(tag), sees ?? ''))?.tag ?? tag,
    removeTag: (id, tag) => void prepared.untag.run(tagKey(tag), id),
    tags: (by) => prepared.tags.all(by ?? '').map((row) => Counted.parse(row)),
    models: (by) => prepared.models.all(by ?? '').map((row) => Counted.parse(row).tag),
    people: (by) => prepared.people.all(by ?? '').map((row) => GalleryPerson.parse(row)),
  }
}
