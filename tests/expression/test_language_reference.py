import re
from pathlib import Path

import pytest

from flowrun.expression import Expression, Scope
from flowrun.expression.functions.catalog import FAMILIES, RESERVED, WITH_SUBJECT, WITHOUT_SUBJECT, function, functions
from flowrun.expression.functions.declaration import Example, Function
from flowrun.expression.guide import WRITING
from flowrun.expression.reference import reference_page

PAGE = Path(__file__).parents[2] / "docs" / "expression_language.md"
ALL = [each for family in FAMILIES for each in functions(family)]


def test_the_page_in_the_docs_is_the_one_that_the_declarations_make() -> None:
    assert PAGE.read_text("utf-8") == reference_page()


@pytest.mark.parametrize("example", [*(each.example for each in ALL), *WRITING], ids=lambda example: example.expression)
def test_every_example_gives_what_the_page_says(example: Example) -> None:
    result = Expression.parse(example.expression).evaluate(Scope(example.attributes, state=example.state))

    if example.pattern:
        assert re.fullmatch(example.pattern, result)
    else:
        assert result == example.result


def test_the_catalog_names_exactly_the_functions_that_are_declared() -> None:
    declared = {(each.name, each.has_subject) for each in ALL}

    assert declared == {*((name, True) for name in WITH_SUBJECT), *((name, False) for name in WITHOUT_SUBJECT)}
    assert len({name for name, _ in declared}) == 110
    assert len(RESERVED) == 113


@pytest.mark.parametrize("declared", ALL, ids=lambda each: each.name)
def test_every_function_is_found_by_its_name_and_tells_what_it_does(declared: Function) -> None:
    assert function(declared.name, has_subject=declared.has_subject) is declared
    assert declared.meaning.endswith(".")
    assert declared.name in declared.example.expression
