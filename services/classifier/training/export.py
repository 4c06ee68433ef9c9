"""The trained network as int8 ONNX, with its vocabulary and what its answers are called."""

import json
import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from services.classifier.training.network import SECTORS, Network, encoder_path
from services.classifier.training.targets import KINDS


class _Answers(nn.Module):  # type: ignore[misc] # torch ships no types that mypy could follow
    """Probabilities instead of logits, and nothing that is only needed to learn."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        answers = self.network(ids, mask)
        return (
            torch.sigmoid(answers["relevance"]),
            torch.softmax(answers["kinds"], 1),
            torch.sigmoid(answers["sectors"]),
            torch.sigmoid(answers["roles"]),
            answers["meaning"],
        )


def export(network: Network, into: Path, version: str) -> None:
    """Write ``reader.onnx``, ``vocabulary.txt`` and ``about.json`` into a directory."""
    network.eval()
    into.mkdir(parents=True, exist_ok=True)
    names = {"ids": {0: "texts", 1: "pieces"}, "mask": {0: "texts", 1: "pieces"}}
    answers = {
        "relevance": {0: "texts"},
        "kinds": {0: "texts"},
        "sectors": {0: "texts"},
        "roles": names["ids"],
        "meaning": {0: "texts"},
    }
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        example = torch.ones((1, 16), dtype=torch.long)
        torch.onnx.export(
            _Answers(network),
            (example, example),
            str(whole),
            input_names=list(names),
            output_names=list(answers),
            dynamic_axes=names | answers,
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            str(whole),
            str(into / "reader.onnx"),
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Gather"],
            extra_options={"MatMulConstBOnly": True},
        )
    shutil.copyfile(encoder_path() / "vocab.txt", into / "vocabulary.txt")
    about = {"version": version, "kinds": KINDS, "sectors": list(SECTORS)}
    (into / "about.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
