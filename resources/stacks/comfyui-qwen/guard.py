"""Ends ComfyUI before it listens, unless ComfyUI-Login asks every caller. ComfyUI itself goes on without a node that it
could not load, and would then be open to everybody."""

import os
import sys

from server import PromptServer

login = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ComfyUI-Login", "password.py")

# Configuration error, as sysexits.h has it.
EX_CONFIG = 78


def file_of(handler):
    return getattr(getattr(handler, "__code__", None), "co_filename", "")


async def end_if_open(app):
    if any(os.path.realpath(file_of(one)) == os.path.realpath(login) for one in app.middlewares):
        return
    print("ComfyUI was ended before it listened: ComfyUI-Login was not loaded; see its error above.", file=sys.stderr)
    sys.stderr.flush()
    os._exit(EX_CONFIG)


# Called after all nodes are loaded and before the port is opened.
PromptServer.instance.app.on_startup.append(end_if_open)

NODE_CLASS_MAPPINGS = {}
