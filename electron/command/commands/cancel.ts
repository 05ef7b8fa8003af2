import { command, type Context } from '../define'
import { exits, usageError } from '../exits'

const kinds = ['generation', 'rotation', 'operation'] as const
type Kind = (typeof kinds)[number]

async function cancelOne(kind: Kind, id: string, { connect, output, signal }: Context): Promise<number> {
  const { client } = await connect()
  switch (kind) {
    case 'generation': {
      const cancelled = await client.generations.cancel({ id }, { signal })
      output.data(cancelled, () => `${cancelled.id}  ${cancelled.state}`)
      return exits.done
    }
    case 'rotation': {
      const cancelled = await client.credentials.cancelRotation({ id }, { signal })
      output.data(cancelled, () => `${cancelled.credentialId}  ${cancelled.state}`)
      return exits.done
    }
    case 'operation': {
      const service = await client.services.cancel({ id }, { signal })
      output.data(service, () => `${service.id}  ${service.health.state}`)
      return exits.done
    }
  }
}

export const cancel = command({
  path: ['cancel'],
  summary: 'command.cancel',
  arguments: [{ name: 'KIND', completes: kinds }, { name: 'ID' }],
  options: {},
  isRemote: true,
  async run({ positionals: [named = '', id = ''] }, context) {
    const kind = kinds.find((each) => each === named)
    if (kind === undefined) throw usageError('usage.oneOf', { name: 'KIND', all: kinds.join(', '), given: named })
    return cancelOne(kind, id, context)
  },
})
