"""The same subjects' worth of training in PyTorch, eager, as the book's program does it: a peer for populations of ours.

Reads one JSON object on stdin (see `settings` in main.go, where every number comes from) and writes a line of JSON for
each subject: its seed and its measures by name. Data sets are ours, bit for bit (NumPy's legacy generator); initial
weights, shuffles and noise are PyTorch's own, so that populations are compared and not subjects.
"""

import json
import sys

import numpy as np
import torch
from torch import Tensor, nn

CENTRES = np.array([[-3, -3], [3, 3], [-3, 3], [3, -3]])


def points(seed: int, samples: int, sigma: float) -> tuple[Tensor, Tensor]:
    rng = np.random.RandomState(seed)
    y = rng.randint(0, 4, samples)
    x = CENTRES[y] + sigma * rng.randn(samples, 2)
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y)


class Net(nn.Module):
    def __init__(self, s: dict) -> None:
        super().__init__()
        widths = [2, *s["hidden"]]
        layer = nn.GRUCell if s["steps"] else nn.Linear
        self.layers = nn.ModuleList(layer(a, b) for a, b in zip(widths, widths[1:]))
        self.out, self.steps = nn.Linear(widths[-1], 4), s["steps"]

    def forward(self, x: Tensor, gain: float = 1, sigma: float = 0, bias: float = 0, noise: float = 0, state: bool = False) -> Tensor:
        """sigma, bias: of internal noise (of a GRU's state, where state is set, else of its input); noise: of the inputs."""
        def internal(h: Tensor) -> Tensor:
            return h + sigma * torch.randn_like(h) + bias if sigma or bias else h

        if not self.steps:
            h = x + noise * torch.randn_like(x) if noise else x
            for layer in self.layers:
                h = internal(torch.relu(layer(h))) * gain
            return self.out(h)
        h = x.new_zeros(len(x), self.layers[0].hidden_size)
        for _ in range(self.steps):
            u = (x + noise * torch.randn_like(x) if noise else x) * gain
            h = self.layers[0](u if state else internal(u), h)
            h = torch.relu(internal(h) if state else h)
        return self.out(h)


def train(net: Net, data, masks, s: dict, epochs: int, rate: float, sigma=(0, 0), gain=(1, 1)) -> float:
    """The mean loss of the last epoch."""
    x, y = data
    optimiser = torch.optim.Adam(net.parameters(), lr=rate)
    weights = [p for p in net.parameters() if p.ndim == 2]
    for epoch in range(epochs):
        at = epoch / max(1, epochs - 1)
        now = [a + (b - a) * at for a, b in (sigma, gain)]
        total, order = 0.0, torch.randperm(len(x))
        batches = order.split(s["batch"])
        for index in batches:
            optimiser.zero_grad()
            loss = nn.functional.cross_entropy(net(x[index], sigma=now[0], gain=now[1]), y[index])
            loss.backward()
            optimiser.step()
            with torch.no_grad():
                for w, m in zip(weights, masks):
                    w.mul_(m)
            total += loss.item()
    return total / len(batches)


@torch.no_grad()
def battery(net: Net, name: str, sets: dict, s: dict, gain: float) -> dict[str, float]:
    def accuracy(data, **noise) -> float:
        x, y = data
        return 100 * (net(x, gain=gain, **noise).argmax(1) == y).float().mean().item()

    standard = sets["standard"]
    return {
        f"{name} clean": accuracy(sets["clean"]),
        f"{name} standard": accuracy(standard),
        f"{name} combined": accuracy(standard, noise=s["combined_input"], sigma=s["combined_sigma"]),
        f"{name} biased": accuracy(standard, sigma=s["biased_sigma"], bias=s["biased_bias"], state=True),
    }


def subject(seed: int, s: dict) -> dict[str, float]:
    torch.manual_seed(seed)
    net = Net(s)
    data = points(1000 * seed + 100, s["train"], s["sigma"])
    sets = {"standard": points(1000 * seed + 200, s["test"], s["sigma"]), "clean": points(1000 * seed + 300, s["clean"], 0)}
    out = {"loss of the last baseline epoch": train(net, data, [], s, s["baseline_epochs"], s["baseline_rate"])}
    weights = [p for p in net.parameters() if p.ndim == 2]
    masks = []
    with torch.no_grad():
        for i, w in enumerate(weights):
            out[f"mean |w| of matrix {i + 1}"] = w.abs().mean().item()
            threshold = torch.tensor(np.quantile(w.abs().numpy(), s["sparsity"]))
            out[f"threshold of matrix {i + 1}"] = threshold.item()
            masks.append((w.abs() >= threshold).float())
        out |= battery(net, "healthy", sets, s, 1)
        for w, m in zip(weights, masks):
            w.mul_(m)
    out |= battery(net, "pruned", sets, s, 1)
    if s["ssri_epochs"]:
        out["loss of the last SSRI-like epoch"] = train(net, data, masks, s, s["ssri_epochs"], s["ssri_rate"], (s["ssri_sigma"], 0), (1, s["ssri_gain"]))
        out |= battery(net, "SSRI-like", sets, s, s["ssri_gain"])
    return out


def main() -> None:
    torch.set_num_threads(1)
    s = json.load(sys.stdin)
    for seed in s["seeds"]:
        print(json.dumps({"seed": seed, "measures": subject(seed, s)}), flush=True)


main()
