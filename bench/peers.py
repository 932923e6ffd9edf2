"""The training epochs of this project in PyTorch and in JAX, to time ours against.

    python bench/peers.py torch --cores 0 --threads 1

A process is one framework, with a fixed number of threads on given cores. It reads a JSON object a line on stdin and
answers with one a line on stdout; the first line, sent when the framework is loaded, is {"ready": true, "versions":
{...}}. A request has the fields of `Request`, all of them optional. The answer is {"seconds": wall time of the training
asked for, "steps": optimiser steps in it, "loss": their mean loss}, or {"error": ...}.

PyTorch is timed as one writes it (but for the kinds sparse and compiled): eager, torch.nn's layers and GRU cell, torch.optim.Adam as it comes, the loss of each
batch read with .item(). In JAX an epoch is one compiled lax.scan over the batches, with parameters and moments donated.

Deliberately the same in both, and in ours: float32; the data, four Gaussian clouds held in memory; a fresh permutation
an epoch, by which batches are indexed (a DataLoader would only slow PyTorch down); mean cross-entropy; Adam with
PyTorch's formula; masks that multiply the weights after each step and leave gradients and moments alone; gain and
inhibition written out, also where they are 1 (inputs of JAX's program, so the compiler cannot drop them); noise, if
asked for, from each framework's own generator. The last batch of an epoch is smaller; JAX, whose shapes are fixed, pads
it with samples of weight 0.

Deliberately not timed: imports, building, compiling and a warm-up (JAX: the compiled program once; PyTorch: two steps, or an epoch where it compiles, since the smaller last batch is
compiled for, too).
A network is trained further by each request that names it, so a repeated request times training alone.
"""

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

RATE, BETA1, BETA2, EPSILON = 1e-4, 0.9, 0.999, 1e-8
GAIN, INHIBITION, SIGMA = 1.0, 1.0, 0.5
INPUTS, CLASSES = 2, 4

# Trains that many steps, an epoch's at most, under a fresh permutation, and returns the sum of their losses.
Run = Callable[[int], float]


@dataclass(frozen=True)
class Request:
    network: str = "mlp"  # or "gru"
    kind: str = "dense"  # or "masked"; of PyTorch alone, "sparse", where torch.sparse has the live weights, and "compiled", masked too
    density: float = 1.0  # share of the weights that a mask keeps
    noise: bool = False  # SIGMA N(0,1) on hidden units (mlp), on the input of the cell at each step (gru)
    activation: str = "relu"  # or "tanh"
    samples: int = 12000
    batch: int = 128
    epochs: int = 3
    steps: int | None = None  # optimiser steps, instead of epochs
    hidden: tuple[int, ...] | None = None  # widths; one for a gru
    sequence: int = 20  # steps of a gru, which sees the same input at each

    def __post_init__(self) -> None:
        for name, known in (("network", "mlp gru"), ("kind", "dense masked sparse compiled"), ("activation", "relu tanh")):
            if getattr(self, name) not in known.split():
                raise ValueError(f"{name} takes one of {known}, not {getattr(self, name)!r}")
        hidden = tuple(self.hidden or ((512, 512, 256) if self.network == "mlp" else (384,)))
        object.__setattr__(self, "hidden", hidden)
        steps = 1 if self.steps is None else self.steps
        if min(self.samples, self.batch, self.epochs, steps, self.sequence, *hidden) < 1 or not 0 <= self.density <= 1:
            raise ValueError("counts and widths are at least 1, and density is in [0,1]")
        if self.network == "gru" and len(hidden) > 1:
            raise ValueError(f"hidden takes one width for a gru, not {hidden}")

    def lengths(self) -> list[int]:
        """The steps under each permutation."""
        epoch = math.ceil(self.samples / self.batch)
        whole, rest = divmod(self.steps or self.epochs * epoch, epoch)
        return [epoch] * whole + [rest] * (rest > 0)


def dataset(samples: int) -> tuple[np.ndarray, np.ndarray]:
    """x [samples, 2] float32 and labels [samples] int64."""
    rng = np.random.default_rng(0)
    labels = rng.integers(CLASSES, size=samples)
    centres = np.array([[-3, -3], [3, 3], [-3, 3], [3, -3]])
    return (centres[labels] + 0.8 * rng.standard_normal((samples, INPUTS))).astype(np.float32), labels


def mask(shape: tuple[int, ...], density: float, seed: int) -> np.ndarray:
    """float32, 1 where a weight stays."""
    return (np.random.default_rng([1, seed]).random(shape) < density).astype(np.float32)


def torch_training(r: Request) -> Run:
    import torch
    from torch import Tensor, nn

    torch.manual_seed(0)
    activate = getattr(torch, r.activation)

    class SparseLinear(nn.Module):
        """A Linear of which torch.sparse has the live weights, their values the parameter."""

        def __init__(self, inputs: int, outputs: int) -> None:
            super().__init__()
            whole = nn.Linear(inputs, outputs)
            self.bias, self.shape = whole.bias, (outputs, inputs)
            self.at = torch.from_numpy(mask(self.shape, r.density, outputs)).nonzero().T.contiguous()
            self.values = nn.Parameter(whole.weight.detach()[self.at[0], self.at[1]])

        def forward(self, h: Tensor) -> Tensor:
            w = torch.sparse_coo_tensor(self.at, self.values, self.shape, is_coalesced=True)
            return torch.sparse.mm(w, h.T).T + self.bias

    class SparseGRUCell(nn.Module):
        def __init__(self, inputs: int, units: int) -> None:
            super().__init__()
            self.input, self.state = nn.Linear(inputs, 3 * units), SparseLinear(units, 3 * units)

        def forward(self, u: Tensor, h: Tensor) -> Tensor:
            (reset_u, update_u, new_u), (reset_h, update_h, new_h) = self.input(u).chunk(3, 1), self.state(h).chunk(3, 1)
            update = torch.sigmoid(update_u + update_h)
            new = torch.tanh(new_u + torch.sigmoid(reset_u + reset_h) * new_h)
            return (1 - update) * new + update * h
    widths, layer = (INPUTS, *r.hidden), nn.Linear if r.network == "mlp" else nn.GRUCell
    if r.kind == "sparse":
        layer = SparseLinear if r.network == "mlp" else SparseGRUCell
    layers = nn.ModuleList(layer(a, b) for a, b in zip(widths, widths[1:]))
    out = nn.Linear(widths[-1], CLASSES)

    def mlp(h: Tensor) -> Tensor:
        for layer in layers:
            h = activate(layer(h))
            if r.noise:
                h = h + SIGMA * torch.randn_like(h)
            h = h * INHIBITION * GAIN
        return out(h)

    def gru(x: Tensor) -> Tensor:
        cell, h = layers[0], x.new_zeros(len(x), r.hidden[0])
        for _ in range(r.sequence):
            u = x * GAIN
            if r.noise:
                u = u + SIGMA * torch.randn_like(u)
            h = activate(cell(u, h) * INHIBITION)
        return out(h)

    x, y = map(torch.from_numpy, dataset(r.samples))
    model = mlp if r.network == "mlp" else gru
    if r.kind == "compiled":
        model = torch.compile(model)
    params = [*layers.parameters(), *out.parameters()]
    optimiser = torch.optim.Adam(params, lr=RATE, betas=(BETA1, BETA2), eps=EPSILON)
    weights = [p for p in params if p.ndim == 2] if r.kind in ("masked", "compiled") else []
    masks = [torch.from_numpy(mask(tuple(w.shape), r.density, i)) for i, w in enumerate(weights)]

    def apply_masks() -> None:
        with torch.no_grad():
            for w, m in zip(weights, masks):
                w.mul_(m)

    def run(steps: int) -> float:
        total = 0.0
        order = torch.randperm(r.samples)
        for i in range(steps):
            index = order[i * r.batch : (i + 1) * r.batch]
            optimiser.zero_grad()
            loss = nn.functional.cross_entropy(model(x[index]), y[index])
            loss.backward()
            optimiser.step()
            apply_masks()
            total += loss.item()
        return total

    apply_masks()
    return run


def jax_training(r: Request) -> Run:
    if r.kind in ("sparse", "compiled"):
        raise ValueError(f"kind {r.kind} is of PyTorch alone")
    import jax
    import jax.numpy as jnp
    from jax import Array, lax, nn, random, tree

    Params = list[tuple[Array, Array]]  # weight [in, out] (so the gru was 4% faster than with [out, in]) and bias
    activate = {"relu": nn.relu, "tanh": jnp.tanh}[r.activation]
    linear = lambda h, w, b: h @ w + b

    def mlp(params: Params, h: Array, key: Array, gain: Array, inhibition: Array, sigma: Array) -> Array:
        for i, layer in enumerate(params[:-1]):
            h = activate(linear(h, *layer))
            if r.noise:
                h = h + sigma * random.normal(random.fold_in(key, i), h.shape)
            h = h * inhibition * gain
        return linear(h, *params[-1])

    def gru(params: Params, x: Array, key: Array, gain: Array, inhibition: Array, sigma: Array) -> Array:
        def step(h: Array, i: Array) -> tuple[Array, None]:
            u = x * gain
            if r.noise:
                u = u + sigma * random.normal(random.fold_in(key, i), u.shape)
            reset_u, update_u, new_u = jnp.split(linear(u, *params[0]), 3, axis=1)  # PyTorch's order of the gates
            reset_h, update_h, new_h = jnp.split(linear(h, *params[1]), 3, axis=1)
            update = nn.sigmoid(update_u + update_h)
            new = jnp.tanh(new_u + nn.sigmoid(reset_u + reset_h) * new_h)
            return activate(((1 - update) * new + update * h) * inhibition), None

        # Unrolled, an optimiser step of the book's gru took a third longer.
        h, _ = lax.scan(step, jnp.zeros((len(x), r.hidden[0])), jnp.arange(r.sequence))
        return linear(h, *params[2])

    def apply_masks(params: Params, masks: list[Array]) -> Params:
        return [(w * m, b) for (w, b), m in zip(params, masks)] if r.kind == "masked" else params

    def epoch(state, order, shares, x, y, masks, dials):
        """Trains on the samples order [steps, batch], which count in their batch's mean by shares; losses [steps]."""

        def step(state, batch):
            params, first, second, count = state
            index, share = batch
            key = random.fold_in(random.key(0), count)

            def mean_loss(params: Params) -> Array:
                scores = nn.log_softmax(model(params, x[index], key, *dials))
                return -jnp.sum(jnp.take_along_axis(scores, y[index, None], axis=1)[:, 0] * share) / jnp.sum(share)

            loss, grads = jax.value_and_grad(mean_loss)(params)
            count += 1
            first = tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, first, grads)
            second = tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, second, grads)
            size, root = RATE / (1 - BETA1**count), jnp.sqrt(1 - BETA2**count)
            params = tree.map(lambda p, m, v: p - size * m / (jnp.sqrt(v) / root + EPSILON), params, first, second)
            return (apply_masks(params, masks), first, second, count), loss

        return lax.scan(step, state, (order, shares))

    if r.network == "mlp":
        model, widths = mlp, (INPUTS, *r.hidden, CLASSES)
        shapes, fans = list(zip(widths, widths[1:])), widths
    else:
        model, n = gru, r.hidden[0]
        shapes, fans = [(INPUTS, 3 * n), (n, 3 * n), (n, CLASSES)], (n, n, n)
    rng = np.random.default_rng(2)
    draw = lambda fan, *shape: jnp.asarray(rng.uniform(-1, 1, shape) / math.sqrt(fan), jnp.float32)
    params = [(draw(fan, *shape), draw(fan, shape[1])) for shape, fan in zip(shapes, fans)]
    first, second = (tree.map(jnp.zeros_like, params) for _ in range(2))
    masks = [jnp.asarray(mask(shape, r.density, i)) for i, shape in enumerate(shapes)]
    state = (apply_masks(params, masks), first, second, jnp.int32(0))
    x, y = map(jnp.asarray, dataset(r.samples))
    dials = tuple(map(jnp.float32, (GAIN, INHIBITION, SIGMA)))
    batched = lambda a: np.pad(a, (0, -r.samples % r.batch)).reshape(-1, r.batch)
    shares = batched(np.ones(r.samples, np.float32))
    compiled = jax.jit(epoch, donate_argnums=0)

    def run(steps: int) -> float:
        nonlocal state
        order = batched(rng.permutation(r.samples).astype(np.int32))
        state, losses = compiled(state, order[:steps], shares[:steps], x, y, masks, dials)
        return float(jnp.sum(losses))  # waits for the epoch

    return run


def serve(framework: str) -> None:
    build = torch_training if framework == "torch" else jax_training
    trainings: dict[Request, tuple[Run, set[int]]] = {}  # with the lengths that are warm
    for line in sys.stdin:
        try:
            request = Request(**json.loads(line))
            training, lengths = replace(request, epochs=1, steps=None), request.lengths()
            if training not in trainings:
                trainings[training] = (build(training), set())
            run, warm = trainings[training]
            for length in ({min(2, lengths[0])} if framework == "torch" and request.kind != "compiled" else set(lengths)) - warm:
                run(length)
                warm.add(length)
            start = time.perf_counter()
            loss = sum(run(length) for length in lengths) / sum(lengths)
            answer: dict[str, Any] = {"seconds": time.perf_counter() - start, "steps": sum(lengths), "loss": loss}
        except Exception as e:  # whoever asked decides what to do about it
            answer = {"error": f"{type(e).__name__}: {e}"}
        print(json.dumps(answer), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("framework", choices=("torch", "jax"))
    parser.add_argument("--cores", default="0", help="numbers of the cores to run on, such as 0,1")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()

    cores = {int(core) for core in args.cores.split(",")}
    if not 1 <= args.threads <= len(cores):
        parser.error(f"--threads takes 1 to {len(cores)}, the number of cores")

    # Before the framework is imported, because thread pools are sized then.
    os.sched_setaffinity(0, cores)
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "PJRT_NPROC"):  # the last is XLA's
        os.environ[name] = str(args.threads)
    os.environ["JAX_PLATFORMS"] = "cpu"
    if args.framework == "torch":
        import torch

        torch.set_num_threads(args.threads)
        torch.set_num_interop_threads(1)
        versions = {"torch": torch.__version__}
    else:
        import jax
        import jaxlib

        jax.devices()  # starts XLA's threads
        versions = {"jax": jax.__version__, "jaxlib": jaxlib.__version__}
    versions |= {"python": sys.version.split()[0], "numpy": np.__version__}
    print(json.dumps({"ready": True, "versions": versions}), flush=True)
    serve(args.framework)


if __name__ == "__main__":
    main()
