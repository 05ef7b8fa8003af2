import { command } from '../define'
import { CommandFailure, exits } from '../exits'
import { openPanel } from '../panel'
import { profileIn, profilesFile, readProfiles, usualProfile, changeProfiles } from '../profiles'
import { checkKey, findPlace, isInTheClear } from '../target'
import { askHidden } from '../terminal'
import path from 'node:path'

const noPassword = () => Promise.resolve(null)

export const login = command({
  path: ['login'],
  summary: 'command.login',
  arguments: [],
  options: {},
  isRemote: true,
  async run(_, { aim, machine, output, say, signal }) {
    const place = await findPlace(aim, machine)
    if (isInTheClear(place.url)) output.say(say('warning.clear', { url: place.url }))
    // Before a key is typed: what cannot be kept is told now.
    await readProfiles(machine)
    const isTty = machine.terminal.input.isTTY === true
    const typed = await askHidden(machine.terminal, isTty ? say('ask.key', { url: place.url }) : '', signal)
    const key = checkKey(typed?.trim() ?? '')
    const panel = await openPanel({ ...place, key, linkToken: () => Promise.resolve(null) }, noPassword)
    try {
      const session = await panel.client.session.current()
      if (session.role === null) throw new CommandFailure(exits.unreachable, 'failure.wrongKey', { url: place.url })
      const name = aim.profile ?? usualProfile
      const ca = aim.ca === undefined ? null : path.resolve(aim.ca)
      await changeProfiles(machine, (profiles) => ({ ...profiles, [name]: { url: place.url, key, ca } }))
      const told = { url: place.url, account: session.account ?? '', role: session.role, file: profilesFile(machine) }
      output.say(say('login.done', told))
      if (output.isJson) output.data({ profile: name, url: place.url, session }, () => '')
      return exits.done
    } finally {
      await panel.close()
    }
  },
})

export const logout = command({
  path: ['logout'],
  summary: 'command.logout',
  arguments: [],
  options: {},
  isRemote: true,
  async run(_, { aim, machine, output, say }) {
    const name = aim.profile ?? usualProfile
    const before = await readProfiles(machine)
    const isKept = profileIn(before, name) !== undefined
    // Where there is none no folder is made for it.
    if (isKept)
      await changeProfiles(machine, (all) => Object.fromEntries(Object.entries(all).filter(([each]) => each !== name)))
    output.say(say(isKept ? 'logout.done' : 'logout.nothing', { name }))
    if (output.isJson) output.data({ profile: name, removed: isKept }, () => '')
    return exits.done
  },
})
