/** A model's name where there is little room: without folder, ending and hash, which are on hover. */
export const shortModel = (name: string): string =>
  name.replace(/^.*[\\/]/, '').replace(/\.(safetensors|ckpt|gguf)( \[[0-9a-f]+\])?$/i, '')
