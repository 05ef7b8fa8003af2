import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deadWebThread } from '../../../electron/kinds/forge/web-thread'

/** As the real program printed it (commit dfdcbab6), paths replaced. */
const portTaken = `Running on local URL soon
Exception in thread Thread-3 (webui_worker):
Traceback (most recent call last):
  File "/usr/lib/python3.11/threading.py", line 1045, in _bootstrap_inner
    self.run()
  File "/app/webui.py", line 101, in webui_worker
    app, local_url, share_url = shared.demo.launch(
                                ^^^^^^^^^^^^^^^^^^^
  File "/venv/gradio/http_server.py", line 154, in start_server
    raise OSError(
OSError: Cannot find empty port in range: 17871-17871. You can specify a different port by setting GRADIO_SERVER_PORT.`

const withoutPages = `Startup time: 81.5s (launcher: 2.2s, import torch: 36.3s).
INFO:     Started server process [4107]
INFO:     Waiting for application startup.
INFO:     Application startup complete.
ERROR:    [Errno 98] error while attempting to bind on address ('127.0.0.1', 17872): address already in use
INFO:     Waiting for application shutdown.
INFO:     Application shutdown complete.`

const chained = `Exception in thread Thread-2 (api_only_worker):
Traceback (most recent call last):
  File "/app/webui.py", line 60, in api_only_worker
    first()
KeyError: 'a'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/modules/api/api.py", line 205, in __init__
    user, password = auth.split(":")
ValueError: too many values to unpack (expected 2)`

const words = /^OSError: Cannot find empty port in range: 17871-17871\./
const lines = (text: string) => text.split('\n')

describe('deadWebThread', () => {
  it('tells the last line of the thread’s traceback, on Windows too', () => {
    expect(deadWebThread(lines(portTaken))).toMatch(words)
    expect(deadWebThread(lines(portTaken).map((line) => `${line}\r`))).toMatch(words)
    expect(deadWebThread(lines(chained))).toBe('ValueError: too many values to unpack (expected 2)')
  })

  it('knows how uvicorn says that it could not bind, which Python does not announce', () => {
    expect(deadWebThread(lines(withoutPages))).toMatch(/^\[Errno 98\] error while attempting to bind on address/)
    const windows = `ERROR:    [Errno 10048] error while attempting to bind on address ('0.0.0.0', 7861): only one usage of each socket address is normally permitted`
    expect(deadWebThread([windows])).toMatch(/^\[Errno 10048\]/)
  })

  it('says nothing before the last line has come, of other threads, and of a life that is over', () => {
    expect(deadWebThread(lines(portTaken).slice(0, -1))).toBeNull()
    expect(deadWebThread(lines(portTaken.replace('webui_worker', 'MemUsageMonitor')))).toBeNull()
    expect(deadWebThread([...lines(portTaken), 'Launching Web UI with arguments: --api'])).toBeNull()
    expect(deadWebThread([...lines(portTaken), 'Startup time: 27.4s (launcher: 0.4s).'])).toBeNull()
  })

  it('finds it whatever stands around and between, and takes no time over it', () => {
    const noise = fc.array(fc.string({ maxLength: 200 }).filter((line) => /^(?![A-Za-z_]|ERROR:)/.test(line)))
    fc.assert(
      fc.property(noise, noise, (before, between) => {
        const [head = '', ...rest] = lines(portTaken).slice(1)
        expect(deadWebThread([...before, head, ...between, ...rest, ...between])).toMatch(words)
      }),
    )
    const long = Array.from({ length: 400 }, () => `Exception in thread ${'('.repeat(5_000)}`)
    const began = performance.now()
    expect(deadWebThread(long)).toBeNull()
    expect(performance.now() - began).toBeLessThan(5_000)
  })
})
