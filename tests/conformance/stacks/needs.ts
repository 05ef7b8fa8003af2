import type { StackId } from '../../../shared/contract'

/** One step of an installation: pip resolves each by itself, as the stack's Dockerfile does. */
export interface Step {
  name: string
  /** Where the program's own list lies; null where the Dockerfile names the packages. */
  url: string | null
  /** What is asked for: the words of the list as they were known, for a machine that does not reach it. */
  recorded: readonly string[]
}

const words = (text: string) => text.trim().split(/\s+/)

const comfyui = words(`
comfyui-frontend-package==1.53.6
comfyui-workflow-templates==0.11.73
comfyui-embedded-docs==0.5.12
torch
torchsde
torchvision
numpy>=1.25.0
einops
transformers>=4.50.3
tokenizers>=0.13.3
sentencepiece
safetensors>=0.4.2
aiohttp>=3.11.8
yarl>=1.18.0
pyyaml
Pillow
scipy
tqdm
psutil
alembic
SQLAlchemy>=2.0.0
filelock
av>=17.0.0
comfy-kitchen==0.2.36
comfy-aimdo==0.5.5
requests
simpleeval>=1.0.0
blake3
kornia>=0.7.1
spandrel
pydantic~=2.0
pydantic-settings~=2.0
PyOpenGL>=3.1.8
comfy-angle
`)

/** As read in November 2026: of the branch, after 2.28.1. */
const forgeNeo = words(`
GitPython==3.1.57
Pillow==12.3.0
accelerate==1.14.0
audioop-lts==0.2.2;python_version>="3.13"
av==19.0.1
comfy-kitchen==0.2.37
diffusers==0.37.1
diskcache==5.6.3
einops==0.8.2
facexlib==0.3.0
fastapi==0.127.1
httpx==0.28.1
huggingface-hub==0.36.2
inflection==0.5.1
joblib==1.5.3
kornia==0.6.12
lark==1.3.1
numpy==2.3.5
omegaconf==2.3.1
opencv-python==5.0.0.93
piexif==1.1.3
pillow-heif==1.5.0
pillow-jxl-plugin==1.3.8
protobuf==4.25.9
psutil==7.2.2
pydantic-core==2.27.2
pydantic==2.10.6
pyyaml==6.0.3
rich==14.3.4
safetensors==0.8.0
scikit-image==0.25.2
spandrel-extra-arches==0.2.0
spandrel==0.4.2
torchsde==0.2.6
tqdm==4.70.0
transformers==4.57.6
torch
`)

const raw = 'https://github.com'

/** What each stack that has constraints installs, at the states that its compose.yaml names. */
export const needs: Partial<Record<StackId, readonly Step[]>> = {
  'comfyui-qwen': [
    { name: 'ComfyUI', url: `${raw}/Comfy-Org/ComfyUI/raw/v0.38.1/requirements.txt`, recorded: comfyui },
    {
      name: 'ComfyUI-Manager',
      url: `${raw}/Comfy-Org/ComfyUI/raw/v0.38.1/manager_requirements.txt`,
      recorded: ['comfyui-manager>=4.2,<5'],
    },
    {
      name: 'ComfyUI-Login',
      url: `${raw}/liusida/ComfyUI-Login/raw/69109257f4629a11ebe26cd65667536c4f8dddcb/requirements.txt`,
      recorded: ['aiohttp', 'aiohttp_session[secure]', 'Jinja2', 'bcrypt', 'pycryptodome'],
    },
  ],
  'forge-neo': [
    // CLIP itself comes from its repository, without what it asks for.
    { name: 'CLIP', url: null, recorded: ['ftfy', 'packaging', 'regex', 'setuptools<82', 'wheel'] },
    {
      name: 'Gradio',
      url: null,
      recorded: ['gradio==4.40.0', 'gradio_imageslider==0.0.20', 'gradio_rangeslider==0.0.6'],
    },
    {
      name: 'Forge Neo',
      url: `${raw}/Haoming02/sd-webui-forge-classic/raw/2.28.1/requirements.txt`,
      recorded: forgeNeo,
    },
  ],
}
