const page = (title: string, body: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<style>body{font:15px system-ui,sans-serif;background:#16181d;color:#e8eaee;display:grid;place-items:center;min-height:100vh;margin:0}
main{width:20rem}h1{font-size:1.2rem}input,button{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;margin:.25rem 0;border-radius:6px;border:1px solid #3a3f4a;background:#1f232b;color:inherit}
button{background:#3563e9;border:0}p{color:#9aa2b1}</style></head><body><main>${body}</main></body></html>`

const guestForm = `<form method="post" action="/login"><input type="hidden" name="guest_mode" value="1"><input type="hidden" name="password" value=""><button>Continue as guest</button></form>`

const form = (action: string, guests: boolean) => `<form method="post" action="/login">
<input name="username" placeholder="Username" autocomplete="username"><input name="password" type="password" placeholder="Password" autocomplete="current-password" required>
<button>${action}</button></form>${guests ? guestForm : ''}`

/** Shown while no password is set: whoever comes first chooses it. */
export const createPage = (guests: boolean) =>
  page(
    'ComfyUI Login',
    `<h1>Create your password</h1><p>Simulated ComfyUI with ComfyUI-Login.</p>${form('Create', guests)}`,
  )

export const signInPage = (wrong: boolean, guests: boolean) =>
  page(
    'ComfyUI Login',
    `<h1>Sign in</h1>${wrong ? '<p role="alert">Wrong password</p>' : ''}${form('Sign in', guests)}`,
  )

export const homePage = page(
  'ComfyUI',
  '<h1>Simulated ComfyUI</h1><p>This server speaks ComfyUI’s API and paints its pictures itself.</p>',
)
