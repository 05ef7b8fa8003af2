/** What is in a support bundle, and what is not; for whoever opens one. */
export const readme = `Support bundle of Regie

about.json      version, system, memory, standing notices (their codes)
services.json   each service: id, kind, state, rungs, checks, container's state (reasons as codes)
attention.json  what needs a person (codes)
config.json     the configuration's shape: numbers, switches, ids and addresses on this machine
crashes.json    crash dumps that lie in the folder "crashes" of the data folder: size and time of each
panel.log       the end of Regie's own log: time, Regie's own words, class, code and places of errors

Left out: names of folders and files, names and addresses of people and machines, everything else that somebody
wrote, and what services answered. Where such a text stood, its length is told.
Never here: the vault, passwords, keys, sessions, people, prompts, pictures, and crash dumps themselves.

Regie sends this to nobody.
`
