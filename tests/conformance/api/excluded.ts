/** Who asks. */
export type Asker = 'stranger' | 'user' | 'admin'

/**
 * Operations that are not asked, by their id, each with the reason. The fuzzer may run as root on somebody's machine: an
 * administrator is asked nothing that decides what the machine runs or whom it talks to.
 */
export const excluded: Record<Asker, Readonly<Record<string, string>>> = {
  stranger: {},
  user: {
    'session.signOut': 'ends the session that asks',
    'session.lock': 'locks the session that asks',
  },
  admin: {
    'docker.setAddress': 'would find the engine of the machine, or run ssh',
    'gpus.setProgram': 'names a program that is run',
    'stacks.deploy': 'starts containers',
    'stacks.adopt': 'takes over Compose projects of the machine',
    'fleet.init': 'makes a Swarm of the machine',
    'fleet.join': 'takes the machine into a Swarm',
    'fleet.changeNode': 'takes the machine out of a Swarm’s work',
    'fleet.removeNode': 'takes the machine out of a Swarm',
    'fleet.deploy': 'starts containers',
    'fleet.handOut': 'replaces containers',
    'fleet.removeService': 'ends containers',
    'shells.open': 'types into containers',
    'access.setPassword': 'ends the sessions of the other askers',
    'access.removePassword': 'ends the sessions of the other askers',
    'users.remove': 'removes the other askers',
    'users.change': 'suspends the other askers',
    'access.endOtherSessions': 'ends the sessions of the other askers',
  },
}
