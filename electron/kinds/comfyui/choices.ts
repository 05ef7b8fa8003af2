/** Choices of a node's drop-down, by class and input, e.g. `UNETLoader.unet_name`. */
export type Choices = Readonly<Record<string, readonly string[]>>

export const choiceKey = (classType: string, input: string) => `${classType}.${input}`

/** File name without its folders; ComfyUI names files with `/` or `\` as its own system does. */
export const fileName = (name: string) => name.split(/[\\/]/).at(-1) ?? name
