"""Runs a notebook's code cells in its Jupyter kernel, for package notebook.

One JSON line on stdin says what to run; a JSON line on stdout tells of each
thing that happens. The notebook file is written anew after every cell, so
whatever ends this, what ran is on disk. When stdin closes, the running cell
is interrupted and the kernel ends: that is how our parent stops us, and it
also happens when the parent is killed.
"""

import asyncio
import json
import os
import re
import signal
import sys
import threading
import time

# jsonschema's grammar of internet addresses takes longer to load than all else
# here, and no notebook's schema asks for one: it goes without where it is missing.
sys.modules["rfc3987_syntax"] = None

import nbformat
import psutil
from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

PATIENCE = 6  # seconds that an interrupted cell gets; GoNB kills it after 5
READ = {"x86_64": "0", "aarch64": "63"}.get(os.uname().machine)  # the system call's number
NO_INPUT = "the cell reads its standard input, and a run has none"
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def tell(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)


class Client(NotebookClient):
    """A client that passes on the text of updatable displays, which are the
    progress of a cell."""

    def process_message(self, msg, cell, cell_index):
        content = msg["content"]
        if (content.get("transient") or {}).get("display_id"):
            text = content["data"].get("text/plain")
            if text:
                tell("progress", cell=cell_index, text=text)
        return super().process_message(msg, cell, cell_index)


def save(nb, path):
    part = path + ".part"
    nbformat.write(nb, part)
    os.replace(part, path)


def merge_streams(outputs):
    """Joins neighbouring texts of one stream, as a notebook shows them: how a
    program's text was cut into messages is chance."""
    merged = []
    for out in outputs:
        last = merged[-1] if merged else None
        if last and out.output_type == last.output_type == "stream" and out.name == last.name:
            last.text += out.text
        else:
            merged.append(out)
    return merged


def error_text(cell):
    """What went wrong, in the words of whoever found it: a sentence, or the
    compiler's messages with their lines in the cell."""
    error = next(o for o in cell.outputs if o.output_type == "error")
    messages = []
    # GoNB gives one traceback entry a line of the compiler's text.
    for line, context in zip(error.evalue.split("\n"), error.traceback):
        place = re.match(r"Cell(?:\[(\d+)\])?:? Line (\d+)", ESCAPES.sub("", context))
        message = re.sub(r"^\S*main\.go:\d+:\d+: ", "", line).strip()
        if not message or message.startswith("# "):
            continue
        if place:
            other = place[1] and int(place[1]) != cell.execution_count
            message = f"{f'cell [{place[1]}], ' if other else ''}line {place[2]}: {message}"
        messages.append(message)
    return "\n".join(messages) or error.evalue.strip()


def kill_session(leader):
    """Ends what a dead kernel leaves behind (gopls, a cell's program): all
    that is in the session that the kernel was started in. The engine is in a
    session of its own and goes on."""
    for pid in psutil.pids():
        try:
            if os.getsid(pid) == leader:
                os.kill(pid, signal.SIGKILL)
        except OSError:
            pass  # gone already, or not ours


def reads_input(leader):
    """Reports whether a cell's program waits for input: a process of the
    kernel's session whose program lies in our temporary folder, and that reads
    its standard input, which nobody will ever write to."""
    temp = os.path.realpath(os.environ["TMPDIR"])
    for pid in psutil.pids():
        try:
            if os.getsid(pid) != leader or not os.readlink(f"/proc/{pid}/exe").startswith(temp):
                continue
            with open(f"/proc/{pid}/environ", "rb") as f:
                if b"FRAGILITY_HEAR_CRASHES=" in f.read():
                    continue  # it reads what the cell's program says
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/syscall") as f:
                    call = f.read().split()
                if call[:2] == [READ, "0x0"]:
                    return True
        except OSError:
            pass  # it has ended, or is not ours to look at
    return False


async def input_wanted(leader):
    """Waits until a cell has waited for input for two seconds."""
    seen = 0
    while seen < 2:
        await asyncio.sleep(1)
        seen = seen + 1 if reads_input(leader) else 0


async def start_kernel(client, name):
    """Starts a kernel for a client and gives its manager. Jupyter looks for free
    ports first and hands them over: where another program took one in between, the
    kernel ends before its first word, and another one finds others."""
    for attempt in range(3):
        client.km = manager = AsyncKernelManager(kernel_name=name)  # its ports are its own
        await client.async_start_new_kernel()
        leader = manager.provisioner.pid
        try:
            await client.async_start_new_kernel_client()
            return manager, leader
        except RuntimeError:  # the client has let go of its manager
            kill_session(leader)
            await manager.cleanup_resources()
            if attempt == 2:
                raise


async def run(job, stop):
    nb = nbformat.read(job["path"], as_version=4)
    client = Client(
        nb,
        km=AsyncKernelManager(kernel_name=job["kernel"]),  # a client that is given one leaves its end to us
        timeout=None,
        record_timing=False,
        resources={"metadata": {"path": job["cwd"]}},
    )
    manager, leader = await start_kernel(client, job["kernel"])
    try:
        info = await client.async_wait_for_reply(client.kc.kernel_info())
        nb.metadata["language_info"] = info["content"]["language_info"]
        for index, cell in enumerate(nb.cells):
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            if stop.is_set():
                tell("interrupted", cell=index)
                return
            tell("started", cell=index)
            begin = time.monotonic()
            work = asyncio.ensure_future(client.async_execute_cell(cell, index))
            stopped = asyncio.ensure_future(stop.wait())
            wanted = asyncio.ensure_future(input_wanted(leader))
            await asyncio.wait({work, stopped, wanted}, return_when=asyncio.FIRST_COMPLETED)
            error = NO_INPUT if wanted.done() and not work.done() else None
            if not work.done():
                await manager.interrupt_kernel()
                await asyncio.wait({work}, timeout=PATIENCE)
            stopped.cancel()
            wanted.cancel()
            try:
                if work.done():
                    work.result()
            except CellExecutionError:
                error = error or error_text(cell)
            except DeadKernelError:
                error = "the kernel died"
                cell.outputs.append(
                    nbformat.v4.new_output("error", ename="DeadKernel", evalue=error, traceback=[error])
                )
            finally:
                cell.outputs = merge_streams(cell.outputs)
                save(nb, job["path"])
            if stop.is_set():
                tell("interrupted", cell=index)
                return
            if error:
                tell("failed", cell=index, text=error)
                return
            tell("finished", cell=index, seconds=time.monotonic() - begin)
        tell("complete")
    finally:
        try:
            if await manager.is_alive():
                await asyncio.wait_for(manager.shutdown_kernel(now=stop.is_set()), timeout=PATIENCE)
        finally:
            kill_session(leader)
            await manager.cleanup_resources()
            save(nb, job["path"])


async def main():
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # our parent decides
    job = json.loads(sys.stdin.readline())
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def wait_for_end():
        sys.stdin.read()
        loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait_for_end, daemon=True).start()
    await run(job, stop)


asyncio.run(main())
