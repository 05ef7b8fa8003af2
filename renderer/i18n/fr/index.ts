import access from './access.json'
import add from './add.json'
import alerts from './alerts.json'
import attention from './attention.json'
import audit from './audit.json'
import backups from './backups.json'
import card from './card.json'
import cardHistory from './cardHistory.json'
import common from './common.json'
import compare from './compare.json'
import container from './container.json'
import credentials from './credentials.json'
import docker from './docker.json'
import doctor from './doctor.json'
import edit from './edit.json'
import editing from './editing.json'
import exposure from './exposure.json'
import find from './find.json'
import gallery from './gallery.json'
import gateway from './gateway.json'
import golden from './golden.json'
import identity from './identity.json'
import gpus from './gpus.json'
import keys from './keys.json'
import leaks from './leaks.json'
import library from './library.json'
import lint from './lint.json'
import list from './list.json'
import load from './load.json'
import logs from './logs.json'
import machines from './machines.json'
import me from './me.json'
import models from './models.json'
import operations from './operations.json'
import overview from './overview.json'
import palette from './palette.json'
import people from './people.json'
import policy from './policy.json'
import releases from './releases.json'
import room from './room.json'
import services from './services.json'
import settings from './settings.json'
import shell from './shell.json'
import snippets from './snippets.json'
import stats from './stats.json'
import studio from './studio.json'
import support from './support.json'
import timeline from './timeline.json'
import unreachable from './unreachable.json'
import updates from './updates.json'
import usage from './usage.json'
import vault from './vault.json'
import waiting from './waiting.json'
import welcome from './welcome.json'
import workflow from './workflow.json'

export const fr = {
  access,
  add,
  alerts,
  attention,
  audit,
  backups,
  card,
  cardHistory,
  common,
  compare,
  container,
  credentials,
  docker,
  doctor,
  edit,
  editing,
  exposure,
  find,
  gallery,
  gateway,
  golden,
  identity,
  gpus,
  keys,
  leaks,
  library,
  lint,
  list,
  load,
  logs,
  machines,
  me,
  models,
  operations,
  overview,
  palette,
  people,
  policy,
  releases,
  room,
  services,
  settings,
  shell,
  snippets,
  stats,
  studio,
  support,
  timeline,
  unreachable,
  updates,
  usage,
  vault,
  waiting,
  welcome,
  workflow,
}
