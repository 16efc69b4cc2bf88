"""`flowrun services`: which controller services there are, and what each declares."""

import json
from pathlib import Path

from tests.cli.kit import flowrun

from flowrun.cli.exit_codes import ExitCode


def test_it_lists_the_types_with_a_line_about_each(tmp_path: Path) -> None:
    called = flowrun(tmp_path, "services")

    assert called.code == ExitCode.OK
    names = [line.split()[0] for line in called.out.splitlines()]
    assert names == ["OAuth2AccessTokenProvider", "ProxyConfigurationService", "SslContextService"]


def test_a_type_has_a_page_under_nifi_s_name_too(tmp_path: Path) -> None:
    called = flowrun(tmp_path, "services", "StandardOauth2AccessTokenProvider")

    assert called.out.startswith("# OAuth2AccessTokenProvider\n")
    assert "| **Refresh Token** | *must be set* |" in called.out


def test_programs_get_json(tmp_path: Path) -> None:
    listed = json.loads(flowrun(tmp_path, "services", "--json").out)
    described = json.loads(flowrun(tmp_path, "services", "ProxyConfigurationService", "--json").out)

    assert described["summary"] == listed["ProxyConfigurationService"]
    assert [p["name"] for p in described["properties"] if p["sensitive"]] == ["Proxy User Password"]


def test_a_word_that_is_no_type_is_guessed(tmp_path: Path) -> None:
    called = flowrun(tmp_path, "services", "SslContext")

    assert called.code == ExitCode.WRONG
    assert "there is no controller service type 'SslContext'; did you mean 'SslContextService'?" in called.err


def test_plug_ins_are_among_them(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "clock.py").write_text(
        'from flowrun import ControllerService\n\n\nclass Clock(ControllerService):\n    """Tell the time."""\n'
    )

    assert "Clock " in flowrun(tmp_path, "services", "--plugins", "own").out
