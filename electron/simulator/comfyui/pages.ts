const escape = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)

/** `/old_css/style.css`: the look of the sign-in page. */
export const loginStyle = `body{font:15px system-ui,sans-serif;background:#16181d;color:#e8eaee;display:grid;place-items:center;min-height:100vh;margin:0}
main{width:20rem}h1{font-size:1.2rem}input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;margin:.25rem 0;border-radius:6px;border:1px solid #3a3f4a;background:#1f232b;color:inherit}
input[type=submit],input[type=button]{background:#3563e9;border:0}p{color:#9aa2b1}
`

const page = (title: string, body: string) => `<!DOCTYPE html>
<html lang="en"><head><meta charset="UTF-8"><title>${title}</title>
<link rel="stylesheet" type="text/css" href="./old_css/style.css" /></head><body><main>${body}</main></body></html>`

export interface LoginPage {
  /** No password is set: whoever comes first chooses it. */
  isFirst: boolean
  /** null: the PASSWORD file holds no name. */
  username: string | null
  wasWrong: boolean
  guests: boolean
}

const nameField =
  '<label>Username:</label><input type="text" id="username" name="username" placeholder="Enter username" required>'

/**
 * The one page of ComfyUI-Login, with the words, fields and names that a client may look for. The hidden field of guest
 * mode is always there; only its button says that guests are welcome.
 */
export function loginPage({ isFirst, username, wasWrong, guests }: LoginPage): string {
  const wantsName = !isFirst && username === null
  const greeting = isFirst
    ? 'For your first login, please enter a new username and password.'
    : `Welcome back, ${escape(username ?? 'None')}!`
  return page(
    'ComfyUI Login',
    `<h1>ComfyUI Login</h1><p>Simulated ComfyUI with ComfyUI-Login.</p>
${wasWrong ? '<p role="alert">Wrong Password.</p>' : ''}${wantsName ? '<p>Please also set a username.</p>' : ''}<p>${greeting}</p>
<form action="/login" method="post" id="form_login">
<input type="hidden" id="guest_mode" name="guest_mode">
${isFirst || wantsName ? nameField : ''}
<label>Password:</label><input type="password" id="password" name="password" placeholder="Enter password" required>
<input type="submit" value="Login">
${guests ? `<input type="button" value="Guest Mode" onclick="document.getElementById('guest_mode').value='1';document.getElementById('form_login').submit();">` : ''}
</form>`,
  )
}

export const homePage = page(
  'ComfyUI',
  '<h1>Simulated ComfyUI</h1><p>This server speaks ComfyUI’s API and paints its pictures itself.</p>',
)
