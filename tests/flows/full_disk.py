"""A disk that has no room for what is written."""

import errno
from typing import BinaryIO


class FullDisk:
    """Takes the place of `shutil` where files are written: half of the content fits, for so many attempts."""

    def __init__(self, attempts: float) -> None:
        self.left = attempts

    def copyfileobj(self, content: BinaryIO, file: BinaryIO, length: int) -> None:
        data = content.read()
        self.left -= 1
        if self.left < 0:
            file.write(data)
            return
        file.write(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")
