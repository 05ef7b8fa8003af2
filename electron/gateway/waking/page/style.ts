import { colours } from '../../admission/page/style'

/** The tokens of the panel (renderer/ui/theme/tokens.css) that the other pages of the gateway have no use for. */
const more = `:root{--track:#dedede;--bar:#3566d6;--line-strong:#c9c9c9}
@media (prefers-color-scheme:dark){:root{--track:#2a2a2a;--bar:#6f9bff;--line-strong:#3d3d3d}}`

/** The style sheet of the waking page. It has no animation but the ring of the rung in progress. */
export const style = `${colours}${more}
*{box-sizing:border-box}
html{color-scheme:light dark;-webkit-text-size-adjust:100%}
body{display:grid;grid-template:minmax(0,1fr) auto/minmax(0,1fr);place-items:center;min-height:100vh;margin:0;
background:var(--ground);color:var(--text-1);font:13px/1.5 'Inter Variable',Inter,system-ui,sans-serif;-webkit-font-smoothing:antialiased;font-variant-numeric:tabular-nums}
main{display:flex;flex-direction:column;align-items:center;gap:20px;width:min(560px,100%);padding:32px 24px;text-align:center;overflow-wrap:anywhere}
h1{margin:0;font-size:22px;font-weight:600;line-height:1.3;letter-spacing:-.018em}
p{margin:0}
h1:focus{outline:0}
[data-part]{width:100%}
[data-part]:empty{display:contents}
[data-part=below]{display:flex;flex-direction:column;gap:20px}
[data-part=below]:empty{display:none}
.hidden[data-part]{display:block;width:1px}
svg{flex:none}
.tile{display:grid;place-items:center;width:64px;height:64px;border:1px solid var(--line);border-radius:12px;background:var(--hover);color:var(--text-2)}
.lead{margin-top:6px;color:var(--text-2)}
.card{display:flex;flex-direction:column;gap:22px;width:100%;padding:20px 20px 16px;border:1px solid var(--line);border-radius:14px;background:var(--surface);text-align:left}
.line{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:2px 12px;margin-bottom:8px}
.line b{font-size:17px;font-weight:600}
.line span,.probe,.why,.place span span{color:var(--text-3);font-size:12px}
progress{display:block;width:100%;height:6px;border:0;border-radius:3px;background:var(--track);overflow:hidden;appearance:none}
progress::-webkit-progress-bar{background:var(--track)}
progress::-webkit-progress-value{background:var(--bar);border-radius:3px}
progress::-moz-progress-bar{background:var(--bar);border-radius:3px}
ol{display:grid;grid-template-columns:repeat(5,1fr);margin:0;padding:0;list-style:none}
li{position:relative;display:flex;flex-direction:column;align-items:center;gap:4px;min-width:0;color:var(--text-3);font-size:11px;overflow-wrap:normal;line-height:1.4;text-align:center}
li:not(:first-child)::before{content:'';position:absolute;top:9px;right:calc(50% + 12px);left:calc(-50% + 12px);border-top:2px solid var(--line-control)}
li.next:not(:first-child)::before,li.failed:not(:first-child)::before{border-top-style:dotted;border-top-color:var(--line-strong)}
li>i{position:relative;z-index:1;display:grid;place-items:center;width:20px;height:20px;font-style:normal}
li>i::after{content:'';box-sizing:border-box;width:10px;height:10px;border:1.5px dashed var(--line-control);border-radius:50%}
li.done>i::after{content:'✓';width:14px;height:14px;border:0;background:var(--line-strong);color:var(--text-1);font-size:10px;font-weight:700;line-height:14px;text-align:center}
li.now>i::after{width:16px;height:16px;border:2px solid var(--accent);border-right-color:transparent}
li.failed>i::after{content:'!';width:16px;height:16px;border:0;background:var(--bad);color:var(--surface);font-size:11px;font-weight:700;line-height:16px;text-align:center}
li.failed{color:var(--bad);font-weight:600}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (prefers-reduced-motion:no-preference){li.now>i::after{animation:turn 1s linear infinite}}
@keyframes turn{to{transform:rotate(1turn)}}
.probe{padding-top:12px;border-top:1px solid var(--line);line-height:18px}
code{margin-right:6px;color:var(--text-2);font:12px/1.5 'JetBrains Mono Variable','JetBrains Mono',ui-monospace,monospace}
.place,.why{display:flex;align-items:center;gap:16px;width:100%;padding:0 20px;text-align:left}
.place>svg{color:var(--text-2)}
.place span{display:flex;flex-direction:column}
.place b{font-weight:550}
.why{gap:19px;padding:0 23px;line-height:18px}
.refusal{display:flex;flex-direction:column;gap:4px;color:var(--text-2)}
.bad{color:var(--bad);font-weight:550}
.open{display:inline-block;min-height:32px;padding:6px 16px;border-radius:6px;background:var(--accent-fill);color:#fff;font-weight:500;line-height:20px;text-decoration:none}
.cancel{min-height:32px;padding:6px 16px;border:0;border-radius:6px;background:none;color:var(--text-1);font:inherit;font-weight:550;cursor:pointer}
.cancel:hover{background:var(--hover)}
.cancel:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.open:hover{background:var(--accent-over)}
.open:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
footer{display:flex;flex-wrap:wrap;align-items:center;justify-content:center;gap:4px 14px;padding:20px;color:var(--text-3);font-size:12px;overflow-wrap:anywhere}
footer code{margin:0;color:inherit}
@media (width<=480px){main{padding-inline:16px}.card{padding-inline:14px}.open,.cancel{min-height:44px;padding-block:12px}}
@media (width<380px){ol{grid-template-columns:1fr;gap:6px}li{flex-direction:row}li:not(:first-child)::before{display:none}}
@media (forced-colors:active){li.done>i::after,li.failed>i::after{outline:1px solid CanvasText}}
`
