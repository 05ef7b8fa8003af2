// A library alone, in a process of its own, which is killed in the middle of an import:
// node import-act.mjs FOLDER ID FAILPOINT (0: it lives, and prints how many changes of files there were)
import { openWorkflows } from '../../../electron/workflows'
import { arm, watchFiles } from '../../torture/failpoints'
import { ann, fileOf } from './support'

const [folder = '', id = '', nth = '0'] = process.argv.slice(2)
watchFiles()
const library = await openWorkflows({
  folder,
  audit: { append: () => Promise.resolve() },
  changed: () => undefined,
  reportBug(error) {
    throw error
  },
})
arm(nth === '0' ? null : { at: 'operation', nth: Number(nth), torn: true })
await library.import(fileOf(30, 'Portrait', id), ann)
process.stdout.write(String(arm(null)))
await library.close()
