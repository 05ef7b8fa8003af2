"""webuiapi against an address, unmodified: prints a line of JSON for each thing that it is asked to do.

The key comes in REGIE_KEY, never as an argument."""

import json
import os
import sys
from urllib.parse import urlsplit

import webuiapi


def connect(url, key):
    at = urlsplit(url)
    api = webuiapi.WebUIApi(host=at.hostname, port=at.port, use_https=at.scheme == "https")
    api.set_auth("maya", key)
    return api


def main(url):
    api = connect(url, os.environ["REGIE_KEY"])
    made = {}

    def text():
        result = api.txt2img(prompt="a lighthouse", steps=2, width=64, height=64, seed=7)
        made["image"] = result.image
        return result.image.size == (64, 64) and result.info["seed"] == 7

    tasks = {
        "text to image": text,
        "image to image": lambda: api.img2img(
            images=[made["image"]], prompt="at dusk", steps=2, width=64, height=64, denoising_strength=0.5
        ).image.size
        == (64, 64),
        "read an image's parameters": lambda: "lighthouse" in str(api.png_info(made["image"]).info),
        "read progress": lambda: "progress" in api.get_progress(),
        "read models": lambda: len(api.util_get_model_names()) > 0,
        "read samplers": lambda: len(api.util_get_sampler_names()) > 0,
        "read schedulers": lambda: len(api.util_get_scheduler_names()) > 0,
        "read options": lambda: "sd_model_checkpoint" in api.get_options(),
        "read the memory": lambda: "ram" in api.get_memory(),
        "be refused with a wrong key": lambda: refused(url),
    }
    for task, run in tasks.items():
        try:
            ok, detail = run(), ""
        except Exception as error:  # each failure is a finding of its own
            ok, detail = False, f"{type(error).__name__}: {error}"
        print(json.dumps({"task": task, "ok": bool(ok), "detail": detail[:300]}), flush=True)


def refused(url):
    try:
        return "detail" in connect(url, "rk_" + "A" * 36).get_options()
    except Exception:
        return True


main(sys.argv[1])
