/**
 * Stands in for nvidia-smi in tests: answers the calls that Regie makes from a scenario, chosen by the environment
 * variable REGIE_REPLAY_SCENARIO (a file of `scenarios/` without its ending, or a path). Put this folder first in PATH.
 *
 * A scenario is JSON:
 *   gpus        rows by field name. A value is text as nvidia-smi prints it, or {"wave": [low, high, ticks, decimals]}.
 *   processes   rows of --query-compute-apps: [gpu_uuid, pid, used_memory, name]
 *   fails       {"text", "code"}: every call prints the text on stdout, as nvidia-smi does, and ends
 *   unknown     fields that this driver refuses, the first of them with "Field … is not a valid field to query."
 *   events      what happens at a tick of the loop: {"at", "lose": index, "print": text, "end": code, "hang": true}
 *   warning     printed after each sample
 *   card        a folder in which simulators keep what they hold of a made-up card: the memory of the first GPU and its
 *               processes come from there
 *   flood       this many characters without a line end come before everything else
 * REGIE_REPLAY_STARTS, if set, names a file to which each start appends a line: its pid and arguments.
 */
import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const args = process.argv.slice(2)
const name = process.env['REGIE_REPLAY_SCENARIO'] ?? 'workstation'
const file = name.endsWith('.json') ? name : path.join(import.meta.dirname, 'scenarios', `${name}.json`)
const scenario = JSON.parse(readFileSync(file, 'utf8'))
const value = (flag) => args.find((arg) => arg.startsWith(`${flag}=`))?.slice(flag.length + 1)
const say = (text) => process.stdout.write(`${text}\n`)

if (process.env['REGIE_REPLAY_STARTS'])
  appendFileSync(process.env['REGIE_REPLAY_STARTS'], `${process.pid} ${args.join(' ')}\n`)

/** What programs that are still there hold of a made-up card. */
function held(folder) {
  const isAlive = (pid) => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  return readdirSync(folder)
    .filter((name) => /^\d+-\d+\.json$/.test(name))
    .map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')))
    .filter(({ pid }) => isAlive(pid))
}

function ofCard(gpu) {
  const { totalMiB } = JSON.parse(readFileSync(path.join(scenario.card, 'card.json'), 'utf8'))
  const used = held(scenario.card).reduce((sum, { mib }) => sum + mib, 0)
  const memory = { 'memory.total': totalMiB, 'memory.used': used, 'memory.free': totalMiB - used }
  return { ...gpu, ...Object.fromEntries(Object.entries(memory).map(([name, mib]) => [name, String(mib)])) }
}

// Like any program whose reader is gone.
process.stdout.on('error', () => process.exit(141))

const known = [
  'index,uuid,pci.bus_id,memory.total,memory.used,memory.free,utilization.gpu,utilization.memory,temperature.gpu',
  'power.draw,power.limit,fan.speed,clocks.sm,clocks.mem,pstate,compute_mode,mig.mode.current,driver_version',
  'clocks_event_reasons.active,clocks_throttle_reasons.active,compute_cap,name',
  'pcie.link.gen.current,pcie.link.gen.max,pcie.link.width.current,pcie.link.width.max,clocks.max.sm,clocks.max.memory',
  'ecc.mode.current,ecc.errors.corrected.volatile.total,ecc.errors.uncorrected.volatile.total',
  'power.default_limit,power.min_limit,power.max_limit,enforced.power.limit',
].flatMap((line) => line.split(','))

const units = { memory: 'MiB', utilization: '%', power: 'W', fan: '%', clocks: 'MHz' }
const bare = args.some((arg) => arg.startsWith('--format') && arg.includes('nounits'))

function show(field, gpu, tick) {
  const given = gpu[field] ?? '[N/A]'
  const text = typeof given === 'string' ? given : wave(given.wave, tick + Number(gpu.index) * 3)
  const unit = units[field.split('.')[0]]
  return bare || unit === undefined || !/^[\d.]+$/.test(text) ? text : `${text} ${unit}`
}

function wave([low, high, ticks, decimals = 0], tick) {
  return (low + ((high - low) * (1 + Math.sin((2 * Math.PI * tick) / ticks))) / 2).toFixed(decimals)
}

function fail({ text, code }) {
  say(text)
  process.exitCode = code
}

function queryGpus(fields) {
  const refused = fields.find((field) => scenario.unknown?.includes(field) || !known.includes(field))
  if (refused !== undefined) return fail({ text: `Field "${refused}" is not a valid field to query.\n`, code: 2 })
  if (!args.some((arg) => arg.includes('noheader'))) say(fields.join(', '))
  let gpus = scenario.gpus
  const sample = (tick) => {
    const event = scenario.events?.find(({ at }) => at === tick)
    if (event?.lose !== undefined) gpus = gpus.filter((gpu) => Number(gpu.index) !== event.lose)
    if (event?.print) say(event.print)
    if (event?.hang) return 'hang'
    if (event?.end !== undefined) process.exit(event.end)
    const now = scenario.card ? gpus.map((gpu, at) => (at === 0 ? ofCard(gpu) : gpu)) : gpus
    for (const gpu of now) say(fields.map((field) => show(field, gpu, tick)).join(', '))
    if (scenario.warning) say(scenario.warning)
    return 'on'
  }
  const every = Number(value('--loop-ms') ?? 0)
  let tick = 0
  if (sample(tick) === 'hang') return void setInterval(() => undefined, 60_000)
  if (every === 0) return
  const timer = setInterval(() => {
    if (sample(++tick) === 'on') return
    clearInterval(timer)
    setInterval(() => undefined, 60_000)
  }, every)
}

if (scenario.flood) say('x'.repeat(scenario.flood))
const fields = value('--query-gpu')
const apps = value('--query-compute-apps')
if (scenario.fails) fail(scenario.fails)
else if (fields !== undefined) queryGpus(fields.split(','))
else if (apps !== undefined) {
  const onCard = scenario.card ? held(scenario.card) : []
  const rows = onCard.map(({ pid, mib }) => [scenario.gpus[0].uuid, pid, mib, 'python3'])
  for (const row of [...rows, ...(scenario.processes ?? [])]) say(row.join(', '))
} else if (args.includes('-L'))
  for (const gpu of scenario.gpus) say(`GPU ${gpu.index}: ${gpu.name} (UUID: ${gpu.uuid})`)
else if (args.includes('--help-query-gpu')) say(known.map((field) => `"${field}"\n`).join('\n'))
else fail({ text: "Invalid combination of input arguments. Please run 'nvidia-smi -h' for help.\n", code: 2 })
