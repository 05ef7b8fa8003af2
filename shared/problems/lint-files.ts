import { defineProblems } from './define'

/** What the linter finds in the text of .env and Compose files: quoting, variables, secrets, line ends. */
export const lintFileProblems = defineProblems({
  'lint.yaml-broken': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The YAML is broken here: {{detail}}.',
      hint: 'Compose refuses the whole file, so that no service of it can be started or changed. Look at the indentation and the quotes of this line and the one above.',
    },
    fr: {
      message: 'Le YAML est cassé ici : {{detail}}.',
      hint: 'Compose refuse tout le fichier : aucun de ses services ne peut être démarré ni modifié. Vérifiez l’indentation et les guillemets de cette ligne et de la précédente.',
    },
  },
  'lint.no-services': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The file has no services.',
      hint: 'Compose looks for a mapping named “services” at the top. It may be indented, misspelled, or this is another kind of file.',
    },
    fr: {
      message: 'Le fichier ne contient aucun service.',
      hint: 'Compose cherche une clé « services » au premier niveau. Elle est peut-être indentée, mal orthographiée, ou ce fichier est d’un autre type.',
    },
  },
  'lint.encoding': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{name}} is not UTF-8 text.',
      hint: 'Compose cannot read it. PowerShell 5 writes UTF-16 with “>”: save the file again as UTF-8 without a byte order mark.',
    },
    fr: {
      message: '{{name}} n’est pas un texte UTF-8.',
      hint: 'Compose ne peut pas le lire. PowerShell 5 écrit de l’UTF-16 avec « > » : enregistrez de nouveau le fichier en UTF-8 sans marque d’ordre des octets.',
    },
  },
  'lint.version-obsolete': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '“version:” is obsolete.',
      hint: 'Compose 2 ignores it and warns at every command; the format is chosen by what is used.',
    },
    fr: {
      message: '« version: » est obsolète.',
      hint: 'Compose 2 l’ignore et avertit à chaque commande ; le format découle de ce qui est utilisé.',
    },
  },
  'lint.env-broken': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'A quote that opens here is never closed.',
      hint: 'Compose refuses the file, and every key below counts as part of this value.',
    },
    fr: {
      message: 'Un guillemet ouvert ici n’est jamais fermé.',
      hint: 'Compose refuse le fichier, et toutes les clés qui suivent font partie de cette valeur.',
    },
  },
  'lint.env-template': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Compose refuses this file because of “${” in {{key}}.',
      hint: 'Write the value in single quotes: there every character is literal. Until then nothing of the project starts.',
    },
    fr: {
      message: 'Compose refuse ce fichier à cause de « ${ » dans {{key}}.',
      hint: 'Écrivez la valeur entre guillemets simples : chaque caractère y vaut pour lui-même. D’ici là, rien du projet ne démarre.',
    },
  },
  'lint.env-needs-other': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Compose refuses this file: {{key}} requires a variable that is not set.',
      hint: 'Set that variable on a line above, or write the value in single quotes if “$” is a part of it.',
    },
    fr: {
      message: 'Compose refuse ce fichier : {{key}} exige une variable qui n’est pas définie.',
      hint: 'Définissez cette variable sur une ligne au-dessus, ou écrivez la valeur entre guillemets simples si « $ » en fait partie.',
    },
  },
  'lint.env-no-name': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Compose refuses this file: this line does not begin with a name and “=”.',
      hint: 'A name contains letters, digits and “_”. Put “#” before a comment, and quotes around a value of several lines.',
    },
    fr: {
      message: 'Compose refuse ce fichier : cette ligne ne commence pas par un nom suivi de « = ».',
      hint: 'Un nom est fait de lettres, de chiffres et de « _ ». Mettez « # » devant un commentaire, et des guillemets autour d’une valeur de plusieurs lignes.',
    },
  },
  'lint.env-dollar-hash': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Compose 2 swallows a part of the hash in {{key}}.',
      hint: 'Without single quotes, “$” and the letters behind it count as a variable and vanish: the service gets a token that is too short and answers 401. It looks random, because a hash whose salt begins with a digit survives. In September 2026 this left a token of 57 characters (#14382). Single quotes are right in every Compose.',
    },
    fr: {
      message: 'Compose 2 avale une partie du hachage de {{key}}.',
      hint: 'Sans guillemets simples, « $ » et les lettres qui suivent passent pour une variable et disparaissent : le service reçoit un jeton trop court et répond 401. Cela semble aléatoire, car un hachage dont le sel commence par un chiffre survit. En septembre 2026, il en est resté un jeton de 57 caractères (nº 14382). Les guillemets simples conviennent à tous les Compose.',
    },
  },
  'lint.env-hash-unquoted': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The hash in {{key}} arrives whole only by luck.',
      hint: 'Its salt happens not to begin with a letter, so that Compose 2 finds no variable in it. After the next change of the password four in five hashes lose a part. Single quotes make it safe.',
    },
    fr: {
      message: 'Le hachage de {{key}} n’arrive entier que par chance.',
      hint: 'Son sel ne commence pas par une lettre : Compose 2 n’y voit pas de variable. Après le prochain changement de mot de passe, quatre hachages sur cinq perdent une partie. Les guillemets simples le protègent.',
    },
  },
  'lint.env-dollar': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{key}} is read differently by the two generations of Compose.',
      hint: 'It contains a “$”: Compose 2 takes what follows as a variable, docker-compose 1 takes it literally. If the “$” is meant, single quotes say so.',
    },
    fr: {
      message: 'Les deux générations de Compose lisent {{key}} différemment.',
      hint: 'La valeur contient un « $ » : Compose 2 prend la suite pour une variable, docker-compose 1 la prend telle quelle. Si le « $ » est voulu, les guillemets simples le disent.',
    },
  },
  'lint.env-dollar-doubled': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The doubled “$$” in {{key}} is right in Compose 2 alone.',
      hint: 'docker-compose 1, docker run --env-file and most programs that read .env keep both characters. Doubling belongs into the YAML file; here single quotes are right everywhere.',
    },
    fr: {
      message: 'Le « $$ » doublé de {{key}} n’est juste que dans Compose 2.',
      hint: 'docker-compose 1, docker run --env-file et la plupart des programmes qui lisent .env gardent les deux caractères. Le doublement est fait pour le fichier YAML ; ici, les guillemets simples conviennent partout.',
    },
  },
  'lint.hash-short': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The hash in {{key}} is cut: {{length}} of 60 characters.',
      hint: 'A bcrypt hash always has 60. A part was swallowed on the way, usually by “$” in an .env file, and the service refuses this token. What is missing cannot be guessed: write the credential again from Regie’s vault (Credentials, Sync).',
    },
    fr: {
      message: 'Le hachage de {{key}} est tronqué : {{length}} caractères sur 60.',
      hint: 'Un hachage bcrypt en compte toujours 60. Une partie a été avalée en route, le plus souvent par un « $ » dans un fichier .env, et le service refuse ce jeton. Ce qui manque ne se devine pas : réécrivez l’identifiant depuis le coffre de Regie (Identifiants, Synchroniser).',
    },
  },
  'lint.env-missing': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{key}} is used but set nowhere.',
      hint: 'It is neither in .env nor in Regie’s own environment and has no default: Compose puts nothing in its place and only warns. Set it in .env, or write a default: ${{{key}}:-…}.',
    },
    fr: {
      message: '{{key}} est utilisée mais définie nulle part.',
      hint: 'Elle n’est ni dans .env ni dans l’environnement de Regie et n’a pas de valeur par défaut : Compose met du vide à la place, avec un simple avertissement. Définissez-la dans .env, ou donnez un défaut : ${{{key}}:-…}.',
    },
  },
  'lint.env-missing-secret': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The secret {{key}} is used but set nowhere: it is empty.',
      hint: 'An empty secret switches protection off without an error; the audit of June 2026 found a public service that was open for this reason. Set it in .env.',
    },
    fr: {
      message: 'Le secret {{key}} est utilisé mais défini nulle part : il est vide.',
      hint: 'Un secret vide désactive la protection sans erreur ; l’audit de juin 2026 a trouvé un service public ouvert pour cette raison. Définissez-le dans .env.',
    },
  },
  'lint.env-required': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{key}} is required and not set.',
      hint: 'Compose refuses to start anything of this project until it is in .env.',
    },
    fr: {
      message: '{{key}} est obligatoire et n’est pas définie.',
      hint: 'Compose refuse de démarrer quoi que ce soit de ce projet tant qu’elle n’est pas dans .env.',
    },
  },
  'lint.env-unused': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'Declared but used by no Compose file: {{keys}}.',
      hint: '.env only fills in the Compose files; containers get nothing of it by themselves. These do nothing here, unless another program reads the file. Old secrets are best removed.',
    },
    fr: {
      message: 'Déclarées mais utilisées par aucun fichier Compose : {{keys}}.',
      hint: '.env ne fait que compléter les fichiers Compose ; les conteneurs n’en reçoivent rien d’eux-mêmes. Ces clés sont sans effet ici, sauf si un autre programme lit le fichier. Mieux vaut retirer les anciens secrets.',
    },
  },
  'lint.env-duplicate': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{key}} is set again; line {{line}} does not count.',
      hint: 'The last one wins. Two programs that write the same file leave this behind, and anyone who edits the first line wonders why nothing changes.',
    },
    fr: {
      message: '{{key}} est définie de nouveau ; la ligne {{line}} ne compte pas.',
      hint: 'La dernière l’emporte. C’est la trace de deux programmes qui écrivent le même fichier, et qui modifie la première ligne s’étonne que rien ne change.',
    },
  },
  'lint.env-file-missing': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The env_file {{name}} of {{service}} does not exist.',
      hint: 'Compose refuses to start the project.',
    },
    fr: {
      message: 'Le fichier env_file {{name}} de {{service}} n’existe pas.',
      hint: 'Compose refuse de démarrer le projet.',
    },
  },
  'lint.crlf': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{name}} has Windows line endings.',
      hint: 'Compose copes, but shells, docker run --env-file and scripts take the invisible character at the end of the line as part of the value.',
    },
    fr: {
      message: '{{name}} a des fins de ligne Windows.',
      hint: 'Compose s’en accommode, mais les shells, docker run --env-file et les scripts prennent le caractère invisible de fin de ligne pour une partie de la valeur.',
    },
  },
  'lint.crlf-script': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The script {{name}} has Windows line endings.',
      hint: "Linux looks for an interpreter whose name ends in an invisible character: the container ends with “no such file or directory” (exit code 127) or “$'\\r': command not found”. Git on Windows does this; a .gitattributes with “*.sh eol=lf” keeps it away.",
    },
    fr: {
      message: 'Le script {{name}} a des fins de ligne Windows.',
      hint: "Linux cherche un interpréteur dont le nom finit par un caractère invisible : le conteneur s’arrête avec « no such file or directory » (code 127) ou « $'\\r': command not found ». Git sous Windows fait cela ; un .gitattributes avec « *.sh eol=lf » l’évite.",
    },
  },
  'lint.crlf-secret': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The secret file {{name}} has a Windows line end.',
      hint: 'A program that does not strip it takes the invisible character as part of the secret, and answers 401 to the right one.',
    },
    fr: {
      message: 'Le fichier secret {{name}} a une fin de ligne Windows.',
      hint: 'Un programme qui ne la retire pas prend le caractère invisible pour une partie du secret, et répond 401 au bon.',
    },
  },
  'lint.bom': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{name}} begins with an invisible byte order mark.',
      hint: 'Compose copes, but shells and other readers of .env take it as part of the first key, which then seems to be missing. Notepad writes it.',
    },
    fr: {
      message: '{{name}} commence par une marque d’ordre des octets invisible.',
      hint: 'Compose s’en accommode, mais les shells et les autres lecteurs de .env la prennent pour une partie de la première clé, qui semble alors absente. Le Bloc-notes l’écrit.',
    },
  },
  'lint.bom-script': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The script {{name}} begins with an invisible byte order mark.',
      hint: 'Linux does not see its “#!” line and cannot run it: “exec format error”.',
    },
    fr: {
      message: 'Le script {{name}} commence par une marque d’ordre des octets invisible.',
      hint: 'Linux ne voit pas sa ligne « #! » et ne peut pas l’exécuter : « exec format error ».',
    },
  },
  'lint.bom-secret': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The secret file {{name}} begins with an invisible byte order mark.',
      hint: 'It becomes part of the secret: the service does not accept the right one.',
    },
    fr: {
      message: 'Le fichier secret {{name}} commence par une marque d’ordre des octets invisible.',
      hint: 'Elle devient une partie du secret : le service n’accepte pas le bon.',
    },
  },
  'lint.yaml-dollar-hash': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The hash in this value is not written for Compose: “$” must be doubled.',
      hint: 'docker-compose 1 refuses the file; Compose 2 takes the letters behind “$” as a variable and passes on a hash that is too short.',
    },
    fr: {
      message: 'Le hachage de cette valeur n’est pas écrit pour Compose : « $ » doit être doublé.',
      hint: 'docker-compose 1 refuse le fichier ; Compose 2 prend les lettres après « $ » pour une variable et transmet un hachage trop court.',
    },
  },
  'lint.yaml-dollar': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '“${{name}}” is replaced before the container sees it.',
      hint: 'Compose fills in variables everywhere in this file. {{name}} is not set, so that nothing stays of it. If the shell inside the container is meant, “$” must be doubled.',
    },
    fr: {
      message: '« ${{name}} » est remplacé avant que le conteneur ne le voie.',
      hint: 'Compose remplace les variables partout dans ce fichier. {{name}} n’est pas définie : il n’en reste rien. Si le shell du conteneur est visé, « $ » doit être doublé.',
    },
  },
  'lint.secret-in-yaml': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The value of {{key}} is written in the Compose file.',
      hint: 'Compose files are committed and shared; a key leaked this way on 16 May 2026. Give it a new value by a rotation, keep that in .env or in a mounted file, and write ${{{key}}:?} here.',
    },
    fr: {
      message: 'La valeur de {{key}} est écrite dans le fichier Compose.',
      hint: 'Les fichiers Compose sont versionnés et partagés ; une clé a fuité ainsi le 16 mai 2026. Donnez-lui une nouvelle valeur par un renouvellement, gardez celle-ci dans .env ou dans un fichier monté, et écrivez ici ${{{key}}:?}.',
    },
  },
  'lint.secret-in-arguments': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The credential after {{flag}} is written in the Compose file.',
      hint: 'Compose files are committed and shared; a key leaked this way on 16 May 2026. Give it a new value by a rotation, keep that in .env, and name its variable here.',
    },
    fr: {
      message: 'Le compte après {{flag}} est écrit dans le fichier Compose.',
      hint: 'Les fichiers Compose sont versionnés et partagés ; une clé a fuité ainsi le 16 mai 2026. Donnez-lui une nouvelle valeur par un renouvellement, gardez celle-ci dans .env, et nommez ici sa variable.',
    },
  },
  'lint.secret-default': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{key}} has a default value that everyone can read.',
      hint: 'When .env does not set it, the service starts with the password that is written here.',
    },
    fr: {
      message: '{{key}} a une valeur par défaut que tout le monde peut lire.',
      hint: 'Quand .env ne la définit pas, le service démarre avec le mot de passe écrit ici.',
    },
  },
  'lint.secret-empty-default': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{key}} may be empty, and the service starts all the same.',
      hint: 'An empty password or key is no protection: Forge then accepts a login without a password, other services switch protection off. With “:?” Compose refuses to start instead, and says why.',
    },
    fr: {
      message: '{{key}} peut être vide, et le service démarre quand même.',
      hint: 'Un mot de passe ou une clé vide ne protège de rien : Forge accepte alors une connexion sans mot de passe, d’autres services désactivent la protection. Avec « :? », Compose refuse de démarrer, et dit pourquoi.',
    },
  },
  'lint.secret-empty': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{key}} is empty.',
      hint: 'An empty password or key is no protection: the service is open to everyone, or accepts a sign-in without a password. Set it, or let Regie generate one (Credentials).',
    },
    fr: {
      message: '{{key}} est vide.',
      hint: 'Un mot de passe ou une clé vide ne protège de rien : le service est ouvert à tous, ou accepte une connexion sans mot de passe. Définissez-la, ou laissez Regie en générer une (Identifiants).',
    },
  },
  'lint.retired-name': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'COMFYUI_BEARER_TOKEN is a retired name.',
      hint: 'ComfyUI never read it. The token is COMFYUI_API_TOKEN now; programs that kept the old name sent an old token and got 401 (#15290, #15307, #16647).',
    },
    fr: {
      message: 'COMFYUI_BEARER_TOKEN est un nom retiré.',
      hint: 'ComfyUI ne l’a jamais lu. Le jeton s’appelle désormais COMFYUI_API_TOKEN ; les programmes restés à l’ancien nom envoyaient un ancien jeton et recevaient 401 (nº 15290, 15307, 16647).',
    },
  },
})
