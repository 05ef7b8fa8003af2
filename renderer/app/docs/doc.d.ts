declare module '*.md?doc' {
  import type { Doc } from '../../../.config/markdown'
  const doc: Doc
  export default doc
}
