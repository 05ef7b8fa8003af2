/** What Python prints when a thread dies of an exception, frames left out but the last. */
export const threadDeath = (worker: 'webui_worker' | 'api_only_worker', frame: string, words: string): string[] => [
  `Exception in thread Thread-2 (${worker}):`,
  'Traceback (most recent call last):',
  '  File "/usr/lib/python3.11/threading.py", line 1045, in _bootstrap_inner',
  '    self.run()',
  '  File "/usr/lib/python3.11/threading.py", line 982, in run',
  '    self._target(*self._args, **self._kwargs)',
  `  ${frame}`,
  words,
]

export const splitFailure = (parts: number): string =>
  `ValueError: ${parts > 2 ? 'too many' : 'not enough'} values to unpack (expected 2${parts > 2 ? '' : `, got ${parts}`})`

/** What a start says that finds its port taken, and goes on saying: nothing will ever listen (gradio, uvicorn). */
export const portTaken = ({ host, port, nowebui }: { host: string; port: number; nowebui: boolean }): string[] =>
  nowebui
    ? [`ERROR:    [Errno 98] error while attempting to bind on address ('${host}', ${port}): address already in use`]
    : threadDeath(
        'webui_worker',
        'File "gradio/http_server.py", line 154, in start_server',
        `OSError: Cannot find empty port in range: ${port}-${port}. You can specify a different port by setting the GRADIO_SERVER_PORT environment variable or passing the \`server_port\` parameter to \`launch()\`.`,
      )
