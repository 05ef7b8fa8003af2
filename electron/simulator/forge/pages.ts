const page = (config: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Stable Diffusion</title>
<script>window.gradio_config = ${config};</script></head>
<body><gradio-app></gradio-app><p>Simulated Stable Diffusion WebUI Forge</p></body></html>`

/** The web interface; its answer has the same status as the login page's. */
export const appPage = page('{"version":"4.40.0","mode":"blocks","title":"Stable Diffusion"}')

export const loginPage = page('{"auth_required":true,"auth_message":null,"space_id":null,"root":""}')
