// A panel with nothing but its services: starts them all, prints their pids, and waits to be killed.
// node tiny-panel.mjs <json of Setup>
import { createPanelServices, type Setup } from '../setup'

const setup = JSON.parse(process.argv[2] ?? '') as Setup // the test that starts it wrote it
const { services } = createPanelServices(setup)
const started = await services.startAll()
const family = (await Promise.all(started.map(({ id }) => services.logs(id, 100))))
  .flat()
  .flatMap(({ text }) => /^family (.*)$/.exec(text)?.[1] ?? [])
process.stdout.write(
  `${JSON.stringify({ states: started.map(({ health }) => health.state), pids: [...started.map(({ pid }) => pid), ...family.flatMap((pids) => pids.split(' ').map(Number))] })}\n`,
)
