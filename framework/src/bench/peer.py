"""Measures PyTorch (and NumPy's OpenBLAS) on the work that Espalier's benchmarks do, and prints one JSON line for each.

Both sides train from data that is already in memory, draw a random batch, and keep masks by multiplying them in, which is
how PyTorch's own pruning (torch.nn.utils.prune) and the lottery ticket repositories do it. A time is the median of
repeated blocks, taken with one thread and with all; the better one counts.
"""

import json
import os
import shutil
import statistics
import sys
import time

import numpy
import torch
import torch.nn.functional as F

BATCH = 60
EXAMPLES = 55_000
VALIDATION = 5_000
ROUND_STEPS = 50_000
EVALUATE_EVERY = 100
ROUNDS = 20
SIZE = 1024


class Masked(torch.nn.Module):
    """A linear layer or convolution whose weight is multiplied by a fixed mask in each forward pass."""

    def __init__(self, layer, density, generator):
        super().__init__()
        self.layer = layer
        keep = torch.rand(layer.weight.shape, generator=generator) < density
        self.register_buffer("mask", keep.float())

    def forward(self, x):
        weight = self.layer.weight * self.mask
        if isinstance(self.layer, torch.nn.Conv2d):
            return F.conv2d(x, weight, self.layer.bias, padding=self.layer.padding)
        return F.linear(x, weight, self.layer.bias)


def lenet(density):
    g = torch.Generator().manual_seed(1)
    linear = lambda i, o: Masked(torch.nn.Linear(i, o), density, g)
    relu = torch.nn.ReLU()
    return torch.nn.Sequential(linear(784, 300), relu, linear(300, 100), relu, linear(100, 10))


def conv2(channels, side):
    g = torch.Generator().manual_seed(1)
    conv = lambda i, o: Masked(torch.nn.Conv2d(i, o, 3, padding=1), 1.0, g)
    linear = lambda i, o: Masked(torch.nn.Linear(i, o), 1.0, g)
    relu = torch.nn.ReLU()
    return torch.nn.Sequential(
        conv(channels, 64), relu, conv(64, 64), relu, torch.nn.MaxPool2d(2), torch.nn.Flatten(),
        linear(64 * (side // 2) ** 2, 256), relu, linear(256, 256), relu, linear(256, 10))


class Training:
    """One network with its optimiser and data; step() is what is timed."""

    def __init__(self, model, shape, rate, examples=EXAMPLES, images=None):
        torch.manual_seed(1)
        self.model = model
        self.optimiser = torch.optim.Adam(model.parameters(), lr=rate)
        if images is None:
            images = torch.rand((examples + VALIDATION, *shape)), torch.randint(0, 10, (examples + VALIDATION,))
        self.data, self.valid = images[0][:examples], images[0][examples:]
        self.labels, self.valid_labels = images[1][:examples], images[1][examples:]

    def step(self):
        chosen = torch.randint(0, len(self.labels), (BATCH,))
        self.optimiser.zero_grad(set_to_none=True)
        loss = F.cross_entropy(self.model(self.data[chosen]), self.labels[chosen])
        loss.backward()
        self.optimiser.step()

    def evaluate(self):
        with torch.no_grad():
            out = self.model(self.valid)
            return F.cross_entropy(out, self.valid_labels).item(), (out.argmax(1) == self.valid_labels).sum().item()


def mnist():
    """The 60,000 images that our benchmarks train on and evaluate with, as rows of floats, and their labels."""
    images, labels = (numpy.fromfile(f"datasets/cache/mnist/train-{kind}-ubyte", dtype=numpy.uint8)
                      for kind in ("images-idx3", "labels-idx1"))
    return torch.from_numpy(images[16:].reshape(-1, 784).astype(numpy.float32) / 255), torch.from_numpy(labels[8:].astype(numpy.int64))


def median_seconds(work, warm, block, blocks):
    for _ in range(warm):
        work()
    times = []
    for _ in range(blocks):
        start = time.perf_counter()
        for _ in range(block):
            work()
        times.append((time.perf_counter() - start) / block)
    return statistics.median(times)


def best(measure, threads, better=min):
    """Runs a measurement with one thread and with all, and returns the better value with its number of threads."""
    found = []
    for count in sorted({1, threads}):
        torch.set_num_threads(count)
        found.append((measure(), count))
    return better(found)


def emit(work, unit, value, threads, how=""):
    print(json.dumps({"work": work, "unit": unit, "value": value, "threads": threads, "how": how}), flush=True)


def torch_product():
    a, b, c = torch.rand(SIZE, SIZE), torch.rand(SIZE, SIZE), torch.empty(SIZE, SIZE)
    return 2 * SIZE**3 / median_seconds(lambda: torch.mm(a, b, out=c), 5, 5, 9) / 1e9


def numpy_product():
    """NumPy's wheel brings a recent OpenBLAS with threads of its own, which knows more CPUs than ours does."""
    a, b = (numpy.random.rand(SIZE, SIZE).astype(numpy.float32) for _ in "ab")
    c = numpy.empty_like(a)
    return 2 * SIZE**3 / median_seconds(lambda: numpy.matmul(a, b, out=c), 5, 5, 9) / 1e9


def llama_step(lora=False):
    """The Llama of 5.8 million weights as transformers builds it, 8 windows of 256 tokens, AdamW; all of it, or peft's LoRA."""
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(1)
    model = LlamaForCausalLM(LlamaConfig(
        vocab_size=4096, hidden_size=256, num_hidden_layers=6, num_attention_heads=8, intermediate_size=688,
        max_position_embeddings=512, tie_word_embeddings=True))
    if lora:
        from peft import LoraConfig, get_peft_model

        model = get_peft_model(model, LoraConfig(r=16, lora_alpha=32, target_modules=[
            "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]))
    optimiser = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-3)
    windows = torch.randint(0, 4096, (64, 256))

    def step():
        ids = windows[torch.randint(0, 64, (8,))]
        optimiser.zero_grad(set_to_none=True)
        model(input_ids=ids, labels=ids).loss.backward()
        optimiser.step()

    return median_seconds(step, 2, 1, 7)


def gemma(threads):
    """Opening Gemma 3 270M's GGUF file, and log probabilities of windows of 512 tokens, in fp32."""
    folder, name = "datasets/cache/gemma-3-270m", "gemma-3-270m-q4_k_m.gguf"
    if not os.path.exists(f"{folder}/{name}"):
        print("Gemma 3 270M was not fetched (espalier data fetch gemma-3-270m): its peers are left out", file=sys.stderr)
        return
    from transformers import AutoModelForCausalLM

    start = time.perf_counter()
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32)
    emit("Gemma 3 270M opened from GGUF", "s", time.perf_counter() - start, threads)
    model.eval()
    windows = torch.randint(0, model.config.vocab_size, (3, 512))

    def score():
        with torch.no_grad():
            for window in windows:
                logits = model(input_ids=window[None]).logits[0, :-1].float()
                torch.log_softmax(logits, -1).gather(1, window[1:, None]).sum().item()

    seconds, count = best(lambda: median_seconds(score, 1, 1, 3), threads)
    emit("Gemma 3 270M windows of 512 tokens", "tokens/s", windows.numel() / seconds, count)


def dsir(threads):
    """DSIR's authors' package on the files that our benchmark has written: fitting, weighing, resampling a tenth."""
    raw, target, out = (f"reports/bench/dsir/{name}" for name in ("raw.jsonl", "target.jsonl", "peer"))
    if not os.path.exists(raw):
        print("our DSIR benchmark was not run: its peer is left out", file=sys.stderr)
        return
    from data_selection import HashedNgramDSIR

    shutil.rmtree(out, ignore_errors=True)
    with open(raw) as lines:
        keep = sum(1 for _ in lines) // 10
    start = time.perf_counter()
    selection = HashedNgramDSIR([raw], [target], cache_dir=f"{out}/cache", num_proc=threads)
    selection.fit_importance_estimator(num_tokens_to_fit="auto")
    selection.compute_importance_weights()
    selection.resample(out_dir=f"{out}/chosen", num_to_sample=keep, cache_dir=f"{out}/resampled")
    seconds = time.perf_counter() - start
    shutil.rmtree(out)
    emit("DSIR over 60 MB of JSON lines", "MB/s", os.path.getsize(raw) / 1e6 / seconds, threads, "package data-selection 1.0.3")


def main():
    threads = int(os.environ.get("ESPALIER_THREADS", os.cpu_count()))
    print(f"PyTorch {torch.__version__}, 1 and {threads} threads", file=sys.stderr)

    digits = mnist()
    for density, name, images in (
            (1.0, "dense", digits), (1.0, "dense, no pixel black", None), (0.05, "5 % density", digits)):
        step = lambda: median_seconds(Training(lenet(density), (784,), 1.2e-3, images=images).step, 200, 100, 15)
        seconds, count = best(step, threads)
        emit(f"LeNet-300-100 training step ({name})", "us", seconds * 1e6, count)
        if name == "dense":
            torch.set_num_threads(count)
            evaluation = median_seconds(Training(lenet(density), (784,), 1.2e-3, images=images).evaluate, 5, 5, 5)
            evaluations = ROUND_STEPS // EVALUATE_EVERY
            emit("lottery run of 20 rounds", "s", ROUNDS * (ROUND_STEPS * seconds + evaluations * evaluation), count,
                 f"1,500 steps and 25 evaluations of {VALIDATION:,} examples timed, scaled to {ROUNDS} rounds of "
                 f"{ROUND_STEPS:,} steps and {evaluations} evaluations; masks multiplied in cost the same at every density")

    for name, channels, side in (("28x28x1", 1, 28), ("32x32x3", 3, 32)):
        step = lambda: median_seconds(Training(conv2(channels, side), (channels, side, side), 2e-4, 10_000).step, 5, 4, 7)
        seconds, count = best(step, threads)
        emit(f"Conv-2 training step ({name})", "ms", seconds * 1e3, count)

    seconds, count = best(llama_step, threads)
    emit("Llama 5.8M training step", "ms", seconds * 1e3, count)
    seconds, count = best(lambda: llama_step(lora=True), threads)
    emit("Llama 5.8M LoRA step (rank 16)", "ms", seconds * 1e3, count)
    gemma(threads)
    dsir(threads)

    speed, count = best(torch_product, threads, max)
    emit("product 1024x1024x1024 (PyTorch)", "GFLOP/s", speed, count)
    emit("product 1024x1024x1024 (OpenBLAS of NumPy)", "GFLOP/s", numpy_product(), threads)


if __name__ == "__main__":
    main()
