"""The stand-in for Xero of `xero_refresh.sandbox.py`, for the flow in which a service owns the tokens.

Where that flow is given a credentials file, this one is told the first refresh token in it.
"""

import json
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from flowrun.sandbox.module import Variant, Window

_TAKEN = ("api_url", "token_url", "tenant_id", "client_id", "client_secret", "output_dir", "schedule")


def start(folder: Path) -> dict[str, str]:
    """Play Xero until the process ends; gives the parameters of the flow."""
    parameters = _stand_in().start(folder)
    credentials = Path(parameters["credentials_dir"]) / parameters["credentials_file"]
    first = json.loads(credentials.read_text())["refresh_token"]
    return {name: parameters[name] for name in _TAKEN} | {"refresh_token": first}


def variants() -> dict[str, Variant]:
    """For `flowrun chaos`, those of the stand-in: here it is the service that asks for tokens."""
    found: dict[str, Variant] = _stand_in().variants()
    return {
        name: replace(variant, window=variant.window and Window("xero-tokens", variant.window.name))
        for name, variant in found.items()
    }


def _stand_in() -> Any:
    spec = spec_from_file_location("xero_stand_in", Path(__file__).with_name("xero_refresh.sandbox.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
