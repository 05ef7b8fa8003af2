/** The users' deployment in shape: two projects with what was found in theirs. No value in it is a real secret. */

const hash = '$2b$12$IvDUMMYdummyDUMMYdummyeDUMMYdummyDUMMYdummyDUMMYdummy'

export const comfyuiQwen = `version: '3.8'

services:
  # The image service.
  comfyui-qwen:
    image: python:3.11
    container_name: comfyui-qwen
    hostname: comfyui-qwen
    deploy:
      resources:
        reservations:
          devices:
            - driver: nvidia
              device_ids: ['\${GPU_DEVICE_ID:-0}']
              capabilities: [gpu]
    ports:
      - "\${COMFYUI_PORT:-8188}:8188"
    volumes:
      - type: bind
        source: \${COMFYUI_WORKSPACE_PATH:-./workspace}
        target: /workspace/ComfyUI
      - type: bind
        source: ../../shared/models
        target: /workspace/ComfyUI/models
      - type: bind
        source: ../../../.secrets/qwen-api-user.token
        target: /workspace/ComfyUI/.secrets/qwen-api-user.token
        read_only: true
      - type: bind
        source: ./entrypoint.sh
        target: /entrypoint.sh
    working_dir: /workspace/ComfyUI
    entrypoint: ["/bin/bash", "/entrypoint.sh"]
    environment:
      - CUDA_VISIBLE_DEVICES=\${CUDA_VISIBLE_DEVICES:-0}
      - NVIDIA_VISIBLE_DEVICES=\${NVIDIA_VISIBLE_DEVICES:-0}
      - COMFYUI_USERNAME=\${COMFYUI_USERNAME:-admin}
      - COMFYUI_PASSWORD=\${COMFYUI_PASSWORD:-}
      - HF_TOKEN=\${HF_TOKEN:-}
      - TZ=Europe/Paris
    healthcheck:
      test: ["CMD-SHELL", "code=$$(curl -s -o /dev/null -w '%{http_code}' http://localhost:8188/); [ \\"$$code\\" = \\"200\\" ] || [ \\"$$code\\" = \\"401\\" ]"]
      interval: 30s
    restart: unless-stopped
    labels:
      com.myia.gpu: rtx-3090

  comfyui-qwen-idle-monitor:
    image: idle-monitor:latest
    environment:
      COMFYUI_URL: http://comfyui-qwen:8188
      COMFYUI_AUTH_TOKEN: \${COMFYUI_BEARER_TOKEN}
    depends_on: # waits
      comfyui-qwen: { condition: service_healthy }
`

export const comfyuiEnv = `# ComfyUI\r
COMFYUI_PORT=8188\r
COMFYUI_USERNAME=admin\r
COMFYUI_PASSWORD=dummy-password\r
COMFYUI_BEARER_TOKEN=${hash}\r
QWEN_API_USER_TOKEN=${hash.slice(0, 57)}\r
GUEST_MODE_ENABLED=false\r
`

export const forgeTurbo = `services:
  forge-turbo:
    image: forge-turbo:custom-numpy-fix
    ports:
      - "\${FORGE_PORT:-17861}:17860"
      - "1111:1111"
    environment:
      - NVIDIA_VISIBLE_DEVICES=all
      - WEB_USER=\${FORGE_USER:-admin}
      - WEB_PASSWORD=\${FORGE_PASSWORD:-changeme-dummy}
      - FORGE_ARGS=--ui-settings-file config-turbo.json --api --api-log --listen --gradio-auth \${FORGE_USER:-admin}:\${FORGE_PASSWORD} --gpu-device-id 1 --xformers
    volumes:
      - ../../shared/models:/opt/storage/stable_diffusion/models
    deploy:
      resources:
        reservations:
          devices:
            - driver: nvidia
              count: 1
              capabilities: [gpu]
    restart: always
`

export const forgeEnv = `FORGE_PORT=17861
FORGE_USER=admin
FORGE_PASSWORD=dummy,password
`

export const dummyHash = hash
