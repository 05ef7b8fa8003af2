import { defineProblems } from './define'

/** Why an external service cannot be reached, by cause: what the failure means, and what to look at. */
export const unreachableProblems = defineProblems({
  'service.timed-out': {
    code: 'GATEWAY_TIMEOUT',
    en: {
      message: '{{host}} is not responding: timed out after {{seconds}} s.',
      hint: 'A timeout, unlike a refusal, means that the machine is off or asleep, has another address, or that a firewall drops the connection.',
    },
    fr: {
      message: '{{host}} ne répond pas : délai de {{seconds}} s dépassé.',
      hint: 'Un délai dépassé, contrairement à un refus, signifie que la machine est éteinte ou en veille, qu’elle a changé d’adresse, ou qu’un pare-feu bloque la connexion.',
    },
  },
  'service.connection-refused': {
    code: 'BAD_GATEWAY',
    en: {
      message: '{{host}} refuses the connection.',
      hint: 'The machine is on, but nothing listens at this port: start the service there, or correct its port.',
    },
    fr: {
      message: '{{host}} refuse la connexion.',
      hint: 'La machine est allumée, mais rien n’écoute sur ce port : démarrez-y le service, ou corrigez son port.',
    },
  },
  'service.no-route': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'There is no network route to {{host}} ({{detail}}).',
      hint: 'Check the network or VPN of this machine, and the address of the service.',
    },
    fr: {
      message: 'Aucune route réseau ne mène à {{host}} ({{detail}}).',
      hint: 'Vérifiez le réseau ou le VPN de cette machine, ainsi que l’adresse du service.',
    },
  },
  'service.host-unknown': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'The host name {{host}} cannot be resolved.',
      hint: 'Check the address for a typing error, and the DNS of this machine.',
    },
    fr: {
      message: 'Le nom d’hôte {{host}} est introuvable.',
      hint: 'Vérifiez que l’adresse ne contient pas de faute de frappe, ainsi que le DNS de cette machine.',
    },
  },
  'service.tls': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'No secure connection to {{host}} ({{detail}}).',
      hint: 'The machine answers, but its certificate is not trusted or it does not speak HTTPS: install a trusted certificate, or use its http:// address on a private network.',
    },
    fr: {
      message: 'Aucune connexion sécurisée avec {{host}} ({{detail}}).',
      hint: 'La machine répond, mais son certificat n’est pas reconnu ou elle ne parle pas HTTPS : installez un certificat reconnu, ou utilisez son adresse http:// sur un réseau privé.',
    },
  },
  'service.other-program': {
    code: 'BAD_GATEWAY',
    en: {
      message: 'Another program answers at {{host}} ({{answer}}).',
      hint: 'Another program uses this port, or a proxy is in between: correct the address, or the type of the service.',
    },
    fr: {
      message: 'Un autre programme répond à {{host}} ({{answer}}).',
      hint: 'Autre chose utilise ce port, ou un proxy s’interpose : corrigez l’adresse, ou le type du service.',
    },
  },
})
