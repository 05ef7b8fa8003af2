import type { Rule } from '../rule'
import { brokenFiles } from './broken-files'
import { envDollar } from './env-dollar'
import { envFileMissing } from './env-file-missing'
import { envRefused } from './env-refused'
import { envDuplicate, envMissing, envUnused } from './env-keys'
import { hostNetwork, portTwice, privileged, widestMounts, windowsModels } from './exposure'
import { argumentGpu, forgeAddress, forgeApiOpen, forgePassword } from './forge'
import { cudaVisible, gpuByIndex, gpuCapabilities, gpuCount, gpuCountAndIds } from './gpu'
import { healthcheck, logSize, privileges, restart } from './habits'
import { hashShort } from './hash-short'
import { imageMoving } from './image-moving'
import { bom, crlf } from './line-ends'
import { missingSource } from './missing-source'
import { portOpen } from './port-open'
import { retiredName } from './retired-name'
import { secretEmpty, secretEmptyDefault } from './secret-empty'
import { secretFileMount } from './secret-file-mount'
import { secretDefault, secretInYaml } from './secret-in-yaml'
import { versionObsolete } from './version-obsolete'
import { yamlDollar } from './yaml-dollar'

/** Every rule. Each looks at the whole project and knows no other. */
export const rules: readonly Rule[] = [
  brokenFiles,
  ...[envRefused, envDollar, hashShort, envMissing, envUnused, envDuplicate, envFileMissing, crlf, bom],
  ...[yamlDollar, secretInYaml, secretDefault, secretEmptyDefault, secretEmpty, retiredName, versionObsolete],
  ...[secretFileMount, missingSource],
  ...[forgeApiOpen, forgeAddress, forgePassword, argumentGpu],
  ...[cudaVisible, gpuByIndex, gpuCount, gpuCapabilities, gpuCountAndIds],
  ...[hostNetwork, privileged, widestMounts, windowsModels, portTwice],
  ...[portOpen, imageMoving, privileges, logSize, restart, healthcheck],
]
