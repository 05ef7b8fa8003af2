import { logFile, watchLogs } from '../logs/readers'
import { procedures, signalOf } from './procedures'

const { logs } = procedures

export const logsRouter = {
  watch: logs.watch.handler(({ input, context, signal }) => {
    const named = input.services.map((id) => ({ id, log: context.parts.services.log(id) }))
    return watchLogs(named, input.tail, signalOf(signal))
  }),
  download: logs.download.handler(async ({ input, context, signal }) => {
    const log = context.parts.services.log(input.id)
    const body = await logFile({ id: input.id, log }, signalOf(signal))
    return {
      headers: { 'content-disposition': `attachment; filename="${body.name}"`, 'cache-control': 'no-store' },
      body,
    }
  }),
}
