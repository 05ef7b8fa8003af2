/** The operating systems that the panel gives instructions for. */
export type DockerPlatform = 'linux' | 'windows' | 'macos'

/** What mends a Docker that is not there, does not run, or may not be used: to be copied into a terminal. */
export const dockerCommands = {
  install: {
    linux: 'curl -fsSL https://get.docker.com | sudo sh',
    windows: 'winget install Docker.DockerDesktop',
    macos: 'brew install --cask docker-desktop',
  },
  start: {
    linux: 'sudo systemctl enable --now docker',
    windows: "Start-Process 'C:\\Program Files\\Docker\\Docker\\Docker Desktop.exe'",
    macos: 'open -a Docker',
  },
  /** For PowerShell, opened as administrator, on Windows. A Mac's socket belongs to whoever started Docker. */
  permission: {
    linux: 'sudo usermod -aG docker $USER',
    windows: 'net localgroup docker-users $env:USERNAME /add',
    macos: null,
  },
} as const satisfies Record<string, Record<DockerPlatform, string | null>>
