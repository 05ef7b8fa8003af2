import type { Engine } from '../docker/engine'
import { readContainers } from '../docker/containers'
import { readRawLog } from '../docker/traces'
import { readFacts, type ContainerFacts } from '../services/container/facts'
import { asItIs, beginning } from '../logs/cutting'
import { updateLabel } from './beside'
import { isThere, quietly } from './engine-errors'

/** So much of a container's log is read, in bytes: its end tells why it failed. */
const mostLog = 512 * 1024

/** A progress bar may be one line without an end. */
const longestLine = 1000

/** The end of a log. What a cut leaves of a line goes with it: half of a secret is one that no redactor knows. */
export function wholeLines(text: string, most = mostLog): string {
  if (text.length <= most) return text
  const end = text.slice(-most)
  const at = end.search(/[\r\n]/)
  return at === -1 ? '' : end.slice(at + 1)
}

/** The containers of an update, as the engine has them now. Every call throws a Problem where there is no engine. */
export function createContainers(engine: Engine, redact: (text: string) => string) {
  /** `imageName`: as its files asked for it, whatever else has that name by now. */
  const inspect = async (id: string): Promise<(ContainerFacts & { imageId: string; imageName: string }) | null> => {
    const answer = await isThere((await engine.client()).getContainer(id).inspect())
    return answer && { ...readFacts(answer), imageId: answer.Image, imageName: answer.Config.Image }
  }
  const beside = async (updateId: string) => {
    const answer: unknown = await (
      await engine.client()
    ).listContainers({ all: true, filters: { label: [`${updateLabel}=${updateId}`] } })
    return readContainers(answer)
  }
  return {
    inspect,
    /** The new version's container beside the old one; null where there is none. */
    beside: async (updateId: string) => (await beside(updateId))[0] ?? null,
    /** Removes what an update made beside the old version: what carries its label, and nothing else. */
    async removeBeside(updateId: string): Promise<boolean> {
      const client = await engine.client()
      const found = await beside(updateId)
      for (const { id } of found) await quietly(client.getContainer(id).remove({ force: true, v: true }))
      const label = [`${updateLabel}=${updateId}`]
      for (const { Id } of await client.listNetworks({ filters: { label } }))
        await quietly(client.getNetwork(Id).remove())
      return found.length > 0
    },
    /** The last lines that a container wrote, without secrets; none where it is gone. */
    async lastLines(id: string): Promise<string[]> {
      let text = ''
      try {
        for await (const { bytes } of readRawLog(engine, id, AbortSignal.timeout(10_000)))
          text = wholeLines(text + bytes.toString('utf8'))
      } catch {
        return [] // what cannot be read does not stop anybody
      }
      return redact(text)
        .split(/\r?\n/)
        .filter((line) => line.trim() !== '')
        .map((line) => beginning(line, longestLine, asItIs))
    },
  }
}
export type Containers = ReturnType<typeof createContainers>
