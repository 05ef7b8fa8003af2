import { execFile, spawn } from 'node:child_process'
import { memoryFields, type Field } from './fields'
import { createLineCutter, createSampleGrouper, parseGpuRow, type GpuRow } from './parse-gpus'
import { parseProcesses, processFields, type ComputeProcess } from './parse-processes'

/** Time between two samples of the stream, in ms. */
export const intervalMs = 1_000

/** A pause this long after a row ends its sample, in ms: rows of one sample come together. */
const sampleGapMs = 60

/** How long nvidia-smi may take to end when asked, before it is killed, in ms. */
const endGraceMs = 2_000

const format = '--format=csv,noheader,nounits'

/** The panel's environment without what looks like a secret, in the language that the parser reads. */
export function smiEnvironment(own: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const harmless = Object.entries(own).filter(([name]) => !/TOKEN|SECRET|PASSWORD|PASSPHRASE|KEY/i.test(name))
  return { ...Object.fromEntries(harmless), LC_ALL: 'C' }
}

export interface StreamEnd {
  code: number | null
  /** The error of the system when it could not be started, e.g. `ENOENT`. */
  error: string | null
}

export interface SmiStream {
  /** Resolves when the child has really ended: only then may another be started. */
  ended: Promise<StreamEnd>
  end(): void
}

export interface StreamOptions {
  program: string
  fields: readonly Field[]
  /** False asks for a single sample, for versions whose looped output comes in blocks. */
  loop: boolean
  /** Between two samples, in ms. */
  everyMs: number
  onSample: (rows: GpuRow[]) => void
  onMessage: (line: string) => void
}

/**
 * Starts the one child that prints samples. It cannot outlive the panel for long: its next line finds no reader.
 * nvidia-smi writes its errors to stdout, so both streams are read alike.
 */
export function streamSamples({ program, fields, loop, everyMs, onSample, onMessage }: StreamOptions): SmiStream {
  const query = `--query-gpu=${fields.map((field) => field.query).join(',')}`
  const child = spawn(program, [query, format, ...(loop ? [`--loop-ms=${everyMs}`] : [])], {
    env: smiEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  const grouper = createSampleGrouper()
  let gap: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(gap)
    const sample = grouper.take()
    if (sample) onSample(sample)
  }
  const read = (lines: string[]) => {
    for (const line of lines) {
      if (line.trim() === '') continue
      const row = parseGpuRow(line, fields)
      if (!row) {
        onMessage(line.trim())
        continue
      }
      const complete = grouper.add(row)
      if (complete) onSample(complete)
      clearTimeout(gap)
      gap = setTimeout(flush, sampleGapMs)
    }
  }
  for (const stream of [child.stdout, child.stderr]) {
    const cutter = createLineCutter()
    stream.setEncoding('latin1')
    stream.on('data', (chunk: string) => read(cutter.push(chunk)))
    stream.once('end', () => read(cutter.rest()))
  }
  let killing: NodeJS.Timeout | undefined
  const ended = new Promise<StreamEnd>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) resolve({ code: null, error: error.code ?? error.name })
    })
    child.once('close', (code) => resolve({ code, error: null }))
  }).finally(() => {
    clearTimeout(killing)
    flush()
  })
  return {
    ended,
    end() {
      if (killing) return
      child.kill()
      killing = setTimeout(() => child.kill('SIGKILL'), endGraceMs)
    },
  }
}

/** Asks once what each GPU has of its memory; nothing where that could not be learnt. */
export function askMemory(program: string, signal: AbortSignal): Promise<GpuRow[]> {
  const options = { env: smiEnvironment(), signal, windowsHide: true, encoding: 'latin1' as const }
  const query = `--query-gpu=${memoryFields.map((field) => field.query).join(',')}`
  return new Promise((resolve) => {
    execFile(program, [query, format], options, (error, stdout) => {
      const lines = error ? [] : stdout.split('\n')
      resolve(lines.flatMap((line) => parseGpuRow(line, memoryFields) ?? []))
    })
  })
}

/** Asks once which processes compute on which GPU; `null` when it could not be learnt. */
export function askProcesses(program: string, signal: AbortSignal): Promise<ComputeProcess[] | null> {
  const options = { env: smiEnvironment(), timeout: 10_000, signal, windowsHide: true, encoding: 'latin1' as const }
  return new Promise((resolve) => {
    execFile(program, [`--query-compute-apps=${processFields}`, format], options, (error, stdout) => {
      resolve(error ? null : parseProcesses(stdout))
    })
  })
}
