import { parseDocument } from 'yaml'
import { setEnvValue } from '../compose/files/dotenv'
import { binaryOf, utf8Of } from '../compose/files/env-text'

/** A stack's `.env`, made from its example: comments and order stay, values are set in single quotes. */
export function envText(example: string, values: readonly (readonly [key: string, value: string])[]): string {
  return utf8Of(values.reduce((text, [key, value]) => setEnvValue(text, key, binaryOf(value)), binaryOf(example)))
}

/** A stack's Compose file without its demand for a GPU, which an engine without one would refuse. */
export function withoutGpu(composeFile: string, service: string): string {
  const document = parseDocument(composeFile)
  document.deleteIn(['services', service, 'deploy'])
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}
