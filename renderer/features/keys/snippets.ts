import type { ServiceKind } from '../../../shared/contract'
import { kinds } from '../../../shared/kinds'

/** The environment variable from which every snippet reads the key, so that a snippet can be shared. */
const keyVariable = 'REGIE_KEY'

export const snippetIds = ['curl', 'powershell', 'python', 'javascript', 'client', 'env'] as const
export type SnippetId = (typeof snippetIds)[number]

/** What a snippet is about: a service as people reach it. */
export interface SnippetSubject {
  kind: ServiceKind
  /** The gateway's address, without a slash at its end. */
  url: string
  /** What clients that want a name are told; the gateway takes any. */
  name: string
}

/** In double quotes as Python and JavaScript read it; JSON's strings are a part of both. */
const quoted = (text: string) => JSON.stringify(text)

/** As python-dotenv reads it: in single quotes a `$` stays as it is. */
const envQuoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`

/** Whether clients send a graph and are told of its progress, as ComfyUI's; else they ask for a text to be drawn, as Forge's. */
const takesGraphs = (kind: ServiceKind) => 'told' in kinds[kind].progress

/** What the library for a kind is called on PyPI: the name of its tab. */
export const clientOf = (kind: ServiceKind): string => (takesGraphs(kind) ? 'comfy_api_simplified' : 'webuiapi')

const request = `{"prompt": "lighthouse at dusk", "steps": 8, "cfg_scale": 1}`

/**
 * How clients of a service present a key, through the gateway. The key is read from the environment, and never an
 * argument of a command, which everybody on a machine can read.
 */
export function snippetsOf({ kind, url, name }: SnippetSubject): Record<Exclude<SnippetId, 'env'>, string> {
  return takesGraphs(kind)
    ? {
        curl: curl(`${url}/prompt`, String.raw`"{\"prompt\": $(cat workflow_api.json)}"`),
        powershell: powershell(`${url}/queue`),
        python: graphPython(url),
        javascript: graphJavascript(url),
        client: graphClient(url, name),
      }
    : {
        curl: curl(`${url}/sdapi/v1/txt2img`, `'${request}'`),
        powershell: powershell(`${url}/sdapi/v1/sd-models`),
        python: textPython(url),
        javascript: textJavascript(url),
        client: textClient(url, name),
      }
}

/** A `.env` for notebooks, by the names that theirs know; the only snippet that holds the key. */
export function envOf({ kind, url, name }: SnippetSubject, key: string): string {
  const { scheme, variables } = kinds[kind]
  const line = (variable: string, value: string) => `${variable}=${envQuoted(value)}\n`
  const opening =
    scheme === 'basic' ? line(variables.username, name) + line(variables.password, key) : line(variables.token, key)
  return line(keyVariable, key) + line(variables.url, url) + opening
}

const curl = (address: string, body: string) => `curl --fail --silent --show-error --config - '${address}' \\
  --header 'Content-Type: application/json' \\
  --data ${body} <<END
header = "Authorization: Bearer $${keyVariable}"
END`

// Windows' own curl, named with .exe: in Windows PowerShell plain curl is another command.
const powershell = (address: string) => `@"
header = "Authorization: Bearer $env:${keyVariable}"
"@ | curl.exe --fail --silent --show-error --config - '${address}'`

const graphPython = (url: string) => `import json, os
import requests

with open("workflow_api.json", encoding="utf-8") as file:
    workflow = json.load(file)
answer = requests.post(
    ${quoted(`${url}/prompt`)},
    json={"prompt": workflow},
    headers={"Authorization": "Bearer " + os.environ["${keyVariable}"]},
    timeout=300,
)
answer.raise_for_status()
print(answer.json()["prompt_id"])`

const textPython = (url: string) => `import base64, os
import requests

answer = requests.post(
    ${quoted(`${url}/sdapi/v1/txt2img`)},
    json=${request},
    headers={"Authorization": "Bearer " + os.environ["${keyVariable}"]},
    timeout=600,
)
answer.raise_for_status()
with open("out.png", "wb") as file:
    file.write(base64.b64decode(answer.json()["images"][0]))`

const post = (address: string, body: string) => `const answer = await fetch(${quoted(address)}, {
  method: 'POST',
  headers: { authorization: \`Bearer \${process.env.${keyVariable}}\`, 'content-type': 'application/json' },
  body: JSON.stringify(${body}),
})
if (!answer.ok) throw new Error(\`\${answer.status} \${await answer.text()}\`)`

const graphJavascript = (url: string) => `import { readFile } from 'node:fs/promises'

const prompt = JSON.parse(await readFile('workflow_api.json', 'utf8'))
${post(`${url}/prompt`, '{ prompt }')}
console.log((await answer.json()).prompt_id)`

const textJavascript = (url: string) => `import { writeFile } from 'node:fs/promises'

${post(`${url}/sdapi/v1/txt2img`, request)}
const { images } = await answer.json()
await writeFile('out.png', Buffer.from(images[0], 'base64'))`

const graphClient = (url: string, name: string) => `import os
# pip install comfy_api_simplified
from comfy_api_simplified import ComfyApiWrapper, ComfyWorkflowWrapper

# Any name; the key is the password.
api = ComfyApiWrapper(${quoted(url)}, ${quoted(name)}, os.environ["${keyVariable}"])
workflow = ComfyWorkflowWrapper("workflow_api.json")
for file_name, image in api.queue_and_wait_images(workflow, "Save Image").items():
    with open(file_name, "wb") as file:
        file.write(image)`

function textClient(url: string, name: string): string {
  const { hostname, port, protocol } = new URL(url)
  const isSecure = protocol === 'https:'
  const host = `host=${quoted(hostname)}, port=${port || (isSecure ? '443' : '80')}${isSecure ? ', use_https=True' : ''}`
  return `import os
from webuiapi import WebUIApi  # pip install webuiapi

api = WebUIApi(${host})
api.set_auth(${quoted(name)}, os.environ["${keyVariable}"])  # any name; the key is the password
api.txt2img(prompt="lighthouse at dusk", steps=8, cfg_scale=1).image.save("out.png")`
}
