"""comfy-api-simplified against an address, unmodified: prints a line of JSON for each thing that it is asked to do.

The key comes in REGIE_KEY, never as an argument."""

import json
import os
import sys

from comfy_api_simplified import ComfyApiWrapper, ComfyWorkflowWrapper


def graph(prefix):
    return ComfyWorkflowWrapper(
        {
            "1": {
                "class_type": "EmptyImage",
                "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": 3368601},
                "_meta": {"title": "Square"},
            },
            "2": {
                "class_type": "SaveImage",
                "inputs": {"images": ["1", 0], "filename_prefix": prefix},
                "_meta": {"title": "Save Image"},
            },
        }
    )


def main(url):
    api = ComfyApiWrapper(url, user="maya", password=os.environ["REGIE_KEY"])

    def images():
        made = api.queue_and_wait_images(graph("comfy-simplified"), "Save Image")
        return sum(content[:8] == b"\x89PNG\r\n\x1a\n" for content in made.values())

    def upload():
        sent = api.upload_image(__file__.replace("comfy_simplified.py", "square.png"), subfolder="regie-clients")
        return sent["name"] != ""

    tasks = {
        "queue a graph, wait over the WebSocket, fetch its image": lambda: images() == 1,
        "read the queue": lambda: "queue_running" in api.get_queue(),
        "read a class": lambda: "KSampler" in api.get_object_info("KSampler"),
        "read the system": lambda: "devices" in api.get_system_stats(),
        "read embeddings": lambda: isinstance(api.get_embeddings(), list),
        "upload a picture": upload,
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
        ComfyApiWrapper(url, user="maya", password="rk_" + "A" * 36).get_queue()
    except Exception:
        return True
    return False


main(sys.argv[1])
