import type { Row, Table } from '../row'
import type { ForgeWorld } from './world'

type ForgeRow = Row<ForgeWorld>

const guarded: ForgeRow['skip'] = ({ facts }) => (facts.apiGuarded ? null : 'only with --api-auth')

const refusals: readonly ForgeRow[] = [
  {
    what: 'the API refuses who brings no credentials',
    skip: guarded,
    ask: { path: '/sdapi/v1/options' },
    expect: { status: 401, headers: { 'www-authenticate': 'Basic' }, json: { detail: 'Not authenticated' } },
  },
  {
    what: 'the API refuses a wrong password',
    skip: guarded,
    ask: { path: '/sdapi/v1/options', credential: 'wrong' },
    expect: { status: 401, json: { detail: 'Incorrect username or password' } },
  },
]

/** Everything that a Forge is asked, in this order: what changes the most comes last. */
export const forgeTables: readonly Table<ForgeWorld>[] = [{ title: 'Forge: HTTP Basic', rows: refusals }]
