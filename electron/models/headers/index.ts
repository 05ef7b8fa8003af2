import { openOrdinary } from '../../storage/ordinary'
import { formatOf } from '../formats'
import { readGguf } from './gguf'
import { recogniseArchitecture, recogniseTensors, type Told } from './recognise'
import { readSafetensors } from './safetensors'

/** What a file's header says. `none`: its format has none that can be read without running it. */
export interface HeaderRead extends Told {
  header: 'read' | 'refused' | 'none'
}

const nothing: Told = { role: null, family: null }

/**
 * Reads what a file says of itself, bounded in bytes and in linear time. `name`: what tells its format, where that is
 * another than its own. Throws the file system's error.
 */
export async function readHeader(path: string, name = path): Promise<HeaderRead> {
  const format = formatOf(name)
  if (format !== 'safetensors' && format !== 'gguf') return { header: 'none', ...nothing }
  const file = await openOrdinary(path)
  try {
    if (format === 'gguf') {
      const read = await readGguf(file)
      return read ? { header: 'read', ...recogniseArchitecture(read.architecture) } : { header: 'refused', ...nothing }
    }
    const tensors = await readSafetensors(file, (await file.stat()).size)
    return tensors ? { header: 'read', ...recogniseTensors(tensors) } : { header: 'refused', ...nothing }
  } finally {
    await file.close()
  }
}
