import bcrypt from 'bcryptjs'
import { comfyuiTables } from '../../conformance/comfyui'
import { lookAtComfyui, type ComfyuiWorld } from '../../conformance/comfyui/world'
import { comfyui, folder } from '../simulator/support'
import { describeConformance, type State } from './support'

const webPassword = 'right-and-long-enough'
const token = bcrypt.hashSync(webPassword, 4)
const named = `${token}\nregie`

async function simulated(
  options: Parameters<typeof comfyui>[0],
  known: { token?: string } = {},
): Promise<ComfyuiWorld> {
  const at = options?.folder ?? folder()
  const given = { withoutLogin: false, ...options, folder: at }
  let simulator = await comfyui(given)
  const world = await lookAtComfyui({
    url: simulator.url,
    token: known.token ?? null,
    webPassword,
    folder: at,
    restart: null,
  })
  const { port } = simulator
  const restart = async () => {
    await simulator.close()
    simulator = await comfyui({ ...given, port })
  }
  return { ...world, restart }
}

const states: readonly State<ComfyuiWorld>[] = [
  { name: 'without ComfyUI-Login', start: () => simulated({ withoutLogin: true }), atNight: true },
  { name: 'no password set', start: () => simulated({}) },
  { name: 'an empty PASSWORD file', start: () => simulated({ folder: folder({ 'login/PASSWORD': '' }) }) },
  {
    name: 'a password set',
    start: () => simulated({ folder: folder({ 'login/PASSWORD': named }) }, { token }),
    atNight: true,
  },
  {
    name: 'previews',
    start: () =>
      simulated({ folder: folder({ 'login/PASSWORD': named }), behaviour: { preview: 'jpeg', stepMs: 1 } }, { token }),
  },
  {
    name: 'a password and guests',
    start: () => simulated({ folder: folder({ 'login/PASSWORD': named, 'login/GUEST_MODE': '' }) }, { token }),
  },
]

describeConformance(comfyuiTables, states)
