"""Permissions of files, in the two forms that NiFi reads: `rw-r-----` and `640`."""

import re
from dataclasses import dataclass
from typing import Self

_LETTERS = re.compile(r"(?:[r-][w-][x-]){3}")
_OCTAL = re.compile(r"[0-7]{3}")
_OWNER, _GROUP, _OTHERS = 6, 3, 0


@dataclass(frozen=True, slots=True)
class Permissions:
    """What a file allows, and what a directory allows that is created for it."""

    mode: int
    directory_mode: int

    @classmethod
    def read(cls, text: str) -> Self:
        """From `rw-r-----` or three octal digits. Raises ValueError with what was expected.

        In a directory, who may read or write also needs `x`; from the octal form its owner always gets it.
        """
        if _OCTAL.fullmatch(text):
            mode = int(text, 8)
            directory_mode = mode | 0o100
        elif _LETTERS.fullmatch(text):
            mode = directory_mode = int("".join("0" if letter == "-" else "1" for letter in text), 2)
        else:
            raise ValueError(f"expected permissions such as rw-r----- or 640, found {text!r}")
        for user in (_OWNER, _GROUP, _OTHERS):
            if mode >> user & 0o6:
                directory_mode |= 0o1 << user
        return cls(mode, directory_mode)
