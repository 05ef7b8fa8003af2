import type { BackendDevice } from '../backend'
import type { Memory } from './schemas'

const mib = (bytes: number) => bytes / 2 ** 20

/** The card that a Forge tells of: the one that it works on, without its name. */
export const devicesOf = ({ cuda }: Memory): BackendDevice[] =>
  cuda === null
    ? []
    : [
        {
          ...{ name: null, index: null, totalMiB: mib(cuda.system.total), freeMiB: mib(cuda.system.free) },
          ...{ reservedMiB: mib(cuda.reserved.current), activeMiB: mib(cuda.active.current) },
        },
      ]
