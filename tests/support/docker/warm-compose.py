"""Debian's docker-compose 1.29 for the tests, without loading Python's modules at every call: half a second each.

`serve PROGRAM SOCKET` loads the program's modules once and forks a child for every call; it ends with its standard
input. `call PROGRAM SOCKET ARGUMENTS…` hands its arguments, environment, folder and the three standard files to such a
child, and ends as that does: with its exit code, or by its signal. A call that is ended ends its child. What the child runs is the
program itself: `main` of its entry point, as `docker-compose` calls it.
"""
import json
import os
import signal
import socket
import struct
import sys

length = struct.Struct("!I")


def received(connection, size):
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def call(program, place, arguments):
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(place)
    except OSError:
        os.execv(program, [program, *arguments])
    asked = json.dumps({"arguments": arguments, "environment": dict(os.environ), "folder": os.getcwd()}).encode()
    socket.send_fds(connection, [length.pack(len(asked))], [0, 1, 2])
    connection.sendall(asked)
    (pid,) = length.unpack(received(connection, length.size))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: os.kill(pid, number))
    (status,) = length.unpack(received(connection, length.size))
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        signal.signal(number, signal.SIG_DFL) if number != signal.SIGKILL else None
        os.kill(os.getpid(), number)
    sys.exit(os.WEXITSTATUS(status))


def run(asked, files, program, main):
    """In the child: becomes what the caller would have started."""
    os.setsid()
    for number, file in enumerate(files):
        os.dup2(file, number)
    os.closerange(3, 256)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    sys.argv = [program, *asked["arguments"]]
    code = 1
    try:
        code = main()
    except SystemExit as error:
        code = error.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


def answer(connection, program, main):
    """In a process of its own for each call: starts the child and tells how it ended; ends it when the caller is gone."""
    head, files, _, _ = socket.recv_fds(connection, length.size, 3)
    asked = json.loads(received(connection, length.unpack(head)[0]))
    pid = os.fork()
    if pid == 0:
        connection.close()
        run(asked, files, program, main)
    for file in files:
        os.close(file)
    connection.sendall(length.pack(pid))
    watcher = os.fork()
    if watcher == 0:
        for number in (0, 1, 2):
            os.close(number)
        try:
            received(connection, 1)
        except EOFError:
            pass
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    os.kill(watcher, signal.SIGKILL)
    os.waitpid(watcher, 0)
    try:
        connection.sendall(length.pack(status))
    except BrokenPipeError:
        pass
    os._exit(0)


def serve(program, place):
    from importlib.metadata import distribution

    found = [each for each in distribution("docker-compose").entry_points if each.name == "docker-compose"]
    main = found[0].load()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(place)
    listener.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    parent = os.getppid()
    if os.fork() == 0:
        sys.stdin.buffer.read()
        os.kill(os.getppid(), signal.SIGTERM)
        os._exit(0)
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listener.close()
            answer(connection, program, main)
        connection.close()


if __name__ == "__main__":
    act, program, place, *rest = sys.argv[1:]
    serve(program, place) if act == "serve" else call(program, place, rest)
