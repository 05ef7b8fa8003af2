"""Starts Forge with its API and its pages behind one account, unless it would be open to everybody.

The account comes from the environment and goes into Forge's arguments inside this process, so that it stands in no
command line. It must not go through COMMANDLINE_ARGS either: Forge shows that variable to strangers, under
/internal/sysinfo; arguments named --api-auth and --gradio-auth it hides there.
"""

import os
import re
import sys

home = "/opt/forge"

# Configuration error, as sysexits.h has it.
EX_CONFIG = 78


def refuse(why):
    print(f"Forge was not started: {why}", file=sys.stderr)
    sys.exit(EX_CONFIG)


def account():
    """User name and password, joined as Forge takes them; children do not inherit them."""
    parts = []
    for name in ("FORGE_USER", "FORGE_PASSWORD"):
        value = os.environ.pop(name, "")
        if value == "":
            refuse(f"{name} is empty in .env; the server would be open.")
        if re.search(r"[:,\s]", value) or not value.isascii():
            refuse(f"{name} holds a blank, a comma, a colon or a letter outside ASCII, at which Forge breaks.")
        parts.append(value)
    return ":".join(parts)


def arguments():
    if os.environ.pop("COMMANDLINE_ARGS", "") != "":
        refuse("COMMANDLINE_ARGS is set; name further arguments in FORGE_ARGS.")
    given = os.environ.get("FORGE_ARGS", "").split()
    for argument in given:
        if re.match(r"--(api-auth|gradio-auth|nowebui|share|ngrok)", argument):
            refuse(f"{argument.split('=')[0]} cannot be given in FORGE_ARGS.")
    login = account()
    shared = os.path.join(home, "models", "checkpoints")
    return [
        "--api",
        *("--api-auth", login),
        *("--gradio-auth", login),
        "--listen",
        *("--port", "7860"),
        *("--ui-settings-file", "/settings/config.json"),
        *("--ui-config-file", "/settings/ui-config.json"),
        # A models folder that is shared with ComfyUI keeps its checkpoints there.
        *(("--ckpt-dir", shared) if os.path.isdir(shared) else ()),
        *given,
    ]


def main():
    os.chdir(home)
    sys.path.insert(0, home)
    sys.argv = ["webui.py", *arguments()]
    # What launch.py does after it has prepared everything, without its line that prints all arguments.
    import webui
    from modules_forge import main_thread

    webui.webui()
    main_thread.loop()


if __name__ == "__main__":
    main()
