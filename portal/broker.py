"""kombu's broker of files, with messages that appear whole or not at all."""

import os
from pathlib import Path
from time import monotonic
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Moves each message into place when it is written.

    kombu creates the file first and fills it then; a worker that looks in between finds an empty
    message and dies of it.
    """

    # kombu's two base classes name the second argument differently
    def _put(self, queue: str, payload: dict, **kwargs: object) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        name = f"{round(monotonic() * 1000)}_{uuid4()}.{queue}.msg"
        aside = folder / f"{name}.part"
        try:
            aside.write_text(dumps(payload), encoding="utf-8")
            os.replace(aside, folder / name)  # noqa: PTH105  atomic, and says so
        except OSError as error:
            raise ChannelError(f"Cannot add {name} to {folder}") from error


class Transport(filesystem.Transport):
    Channel = Channel
