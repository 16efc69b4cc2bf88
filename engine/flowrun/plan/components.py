"""What differs between two processors, or two controller services: type, properties, rules."""

from collections.abc import Iterator, Mapping

from flowrun.component_building import Component
from flowrun.configurable import Configurable
from flowrun.flow.definition import ProcessorDefinition
from flowrun.plan.change import Change, Kind, Part
from flowrun.plan.wording import Wording
from flowrun.property import Declaration


class ComponentComparison:
    """Compares one component with what it was, under whatever name."""

    def __init__(self, part: Part, subject: str, wording: Wording) -> None:
        self._part = part
        self._subject = subject
        self._wording = wording

    def changes(self, old: Configurable, before: Component, new: Configurable, after: Component) -> Iterator[Change]:
        """The changes of type, properties and rules. Another spelling of the same is none."""
        kinds = (type(old).__name__, type(new).__name__)
        if kinds[0] != kinds[1]:
            yield self._changed("type", *kinds, f"is a {kinds[1]}, was a {kinds[0]}")
        yield from self._declared(old, new)
        yield from self._dynamic(_dynamic_texts(old, before), _dynamic_texts(new, after))
        if isinstance(before, ProcessorDefinition) and isinstance(after, ProcessorDefinition):
            yield from self._rules(_rules(before), _rules(after))

    def _declared(self, old: Configurable, new: Configurable) -> Iterator[Change]:
        names = dict.fromkeys([*old.configuration.texts, *new.configuration.texts])
        for name in names:
            before, after = old.configuration.set_text(name), new.configuration.set_text(name)
            declaration = new.declarations.named(name) or old.declarations.named(name)
            if before == after or new.declarations.named(name) is None:
                continue  # a property that the new type does not have is gone with the old type
            is_default = (name not in old.configuration.texts, name not in new.configuration.texts)
            yield self._property(name, before, after, declaration, is_default)

    def _dynamic(self, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
        for name in dict.fromkeys([*old, *new]):
            before, after = old.get(name), new.get(name)
            if before != after:
                yield self._property(name, before, after, None, (False, False))

    def _property(
        self,
        name: str,
        before: str | None,
        after: str | None,
        declaration: Declaration | None,
        is_default: tuple[bool, bool],
    ) -> Change:
        old = None if before is None else self._wording.shown(before, declaration)
        new = None if after is None else self._wording.shown(after, declaration)
        if old is None:
            words = f"{name} is set: {Wording.change('', new or '').partition(' → ')[2]}"
        elif new is None:
            words = f"{name} is no longer set, was {Wording.change('', old).partition(' → ')[2]}"
        else:
            words = f"{name}: {Wording.change(old, new)}"
        words += " (the default)" if is_default[1] and new is not None else ""
        return self._changed(name, old, new, words)

    def _rules(self, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
        for name in dict.fromkeys([*old, *new]):
            before, after = old.get(name), new.get(name)
            if before == after:
                continue
            what = "is added" if before is None else "is removed" if after is None else "is changed"
            was, now = (None if text is None else self._wording.shown(text) for text in (before, after))
            yield self._changed(f"rule {name}", was, now, f"rule '{name}' {what}")
        kept = [name for name in old if name in new]
        if kept != [name for name in new if name in old]:
            yield self._changed("rules", None, None, "its rules are tried in another order")

    def _changed(self, aspect: str, old: str | None, new: str | None, words: str) -> Change:
        return Change(self._part, Kind.CHANGED, self._subject, words, aspect, old, new)


def _dynamic_texts(component: Configurable, definition: Component) -> dict[str, str]:
    texts = {**definition.properties, **definition.dynamic}
    return {name: texts[name].value for name in component.configuration.dynamic_names}


def _rules(definition: ProcessorDefinition) -> dict[str, str]:
    return {
        rule.name.value: "; ".join(
            [*(text.value for text in rule.conditions), *(f"{name}: {text}" for name, text in rule.actions.items())]
        )
        for rule in definition.rules
    }
