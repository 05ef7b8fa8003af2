import { chromium } from 'playwright'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { chromiumLaunchOptions } from './browser.mjs'
import { findDocker } from './docker/find'
import { startHeadless } from './headless'
import { temporaryFolder } from './programs'
import { until } from './until'
const script = (name: string, err: boolean) => `
const C='\\x1b[';let n=0; const secret=process.env.FORGE_PASSWORD;
console.log(C+'1;32m[START]'+C+'0m Security scan'); console.log('For direct API calls, use token=$2b$12$'+'Iv'.repeat(26)+'a');
console.log('password is '+secret); console.error('WARNING: xformers is not installed, attention falls back'); console.error(C+'33mUserWarning'+C+'0m: torch.meshgrid');
console.error('Traceback (most recent call last):\\n  File "/app/main.py", line 12, in <module>\\n    run()\\nRuntimeError: CUDA error: out of memory');
console.log('✅ Modèle chargé : qwen_image_edit_2509_fp8_e4m3fn.safetensors'); console.log('x'.repeat(300)+' a long line that goes on');
console.log(C+'38;5;208morange '+C+'36mcyan '+C+'35mmagenta '+C+'7minverse'+C+'0m');
const t=()=>{ for(let i=0;i<3;i++) console.log('${name} got prompt, sampling step '+(n++)+'/20'); const e=Date.now()+(n%60<30?100:10); while(Date.now()<e); setTimeout(t,300)}; t();
process.on('SIGTERM',()=>process.exit(0))`
export async function shots() {
  const { docker } = await findDocker(); if (!docker) throw new Error('no docker')
  await using folder = await temporaryFolder('regie-h5-')
  const project = 'h5shots'
  const file = path.join(folder.path, 'compose.yaml')
  await writeFile(file, `name: ${project}\nservices:\n  comfyui-qwen:\n    image: ${docker.image}\n  forge-turbo:\n    image: ${docker.image}\n  gone:\n    image: x\n`)
  const made = []
  for (const name of ['comfyui-qwen', 'forge-turbo']) {
    const container = await docker.client.createContainer({ Image: docker.image, name: `${project}-${name}`, Entrypoint: ['/bin/node', '-e'], Cmd: [script(name, true)], Env: ['FORGE_PASSWORD=hunter22hunter22'], HostConfig: { NetworkMode: 'none', Memory: 300e6 },
      Labels: { 'com.docker.compose.project': project, 'com.docker.compose.service': name, 'com.docker.compose.container-number': '1', 'com.docker.compose.oneoff': 'False', 'com.docker.compose.project.working_dir': folder.path, 'com.docker.compose.project.config_files': file } })
    await container.start(); made.push(container)
  }
  const panel = await startHeadless({ demo: false, env: { DOCKER_HOST: docker.host } })
  const browser = await chromium.launch(chromiumLaunchOptions())
  try {
    await panel.client.system.changeSettings({ welcomed: true })
    for (const [id, kind] of [['comfyui-qwen', 'comfyui'], ['forge-turbo', 'forge'], ['gone', 'forge']] as const)
      await panel.client.services.create({ id, kind, runtime: 'compose', url: `http://127.0.0.1:${id.length}`, compose: { file, service: id, project } })
    await until('containers', async () => (await panel.client.services.get({ id: 'forge-turbo' })).container !== null)
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    page.on('console', (m) => { if (m.type() === 'error') console.log('console', m.text()) }); page.on('pageerror', (e) => console.log('pageerror', e.message))
    await page.goto(panel.signInLink); await page.locator('h1').first().waitFor()
    const go = async (hash: string) => { await page.evaluate((h) => { location.hash = h }, hash); await page.waitForTimeout(1500) }
    const shot = (n: string) => page.screenshot({ path: `/tmp/h5shots/${n}.png` })
    await go('#/services/comfyui-qwen/stats'); await page.waitForTimeout(12000); await shot('stats-dark')
    await go('#/services/comfyui-qwen/logs'); await shot('logs-dark')
    await page.getByLabel('Find in the log').fill('step'); await page.keyboard.press('Enter'); await page.keyboard.press('Enter'); await page.waitForTimeout(800)
    await page.locator('time').nth(3).click(); await page.waitForTimeout(500); await shot('logs-search-dark')
    await page.getByLabel('Find in the log').fill(''); await page.getByRole('button', { name: 'Wrap long lines' }).click(); await page.getByText('Errors').click(); await page.waitForTimeout(500); await shot('logs-errors-wrap')
    await go('#/services?view=logs'); await page.waitForTimeout(1000); await shot('all-dark')
    await go('#/services/gone/logs'); await shot('logs-none'); await go('#/services/gone/stats'); await shot('stats-none')
    await page.setViewportSize({ width: 1024, height: 700 }); await panel.client.system.changeSettings({ theme: 'light', language: 'fr' }); await page.waitForTimeout(800)
    await go('#/services/comfyui-qwen/logs'); await shot('logs-light-1024'); await go('#/services/comfyui-qwen/stats'); await shot('stats-light-1024'); await go('#/services?view=logs'); await shot('all-light-1024'); await go('#/services/comfyui-qwen'); await shot('overview-1024'); await go('#/services'); await shot('services-1024')
  } finally { await browser.close(); await panel.stop(); for (const m of made) await m.remove({ force: true, v: true }) }
}
