"""Healthy is: it answers, and refuses who comes without a credential. Needs no secret, and prints none."""

import http.client
import os
import sys

port = int(os.environ.get("HEALTHCHECK_PORT", "7860"))

# The API, which --api-auth guards, and the pages, which --gradio-auth guards. The page at / answers 200 either way.
surfaces = ("/sdapi/v1/options", "/config")


def ask(path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=8)
    try:
        connection.request("GET", path, headers={"Accept": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location") or ""
    finally:
        connection.close()


def verdict(status, location):
    """What an answer without a credential means: whether it is right, and in words."""
    if status == 401:
        return True, "guarded: 401 without a credential"
    if status in (301, 302, 303, 307, 308):
        if location.split("?")[0].endswith("/login"):
            return True, f"guarded by a login page: {status} to {location}"
        return False, f"sent elsewhere: {status} to {location}"
    if status == 200:
        return False, "OPEN: 200 without a credential"
    if status == 404:
        return False, "is not there: 404"
    return False, f"answers {status} without a credential, 401 was expected"


def main():
    try:
        for path in surfaces:
            right, words = verdict(*ask(path))
            if not right:
                print(f"GET {path}: {words}")
                return 1
        print(words)
        return 0
    except (OSError, http.client.HTTPException) as error:
        print(f"does not answer: {type(error).__name__}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
