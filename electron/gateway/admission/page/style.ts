/** The tokens of the panel (renderer/ui/theme/tokens.css) that these pages use. */
const dark = `--ground:#0e0e0e;--surface:#1b1b1b;--well:#0f0f0f;--hover:rgb(255 255 255/5%);--selected:rgb(255 255 255/8%);
--line:#2b2b2b;--line-control:#6b6b6b;--text-1:#ededed;--text-2:#b8b8b8;--text-3:#9a9a9a;--accent:#8fb3ff;
--accent-fill:#3566d6;--accent-over:#3f6fe0;--bad:#ff8a80`
const light = `--ground:#ececec;--surface:#fff;--well:#f8f8f8;--hover:rgb(0 0 0/4%);--selected:rgb(0 0 0/7%);
--line:#e1e1e1;--line-control:#8a8a8a;--text-1:#1b1b1b;--text-2:#4a4a4a;--text-3:#616161;--accent:#2353bf;
--accent-fill:#2c5fd0;--accent-over:#2453bd;--bad:#b4271f`

const layout = `
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%}
body{display:grid;grid-template:minmax(0,1fr) auto/minmax(0,1fr);place-items:center;min-height:100vh;margin:0;
background:var(--ground);color:var(--text-1);font:13px/1.5 'Inter Variable',Inter,system-ui,sans-serif;-webkit-font-smoothing:antialiased}
main{display:flex;flex-direction:column;gap:14px;width:min(440px,100% - 32px);margin:24px 0;padding:32px;
border:1px solid var(--line);border-radius:14px;background:var(--surface);overflow-wrap:anywhere}
header{display:flex;align-items:center;gap:16px;margin-bottom:8px}
header>div{min-width:0}
.tile{display:grid;place-items:center;flex:none;width:56px;height:56px;border:1px solid var(--line);border-radius:10px;background:var(--hover);color:var(--text-2)}
h1{margin:0;font-size:20px;font-weight:600;line-height:1.3;letter-spacing:-.018em}
p{margin:0}
svg{flex:none}
.address{display:flex;align-items:center;gap:6px;margin-top:3px;color:var(--text-2)}
code{font:12px/1.5 'JetBrains Mono Variable','JetBrains Mono',ui-monospace,monospace}
form{display:flex;flex-direction:column;gap:14px}
fieldset{display:flex;min-width:0;margin:0;padding:2px;border:1px solid var(--line-control);border-radius:6px;background:var(--well)}
.way{position:absolute;width:1px;height:1px;margin:0;opacity:0}
.seg{flex:1 1 0;padding:5px 8px;border-radius:4px;color:var(--text-2);font-weight:500;text-align:center;cursor:pointer}
.field{display:flex;flex-direction:column;gap:5px}
.field label{color:var(--text-2);font-size:12px;font-weight:500}
input[type=text],input[type=password]{width:100%;min-width:0;height:32px;padding:0 10px;border:1px solid var(--line-control);border-radius:6px;background:var(--well);color:var(--text-1);font:inherit}
.hint{color:var(--text-3);font-size:12px}
.note{display:flex;gap:10px;padding:10px 12px;border-radius:6px;background:var(--hover);color:var(--text-2)}
.note svg{margin-top:2px;color:var(--text-3)}
.note b{color:var(--text-1);font-weight:550}
.bad{color:var(--bad);font-size:12px}
[aria-invalid=true]{border-color:var(--bad)!important}
button,.open{display:block;width:100%;min-height:32px;padding:6px 12px;border:0;border-radius:6px;background:var(--accent-fill);color:#fff;font:500 13px/20px inherit;font-family:inherit;text-align:center;text-decoration:none;cursor:pointer}
button:hover,.open:hover{background:var(--accent-over)}
.help{display:flex;flex-direction:column;gap:6px;padding-top:14px;border-top:1px solid var(--line);color:var(--text-3);font-size:12px}
footer{display:flex;align-items:center;gap:14px;padding:20px;color:var(--text-3);font-size:12px}
a{color:var(--accent)}
:focus-visible,.way:focus-visible+.seg{outline:2px solid var(--accent);outline-offset:2px}
@media (width<480px){main{padding:24px 20px}}
@media (width<260px){header{flex-direction:column;align-items:flex-start;gap:10px}fieldset{flex-direction:column}}
@media (pointer:coarse){button,input[type=text],input[type=password]{min-height:44px}.seg{padding-block:10px}}
@media (forced-colors:active){.way:checked+.seg{outline:2px solid Highlight}}
`

/** Which of the two forms is seen follows the chosen way, without a script. */
const ways = `
.way:checked+.seg{background:var(--selected);color:var(--text-1)}
main:has(#by-password:checked) .by-key,main:has(#by-key:checked) .by-password{display:none}
`

/** A button that counts down and takes no pointer meanwhile. Who sends the form all the same is told to wait again. */
const waiting = (seconds: number) => `
@property --left{syntax:'<integer>';inherits:true;initial-value:0}
@keyframes left{from{--left:${seconds}}to{--left:0}}
@keyframes opened{to{opacity:1;pointer-events:auto}}
@keyframes gone{to{font-size:0}}
button{--left:${seconds};opacity:.6;pointer-events:none;animation:left ${seconds}s steps(${seconds},end) forwards,opened 0s ${seconds}s forwards}
button::after{counter-reset:left var(--left);content:' (' counter(left) ' s)';font-variant-numeric:tabular-nums;animation:gone 0s ${seconds}s forwards}
`

/** The colours by which every page of the gateway is drawn, light and dark. */
export const colours = `:root{${light}}@media (prefers-color-scheme:dark){:root{${dark}}}`

/** The style sheet of these pages; `waitS` is how long the button stays closed, in seconds. */
export const styleOf = (waitS: number): string => `${colours}${layout}${ways}${waitS > 0 ? waiting(waitS) : ''}`
