import { defineProblems } from './define'

/** Certificates of the gateway’s listeners, Regie’s own and those that a person gives. */
export const tlsProblems = defineProblems({
  'tls.name': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '“{{name}}” is neither a host name nor an address.',
      hint: 'Write it as clients reach it, without scheme and port: studio.example.org or 192.168.1.20.',
    },
    fr: {
      message: '« {{name}} » n’est ni un nom d’hôte ni une adresse.',
      hint: 'Écrivez-le comme les clients l’appellent, sans schéma ni port : studio.example.org ou 192.168.1.20.',
    },
  },
  'tls.name-not-permitted': {
    code: 'CONFLICT',
    en: {
      message: 'Regie’s authority may not vouch for “{{name}}”.',
      hint: 'It was made for other names, so that it opens nothing else. Make a new one with this name, and have it trusted.',
    },
    fr: {
      message: 'L’autorité de Regie ne peut pas se porter garante de « {{name}} ».',
      hint: 'Elle a été créée pour d’autres noms, afin de n’ouvrir rien d’autre. Créez-en une nouvelle avec ce nom et faites-la approuver.',
    },
  },
  'tls.no-authority': {
    code: 'CONFLICT',
    en: {
      message: 'Regie has no authority for certificates yet.',
      hint: 'Make one in the gateway’s settings, or give a certificate of your own.',
    },
    fr: {
      message: 'Regie n’a pas encore d’autorité de certification.',
      hint: 'Créez-en une dans les réglages de la passerelle, ou fournissez votre propre certificat.',
    },
  },
  'tls.authority-unreadable': {
    code: 'SERVICE_UNAVAILABLE',
    en: {
      message: 'Regie’s authority cannot be read from {{file}}.',
      hint: 'Put the file back from a copy, or make a new authority; the file is then kept beside it.',
    },
    fr: {
      message: 'L’autorité de Regie ne peut pas être lue dans {{file}}.',
      hint: 'Restaurez le fichier depuis une copie, ou créez une nouvelle autorité ; le fichier est alors conservé à côté.',
    },
  },
  'tls.no-files': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'No certificate was given.',
      hint: 'Name the files of the certificate and of its key, both in PEM, or use Regie’s own authority.',
    },
    fr: {
      message: 'Aucun certificat n’a été fourni.',
      hint: 'Indiquez les fichiers du certificat et de sa clé, tous deux en PEM, ou utilisez l’autorité de Regie.',
    },
  },
  'tls.file-unreadable': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: '{{file}} cannot be read ({{code}}).', hint: 'Check the path, and that Regie may read the file.' },
    fr: {
      message: '{{file}} ne peut pas être lu ({{code}}).',
      hint: 'Vérifiez le chemin et que Regie a le droit de lire le fichier.',
    },
  },
  'tls.not-a-certificate': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{file}} holds no certificate.',
      hint: 'Give the server’s certificate in PEM, followed by those of its chain.',
    },
    fr: {
      message: '{{file}} ne contient pas de certificat.',
      hint: 'Fournissez le certificat du serveur en PEM, suivi de ceux de sa chaîne.',
    },
  },
  'tls.not-a-key': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: '{{file}} holds no private key that can be read.',
      hint: 'Give the key in PEM and without a passphrase.',
    },
    fr: {
      message: '{{file}} ne contient pas de clé privée lisible.',
      hint: 'Fournissez la clé en PEM, sans phrase secrète.',
    },
  },
  'tls.key-of-another': {
    code: 'UNPROCESSABLE_CONTENT',
    en: {
      message: 'The key in {{key}} is not that of the certificate in {{cert}}.',
      hint: 'Give the two that were made together.',
    },
    fr: {
      message: 'La clé de {{key}} n’est pas celle du certificat de {{cert}}.',
      hint: 'Fournissez les deux fichiers créés ensemble.',
    },
  },
  'tls.expired': {
    code: 'UNPROCESSABLE_CONTENT',
    en: { message: 'The certificate in {{file}} ended on {{at}}.', hint: 'Renew it, and put it in the same place.' },
    fr: {
      message: 'Le certificat de {{file}} a expiré le {{at}}.',
      hint: 'Renouvelez-le et déposez-le au même endroit.',
    },
  },
})
