"""Starts Forge Neo with its API and its pages behind one account, unless it would be open to everybody.

The account comes from the environment and goes into Forge's arguments inside this process, so that it stands in no
command line. It must not go through COMMANDLINE_ARGS either: Forge shows that variable to strangers, under
/internal/sysinfo; arguments named --api-auth and --gradio-auth it hides there.
"""

import os
import pathlib
import re
import sys

home = "/opt/forge"

# A ComfyUI installation or its models folder, mounted for reading; an empty folder where none is shared.
comfy = "/comfyui"
comfy_folders = ("checkpoints", "diffusion_models", "unet", "clip", "text_encoders", "loras", "vae")

# Configuration error, as sysexits.h has it.
EX_CONFIG = 78


def refuse(why):
    print(f"Forge Neo was not started: {why}", file=sys.stderr)
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
        # The extensions tab would let anybody who is signed in run code of his own in here. What is shortened counts too.
        if re.match(r"--(api-a|gradio-au|now|sh|ng|enable-i)", argument):
            refuse(f"{argument.split('=')[0]} cannot be given in FORGE_ARGS.")
    login = account()
    return [
        "--api",
        *("--api-auth", login),
        *("--gradio-auth", login),
        "--listen",
        *("--port", "7860"),
        *("--ui-settings-file", "/settings/config.json"),
        *("--ui-config-file", "/settings/ui-config.json"),
        *(("--forge-ref-comfy-home", comfy) if is_shared() else ()),
        *given,
    ]


def is_shared():
    return any(os.path.isdir(os.path.join(comfy, *below, name)) for below in ((), ("models",)) for name in comfy_folders)


def main():
    os.chdir(home)
    sys.path.insert(0, home)
    sys.argv = ["webui.py", *arguments()]
    # What launch.py does after it has prepared everything, without its line that prints all arguments, and without its
    # question about settings of older versions, which nobody would answer here.
    from modules import launch_utils

    prepare = getattr(launch_utils, "setup_temp_dir", None)
    if prepare is not None:
        prepare()
    if is_shared():
        launch_utils.configure_comfy_reference(pathlib.Path(comfy))
    import webui
    from modules_forge import main_thread

    webui.webui()
    main_thread.loop()


if __name__ == "__main__":
    main()
