"""CourseRec's sequential model in plain PyTorch: what `courserec bench model` is compared with.

Reads one JSON command a line from standard input and answers each with one JSON line; times are milliseconds.
Parameters carry CourseRec's own names, so both sides compute with the same weights. Shapes: B sequences of T tokens, padded on
the left with 0; d wide; V courses, rows 1 to V of `item`; row V + 1 is the mask.
"""

import json
import math
import sys
import time

try:
    import torch
    from torch import nn
    from torch.nn import functional as F
except ImportError as missing:
    print(json.dumps({"problem": str(missing)}), flush=True)
    sys.exit(0)

NOWHERE = float("-inf")


class Layer(nn.Module):
    def __init__(self, shape, dropout):
        super().__init__()
        d, f = shape["dimension"], shape["feedForward"]
        self.gated, self.heads, self.dropout = shape["gated"], shape["heads"], dropout
        self.qkv, self.proj = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
        if self.gated:
            self.gate1, self.gate2 = nn.Linear(d, d), nn.Linear(d, d)
            self.up, self.down = nn.Linear(d, 2 * f), nn.Linear(f, d)
        else:
            self.ff1, self.ff2 = nn.Linear(d, f), nn.Linear(f, d)

    def drop(self, x):
        return F.dropout(x, self.dropout, self.training)

    def attend(self, x, mask, last):
        batch, tokens, d = x.shape
        q, k, v = (part.view(batch, tokens, self.heads, -1).transpose(1, 2) for part in self.qkv(x).chunk(3, -1))
        if last:
            q, mask = q[:, :, -1:], mask[:, :, -1:]
        weights = F.softmax(q @ k.transpose(-1, -2) / math.sqrt(d // self.heads) + mask, -1)
        return self.proj((self.drop(weights) @ v).transpose(1, 2).reshape(batch, -1, d))

    def forward(self, x, mask, last=False):
        attended = self.drop(self.attend(self.norm1(x) if self.gated else x, mask, last))
        if last:
            x = x[:, -1:]
        if not self.gated:
            x = self.norm1(x + attended)
            return self.norm2(x + self.drop(self.ff2(F.gelu(self.ff1(x)))))
        x = x + torch.sigmoid(self.gate1(x)) * attended
        gate, value = self.up(self.norm2(x)).chunk(2, -1)
        return x + torch.sigmoid(self.gate2(x)) * self.drop(self.down(F.silu(gate) * value))


class Model(nn.Module):
    def __init__(self, shape, courses, dropout):
        super().__init__()
        d = shape["dimension"]
        self.courses, self.causal, self.dropout = courses, shape["causal"], dropout
        self.item = nn.Parameter(torch.zeros(courses + 2, d))
        self.position = nn.Parameter(torch.zeros(shape["maxLength"], d))
        self.outputBias = nn.Parameter(torch.zeros(courses + 2, 1))
        self.plain = not shape["gated"]
        if self.plain:
            self.inputNorm, self.head, self.headNorm = nn.LayerNorm(d), nn.Linear(d, d), nn.LayerNorm(d)
        else:
            self.finalNorm = nn.LayerNorm(d)
        self.layers = [Layer(shape, dropout) for _ in range(shape["layers"])]
        for i, layer in enumerate(self.layers):
            self.add_module(f"layer{i}", layer)

    def load(self, path, tensors):
        with open(path, "rb") as file:
            values = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)
        own, at = dict(self.named_parameters()), 0
        if set(own) != {name for name, _ in tensors}:
            raise ValueError("the parameters' names are another model's")
        with torch.no_grad():
            for name, count in tensors:
                own[name].copy_(values[at : at + count].view_as(own[name]))
                at += count

    def forward(self, ids, last=False):
        """ids [B,T] -> h [B,T,d]; with `last` the last layer is computed at the last token alone: [B,1,d]."""
        tokens = ids.shape[1]
        x = F.embedding(ids, self.item, padding_idx=0) + self.position[-tokens:]
        if self.plain:
            x = self.inputNorm(x)
        x = F.dropout(x, self.dropout, self.training)
        mask = torch.zeros(ids.shape).masked_fill(ids == 0, -1e9)[:, None, None, :]
        mask = mask + (torch.full((tokens, tokens), -1e9).triu(1) if self.causal else torch.zeros(tokens, tokens))
        for i, layer in enumerate(self.layers):
            x = layer(x, mask, last and i + 1 == len(self.layers))
        return self.headNorm(F.gelu(self.head(x))) if self.plain else self.finalNorm(x)

    def top(self, ids, excluded, count, last):
        """The best courses, best first, of each sequence: scores and rows [B,count]. excluded: rows [B,n]."""
        scores = self(ids, last)[:, -1] @ self.item.t() + self.outputBias[:, 0]
        return scores.scatter(1, excluded, NOWHERE).topk(count, 1)

    def loss(self, ids, labels):
        """Mean cross-entropy of the labelled places over all courses."""
        h = self(ids)[labels > 0]
        logits = h @ self.item[1:-1].t() + self.outputBias[1:-1, 0]
        return F.cross_entropy(logits, labels[labels > 0] - 1)


class Peer:
    def load(self, ask):
        """A model with given parameters, the queries it ranks and the batches it trains on."""
        self.model = Model(ask["shape"], ask["courses"], ask["dropout"])
        self.model.load(ask["parameters"], ask["tensors"])
        self.optimiser = torch.optim.AdamW(self.model.parameters(), lr=1e-3, weight_decay=0.0)
        self.queries = torch.tensor(ask["queries"])
        never = torch.tensor([[0, ask["courses"] + 1]]).expand(len(self.queries), 2)
        self.excluded = torch.cat([torch.tensor(ask["excluded"]), never], 1)
        self.batches = {
            name: [(torch.tensor(b["ids"]), torch.tensor(b["labels"])) for b in batches]
            for name, batches in ask["batches"].items()
        }
        return {}

    def rank(self, ask):
        self.model.eval()
        torch.set_num_threads(1)
        with torch.inference_mode():
            scores, rows = self.model.top(self.queries, self.excluded, ask["count"], False)
        return {"rows": rows.tolist(), "scores": scores.tolist()}

    def serve(self, ask):
        """Answers `batch` queries at a time for some seconds, one thread."""
        self.model.eval()
        torch.set_num_threads(1)
        parts = list(zip(self.queries.split(ask["batch"]), self.excluded.split(ask["batch"])))
        times, end = [], time.perf_counter() + ask["seconds"]
        with torch.inference_mode():
            while not times or time.perf_counter() < end:
                ids, excluded = parts[len(times) % len(parts)]
                start = time.perf_counter()
                self.model.top(ids, excluded, ask["count"], ask["last"])
                times.append((time.perf_counter() - start) * 1e3)
        return {"ms": times}

    def gradient(self, ask):
        self.model.eval()
        self.optimiser.zero_grad()
        loss = self.model.loss(*self.batches["training"][0])
        loss.backward()
        squares = sum(p.grad.double().square().sum().item() for p in self.model.parameters())
        return {"loss": loss.item(), "norm": math.sqrt(squares)}

    def train(self, ask):
        self.model.train()
        torch.set_num_threads(ask["threads"])
        times, batches = [], self.batches[ask["batches"]]
        for step in range(ask["steps"]):
            ids, labels = batches[step % len(batches)]
            start = time.perf_counter()
            self.optimiser.zero_grad()
            self.model.loss(ids, labels).backward()
            self.optimiser.step()
            times.append((time.perf_counter() - start) * 1e3)
        return {"ms": times}


def main():
    torch.set_num_threads(1)
    peer = Peer()
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        ask = json.loads(line)
        try:
            answer = getattr(peer, ask["do"])(ask)
        except Exception as failure:  # the caller shows it in one line and ends this process
            answer = {"problem": f"{type(failure).__name__}: {failure}"}
        print(json.dumps(answer), flush=True)


main()
