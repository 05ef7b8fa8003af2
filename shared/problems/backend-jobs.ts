import { defineProblems } from './define'

/** What becomes of a job on a service. */
export const backendJobProblems = defineProblems({
  'backend.job-refused': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'The service refuses the job: {{detail}}', hint: 'Change the parameters and generate again.' },
    fr: {
      message: 'Le service refuse la tâche : {{detail}}',
      hint: 'Modifiez les paramètres et relancez la génération.',
    },
  },
  'backend.out-of-memory': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'The GPU ran out of memory.',
      hint: 'Use a smaller size or batch, or free memory: unload models or stop another service on this GPU.',
    },
    fr: {
      message: 'Le GPU manque de mémoire.',
      hint: 'Réduisez la taille ou le lot, ou libérez de la mémoire : déchargez des modèles ou arrêtez un autre service sur ce GPU.',
    },
  },
  'backend.execution-failed': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The service failed in {{node}}: {{detail}}',
      hint: 'Look at the end of the service’s log; other parameters or another model may work.',
    },
    fr: {
      message: 'Le service a échoué dans {{node}} : {{detail}}',
      hint: 'Consultez la fin du journal du service ; d’autres paramètres ou un autre modèle peuvent convenir.',
    },
  },
  'backend.text-not-kept': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The workflow also shows text, which Regie does not keep.',
      hint: 'Open the service to read it, or save it there as a file.',
    },
    fr: {
      message: 'Le workflow affiche aussi du texte, que Regie ne conserve pas.',
      hint: 'Ouvrez le service pour le lire, ou enregistrez-le là-bas dans un fichier.',
    },
  },
  'backend.job-lost': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The service does not know the job any more.',
      hint: 'It was restarted, or someone cleared its queue. Generate again.',
    },
    fr: {
      message: 'Le service ne connaît plus cette tâche.',
      hint: 'Il a été redémarré, ou quelqu’un a vidé sa file. Relancez la génération.',
    },
  },
  'backend.disconnected': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The service stopped answering in the middle of the job ({{detail}}).',
      hint: 'It has probably crashed: look at the end of its log, start it and generate again.',
    },
    fr: {
      message: 'Le service a cessé de répondre au milieu de la tâche ({{detail}}).',
      hint: 'Il s’est sans doute arrêté brutalement : consultez la fin de son journal, démarrez-le et relancez la génération.',
    },
  },
  'backend.job-timeout': {
    code: 'GATEWAY_TIMEOUT',
    en: {
      message: 'The job was not finished after {{minutes}} minutes and was cancelled.',
      hint: 'The service may hang: look at its log and restart it. Smaller images and fewer steps take less time.',
    },
    fr: {
      message: 'La tâche n’était pas terminée après {{minutes}} minutes et a été annulée.',
      hint: 'Le service est peut-être bloqué : consultez son journal et redémarrez-le. De plus petites images et moins d’étapes prennent moins de temps.',
    },
  },
  'backend.no-images': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The job finished, but the service made no image.',
      hint: 'Look at the service’s log; a part of the workflow was probably skipped.',
    },
    fr: {
      message: 'La tâche est terminée, mais le service n’a produit aucune image.',
      hint: 'Consultez le journal du service ; une partie du workflow a sans doute été ignorée.',
    },
  },
  'backend.image-gone': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The service made {{file}}, but no longer has it.',
      hint: 'The file was deleted there. Generate again with another seed, so that it is not answered from the cache.',
    },
    fr: {
      message: 'Le service a produit {{file}}, mais ne l’a plus.',
      hint: 'Le fichier y a été supprimé. Relancez avec une autre graine, pour que la réponse ne vienne pas du cache.',
    },
  },
  'backend.outputs-dropped': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The service left out an output it could not make: {{detail}}',
      hint: 'The other outputs were created. Check the named node.',
    },
    fr: {
      message: 'Le service a laissé de côté une sortie impossible : {{detail}}',
      hint: 'Les autres sorties ont été produites. Vérifiez le nœud nommé.',
    },
  },
  'backend.no-live-progress': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The service’s WebSocket could not be opened ({{detail}}), so progress and previews were not shown.',
      hint: 'A proxy in between must let WebSocket connections through.',
    },
    fr: {
      message:
        'Le WebSocket du service n’a pas pu être ouvert ({{detail}}) : progression et aperçus n’ont pas été affichés.',
      hint: 'Un proxy intermédiaire doit laisser passer les connexions WebSocket.',
    },
  },
  'backend.progress-untold': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The service does not tell whose job is running, so progress and previews were not shown.',
      hint: 'Forge started with --nowebui, and very old versions, only tell of whatever job runs. Start it without --nowebui.',
    },
    fr: {
      message:
        'Le service ne dit pas à qui appartient la tâche en cours : progression et aperçus n’ont pas été affichés.',
      hint: 'Forge démarré avec --nowebui, et les très anciennes versions, ne parlent que de la tâche en cours, quelle qu’elle soit. Démarrez-le sans --nowebui.',
    },
  },
  'backend.left-running': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The job was not interrupted on the service: it does not tell whose job is running.',
      hint: 'The job goes on there and its images are discarded. Forge started without --nowebui tells jobs apart; anyone who knows that nobody else uses it can interrupt in its own interface.',
    },
    fr: {
      message: 'La tâche n’a pas été interrompue sur le service : il ne dit pas à qui appartient la tâche en cours.',
      hint: 'La tâche s’y poursuit et ses images sont ignorées. Forge démarré sans --nowebui distingue les tâches ; si personne d’autre ne l’utilise, interrompez-la depuis son interface.',
    },
  },
  'backend.interrupted-elsewhere': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'Someone else interrupted this job on the service, so its images may be unfinished.',
      hint: 'Generate again with the same seed to see the whole image.',
    },
    fr: {
      message: 'Quelqu’un d’autre a interrompu cette tâche sur le service : ses images peuvent être inachevées.',
      hint: 'Relancez la génération avec la même graine pour obtenir l’image complète.',
    },
  },
  'backend.no-previews': {
    code: 'CONFLICT',
    en: {
      message: 'The service runs without --preview-method, so it sent no previews.',
      hint: 'Add --preview-method auto to its arguments and restart it.',
    },
    fr: {
      message: 'Le service tourne sans --preview-method : il n’a envoyé aucun aperçu.',
      hint: 'Ajoutez --preview-method auto à ses arguments, puis redémarrez-le.',
    },
  },
  'backend.interrupted-by-others': {
    code: 'CONFLICT',
    en: {
      message: 'Someone else interrupted this job on the service.',
      hint: 'Anyone who uses the same service can interrupt what runs there. Generate again.',
    },
    fr: {
      message: 'Quelqu’un d’autre a interrompu cette tâche sur le service.',
      hint: 'Toute personne qui utilise le même service peut interrompre ce qui y tourne. Relancez la génération.',
    },
  },
  'backend.model-damaged': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The model file {{file}} is damaged or incomplete: {{detail}}',
      hint: 'Download it again, or choose another model.',
    },
    fr: {
      message: 'Le fichier de modèle {{file}} est endommagé ou incomplet : {{detail}}',
      hint: 'Téléchargez-le de nouveau, ou choisissez un autre modèle.',
    },
  },
  'backend.sampler-replaced': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The service used the sampler {{used}} instead of {{asked}}.',
      hint: 'It replaces what it does not know without saying so; choose one from its list.',
    },
    fr: {
      message: 'Le service a utilisé l’échantillonneur {{used}} au lieu de {{asked}}.',
      hint: 'Il remplace ce qu’il ne connaît pas sans le dire ; choisissez dans sa liste.',
    },
  },
  'backend.checkpoint-replaced': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The service used the checkpoint {{used}} instead of {{asked}}.',
      hint: 'It keeps the loaded model when it cannot load another; look at its log.',
    },
    fr: {
      message: 'Le service a utilisé le checkpoint {{used}} au lieu de {{asked}}.',
      hint: 'Il garde le modèle chargé quand il ne peut pas en charger un autre ; consultez son journal.',
    },
  },
})
