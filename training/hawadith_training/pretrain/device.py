"""Where a run computes: one process or several, CPU or accelerator, and in which precision.

Plain torch: `accelerate launch` and `torchrun` start processes with the same variables, and nothing else of either is needed.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

from hawadith_training.pretrain.config import Precision

_PATIENCE = timedelta(hours=12)
"""How long processes wait for the first one, which tokenises alone."""


class Device:
    """The processes of a run, and this one's place among them.

    Args:
        device: Where this process computes.
        precision: As configured.
        rank: Number of this process, from 0.
        n_processes: Processes of the run.

    Attributes:
        uses_bf16: Whether matrices are multiplied in bf16; weights and sums stay in fp32.
    """

    def __init__(self, device: torch.device, *, precision: Precision, rank: int = 0, n_processes: int = 1) -> None:
        self.device = device
        self.rank = rank
        self.n_processes = n_processes
        able = device.type == "cuda" and torch.cuda.is_bf16_supported()
        self.uses_bf16 = precision == "bf16" or (precision == "auto" and able)

    @property
    def is_first(self) -> bool:
        """Whether this process writes and speaks."""
        return self.rank == 0

    def describe(self) -> dict[str, object]:
        """What a log should say of it."""
        name = torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else str(self.device)
        return {
            "device": name,
            "processes": self.n_processes,
            "threads": torch.get_num_threads(),
            "precision": "bf16" if self.uses_bf16 else "fp32",
            "torch": str(torch.__version__),
        }

    def place(self, module: nn.Module) -> nn.Module:
        """Move a module here; with several processes, wrap it so that gradients are averaged over them."""
        module.to(self.device)
        return module if self.n_processes == 1 else DistributedDataParallel(module)

    def autocast(self) -> AbstractContextManager[object]:
        """Around every forward pass."""
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.uses_bf16)

    def hold_gradients(self, module: nn.Module) -> AbstractContextManager[None]:
        """Around all but the last part of a step: gradients stay with this process."""
        return module.no_sync() if isinstance(module, DistributedDataParallel) else nullcontext()

    def total(self, value: Tensor) -> float:
        """The sum of a scalar over all processes."""
        summed = value.detach().double()
        if self.n_processes > 1:
            distributed.all_reduce(summed)
        return float(summed)

    def agree(self, *, wish: bool) -> bool:
        """The first process's wish, in every process."""
        if self.n_processes == 1:
            return wish
        agreed = torch.tensor(int(wish), device=self.device)
        distributed.broadcast(agreed, src=0)
        return bool(agreed)

    def wait(self) -> None:
        """Until every process is here."""
        self.agree(wish=True)

    def share(self, n_blocks: int) -> tuple[int, int]:
        """Which blocks of a step are this process's: from the first to before the second."""
        return n_blocks * self.rank // self.n_processes, n_blocks * (self.rank + 1) // self.n_processes


@contextmanager
def open_device(precision: Precision) -> Iterator[Device]:
    """Find out where to compute, and join the other processes where a launcher has started several.

    Args:
        precision: As configured.

    Yields:
        The device.
    """
    n_processes, rank, local_rank = (
        int(os.environ.get(name, default)) for name, default in (("WORLD_SIZE", 1), ("RANK", 0), ("LOCAL_RANK", 0))
    )
    # Set by `accelerate launch --cpu`.
    on_cpu = os.environ.get("ACCELERATE_USE_CPU", "").lower() in {"1", "true", "yes"}
    device = torch.device("cuda", local_rank) if torch.cuda.is_available() and not on_cpu else torch.device("cpu")
    if device.type == "cuda":
        torch.cuda.set_device(device)
    if n_processes == 1:
        yield Device(device, precision=precision)
        return
    distributed.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=_PATIENCE)
    try:
        yield Device(device, precision=precision, rank=rank, n_processes=n_processes)
    finally:
        distributed.destroy_process_group()
