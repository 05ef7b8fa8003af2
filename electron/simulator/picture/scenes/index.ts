import { hash } from '../random'
import type { Painter } from '../stage'
import { aurora } from './aurora'
import { ceramics } from './ceramics'
import { city } from './city'
import { dunes } from './dunes'
import { forest } from './forest'
import { lake } from './lake'
import { leaves } from './leaves'
import { lighthouse } from './lighthouse'
import { paper } from './paper'
import { planet } from './planet'

export const painters = {
  lighthouse,
  aurora,
  planet,
  city,
  dunes,
  leaves,
  ceramics,
  paper,
  forest,
  lake,
} as const satisfies Record<string, Painter>

export type Scene = keyof typeof painters

/** Words that call for a scene, in English and French, without accents; the earlier scene wins a tie. */
const words: Record<Scene, string> = {
  lighthouse:
    'lighthouse phare beacon storm tempete sea mer ocean wave waves vague vagues coast cote boat bateau ship navire beach plage cliff falaise',
  aurora:
    'aurora aurore boreale boreales northern lights fjord arctic arctique polar polaire ice glace frozen gele snow neige winter hiver',
  planet:
    'planet planete space espace galaxy galaxie nebula nebuleuse cosmos cosmic cosmique saturn saturne moon lune star etoile astronaut astronaute spaceship rocket fusee robot',
  city: 'city ville skyline street rue boulevard night nuit neon tower tour tours building buildings immeuble gratte-ciel urban urbain rain rainy pluie pluvieux cyberpunk car voiture bridge pont traffic',
  dunes: 'dune dunes desert sand sable sahara camel chameau pyramid pyramide canyon mars dusk crepuscule',
  leaves:
    'leaf leaves feuille feuilles plant plante plantes flower flowers fleur fleurs jungle garden jardin tropical conservatory serre rose bouquet bird oiseau butterfly papillon macro',
  ceramics:
    'ceramic ceramics ceramique ceramiques stoneware gres pottery poterie vase vases vessel vessels pot bowl bol cup tasse teapot theiere still life nature morte table kitchen cuisine fruit food coffee cafe',
  paper:
    'paper papier origami layered collage illustration minimal minimalist minimaliste flat poster affiche cartoon abstract abstrait logo balloon montgolfiere hill hills colline collines',
  forest:
    'forest foret wood woods bois tree trees arbre arbres spruce pine sapin sapins mist brume fog brouillard fox renard deer cerf wolf loup bear ours cabin cabane',
  lake: 'lake lac mountain mountains montagne montagnes alpine alpin alps alpes water eau river riviere reflection reflet valley vallee peak sommet dawn aube sunrise landscape paysage watercolour watercolor aquarelle',
}

/** Words that describe the light or the manner: they count less than a subject. */
const manner = new Set(
  'dawn aube watercolour watercolor aquarelle landscape paysage dusk crepuscule night nuit winter hiver snow neige light lights macro illustration sunrise'.split(
    ' ',
  ),
)

const scenes = Object.keys(painters) as Scene[] // Object.keys loses the literal type

const wordSets = scenes.map((scene) => [scene, new Set(words[scene].split(' '))] as const)

/** The scene that most words of the prompt call for; the prompt's hash chooses when none does. */
export function sceneOf(prompt: string): Scene {
  const plain = prompt.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  const spoken = plain.match(/[a-z]+(?:-[a-z]+)*/g) ?? []
  let best: Scene | null = null
  let most = 0
  for (const [scene, known] of wordSets) {
    // An early word says more about the subject than a late one.
    const score = spoken.reduce(
      (sum, word, at) => sum + (known.has(word) ? (manner.has(word) ? 0.4 : 1) + 0.5 / (1 + at) : 0),
      0,
    )
    if (score > most) [best, most] = [scene, score]
  }
  return best ?? scenes[hash(prompt) % scenes.length] ?? 'lake'
}
