/** `/`, and a drive of Windows as a whole in each of its spellings. */
const wholeDisk = /^(?:\/+|[A-Za-z]:[\\/]*|\/(?:mnt|host_mnt|run\/desktop\/mnt\/host)\/[A-Za-z]\/*)$/
/** A drive of Windows, as WSL 2 and Docker Desktop show it to containers. */
const windowsDrive = /^(?:[A-Za-z]:[\\/]|\/(?:mnt|host_mnt|run\/desktop\/mnt\/host)\/[A-Za-z](?:\/|$))/
const modelFolder = /models?(?:$|[\\/])|checkpoints|diffusion_models|loras?$|stable-diffusion/i

/** Whether a mount's source is a disk or a drive as a whole. */
export const isWholeDisk = (source: string): boolean => wholeDisk.test(source)

/**
 * Whether a mount is a folder of models on a drive of Windows, whichever of Windows, WSL and Docker Desktop spelled it.
 * Told by the path: only Windows' own drives have such.
 */
export const isModelsOnWindows = ({ source, target }: { source: string; target: string }): boolean =>
  windowsDrive.test(source) && !wholeDisk.test(source) && (modelFolder.test(source) || modelFolder.test(target))
