"""An object store that fails where it is told, for tests of datasets in one."""

from __future__ import annotations

from typing import Any

import pytest
import s3fs

ROOT = "s3://crawls/news"


def keys(bucket: Any, under: str = "") -> list[str]:
    """Return the keys under a place of the dataset."""
    return sorted(one.key for one in bucket.objects.filter(Prefix=f"news/{under}"))


class Faults:
    """Lets chosen requests fail: before they reach the server, or after it has done what they ask."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left: list[tuple[str, str, bool]] = []
        self.met: list[str] = []
        real = s3fs.S3FileSystem._call_s3

        async def call(files: Any, method: str, *args: Any, **kwargs: Any) -> Any:
            fault = next((one for one in self.left if one[0] == method and one[1] in _named(kwargs)), None)
            if fault is None:
                return await real(files, method, *args, **kwargs)
            self.left.remove(fault)
            self.met.append(method)
            if fault[2]:
                await real(files, method, *args, **kwargs)
            raise TimeoutError(f"{method} timed out")

        monkeypatch.setattr(s3fs.S3FileSystem, "_call_s3", call)
        # s3fs tries reads again by itself, with pauses; here every fault is to reach us.
        monkeypatch.setattr(s3fs.S3FileSystem, "retries", 1)
        monkeypatch.setattr("newsbot.dataset.bucket.PAUSES", (0.0, 0.0, 0.0))

    def add(self, method: str, under: str, *, after: bool, times: int = 1) -> None:
        """Let the next `times` requests of this kind fail."""
        self.left += [(method, under, after)] * times


def _named(request: dict[str, Any]) -> str:
    """Return the keys that a request names."""
    return f"{request.get('Key')} {request.get('Delete')}"
