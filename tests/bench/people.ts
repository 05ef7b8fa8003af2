import { readFile, writeFile } from 'node:fs/promises'
import { newKey } from '../../electron/people/key'
import { PeopleFile } from '../../electron/people/record'
import { crowded, testPeople } from '../support/people'
import { budgets } from './budgets'
import { median, quantile, repeat, timed, type Measure } from './measure'

const runs = 15

/** 1,000 people with 5,000 keys: how long it takes to know a key, to list all, and to write a change down. */
export async function measurePeople(): Promise<Measure[]> {
  const at = await testPeople()
  try {
    await (await at.open()).close()
    const keys = Array.from({ length: 5000 }, newKey)
    const begun = PeopleFile.parse(JSON.parse(await readFile(at.file, 'utf8')))
    const all = crowded(begun, { people: 1000, keys, ownerOf: (n) => `p${n % 1000}`, now: at.clock.wall })
    await writeFile(at.file, JSON.stringify(all))
    const people = await at.open()
    const known = keys.map((key) => {
      const from = performance.now()
      if (people.findKey(key) === null) throw new Error('a key was not known')
      return performance.now() - from
    })
    const listing = await repeat(runs, () => timed(() => Promise.resolve([people.list(), people.keys(null)])))
    const ending = await repeat(runs, (turn) => timed(() => people.endKey(`key-${turn}`, 'bench')))
    const of = 'of 1,000 people with 5,000 keys'
    return [
      { what: 'a key is known, p99', value: quantile(known, 0.99), unit: 'ms', budget: budgets.keyLookUpMs, note: of },
      { what: 'people and keys, listed', value: median(listing), unit: 'ms', budget: budgets.peopleListMs, note: of },
      { what: 'a key is ended, on disk', value: median(ending), unit: 'ms', budget: null, note: of },
    ]
  } finally {
    await at.remove()
  }
}
