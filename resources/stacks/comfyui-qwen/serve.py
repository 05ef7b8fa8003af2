"""Starts ComfyUI, unless it would be open to everybody."""

import base64
import datetime
import os
import sys

home = "/opt/ComfyUI"
password_file = os.path.join(home, "login", "PASSWORD")
session_key = os.path.join(home, "custom_nodes", "ComfyUI-Login", ".secret-key.txt")
login_node = os.path.join(home, "custom_nodes", "ComfyUI-Login", "password.py")
own_nodes = os.path.join(home, "own_nodes")

# --disable-all-custom-nodes and --base-directory: ComfyUI would start without its login. Both as far as they may be
# shortened.
forbidden = ("--disable-al", "--ba")

# Configuration error, as sysexits.h has it.
EX_CONFIG = 78


def refuse(why):
    print(f"ComfyUI was not started: {why}", file=sys.stderr)
    sys.exit(EX_CONFIG)


def first_line(file):
    with open(file, encoding="utf-8") as lines:
        return lines.readline().strip()


def check_session_key():
    """With a key that it cannot read ComfyUI-Login is not loaded, and ComfyUI goes on without it."""
    try:
        with open(session_key, encoding="utf-8") as lines:
            key, made = lines.read().split(",")
        datetime.datetime.fromisoformat(made)
        if len(base64.urlsafe_b64decode(key)) != 32:
            raise ValueError
    except FileNotFoundError:
        return
    except PermissionError:
        refuse("login/.secret-key.txt cannot be read. Make it readable for the user that RUN_AS in .env names.")
    except (OSError, ValueError):
        refuse("login/.secret-key.txt is damaged; the login would not be loaded. Delete it, or write the sink again.")


def check_own_nodes():
    """Two of the login want the same routes; whichever is loaded second fails."""
    try:
        names = os.listdir(own_nodes)
    except FileNotFoundError:
        return
    except OSError:
        refuse("custom_nodes cannot be read. Make it readable for the user that RUN_AS in .env names.")
    for name in names:
        if os.path.isfile(os.path.join(own_nodes, name, "password.py")) and "login" in name.lower():
            refuse(f"custom_nodes/{name} is a second ComfyUI-Login. The image has it: move this one away.")


def given_arguments():
    given = os.environ.get("COMFYUI_ARGS", "").split()
    for argument in given:
        name = argument.split("=")[0]
        if name.startswith(forbidden):
            refuse(f"{name} in COMFYUI_ARGS would switch ComfyUI-Login off.")
    return given


def manager():
    """ComfyUI-Manager is in the image and off; what it may install stands in its own settings."""
    value = os.environ.get("COMFYUI_MANAGER", "").strip().lower()
    if value in ("", "no"):
        return []
    if value == "yes":
        return ["--enable-manager"]
    refuse("COMFYUI_MANAGER in .env is neither yes nor no.")


def main():
    if not os.path.isfile(login_node):
        refuse("ComfyUI-Login is missing from the image. Build it again.")
    if os.path.isdir(password_file):
        refuse("login/PASSWORD is a folder. Remove it and write the credential's file again.")
    try:
        token = first_line(password_file)
    except FileNotFoundError:
        refuse("login/PASSWORD is missing; whoever came first could choose the password.")
    except PermissionError:
        refuse("login/PASSWORD cannot be read. Make it readable for the user that RUN_AS in .env names.")
    if token == "":
        refuse("login/PASSWORD is empty; an empty token would open everything.")
    check_session_key()
    check_own_nodes()
    arguments = ["--listen", "0.0.0.0", "--port", "8188", "--preview-method", "auto"]
    arguments += ["--extra-model-paths-config", "/opt/regie/own_nodes.yaml", *manager(), *given_arguments()]
    os.chdir(home)
    os.execv(sys.executable, [sys.executable, "main.py", *arguments])


if __name__ == "__main__":
    main()
