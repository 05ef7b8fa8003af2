import add from './add.json'
import audit from './audit.json'
import common from './common.json'
import credentials from './credentials.json'
import docker from './docker.json'
import gallery from './gallery.json'
import gpus from './gpus.json'
import operations from './operations.json'
import overview from './overview.json'
import palette from './palette.json'
import services from './services.json'
import settings from './settings.json'
import studio from './studio.json'
import timeline from './timeline.json'
import vault from './vault.json'
import welcome from './welcome.json'

export const en = {
  add,
  audit,
  common,
  credentials,
  docker,
  gallery,
  gpus,
  operations,
  overview,
  palette,
  services,
  settings,
  studio,
  timeline,
  vault,
  welcome,
}
