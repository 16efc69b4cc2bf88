"""From the texts of a flow to the values of declared properties, with every mistake found on the way.

Source: NiFi's `AbstractConfigurableComponent.validate` and `PropertyDescriptor`: a property whose dependency is not
met is neither required nor checked; an empty text is a value; allowed values match exactly.
"""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from flowrun.declarations import Declarations, PropertyProblem
from flowrun.dynamic_properties import DynamicDeclaration
from flowrun.errors import ExpressionError, ProcessorError, Severity
from flowrun.expression import Expression
from flowrun.parameter_reference import Parameters, substitute
from flowrun.property import REQUIRED, ConfiguredExpression, Declaration, convert
from flowrun.service_property import ServiceProperty

_HIDDEN = "the value does not fit (it is sensitive, so neither it nor the reason is shown)"


class Configuration:
    """The values of one processor's properties, by the declaring attribute; and what is wrong with them.

    `given` are the texts of the flow by property name, `dynamic` those that are meant as dynamic properties even
    though they resemble a declared name, `services` the flow's controller services by name.
    """

    def __init__(
        self,
        declarations: Declarations,
        given: Mapping[str, str],
        dynamic: Mapping[str, str],
        parameters: Parameters,
        services: Mapping[str, Any],
    ) -> None:
        self.problems: list[PropertyProblem] = []
        self._declarations = declarations
        self._parameters = parameters
        self._services = services
        self._spelling: dict[str, str] = {}
        self._misspelt: set[str] = set()
        self.texts: dict[str, str] = {}
        self.dynamic_names: tuple[str, ...] = ()
        self.values: dict[str, Any] = {}
        free = self._sort(given) | dict(dynamic)
        for declaration in declarations.properties:
            self.values[declaration.attribute] = self._value(declaration)
        self._set_dynamic(free)

    def __getitem__(self, attribute: str) -> Any:
        return self.values[attribute]

    def set_text(self, name: str) -> str | None:
        """The text that counts for the property of that name: the flow's, else the default; None if it has none."""
        if name in self.texts:
            return self.texts[name]
        declaration = self._declarations.named(name)
        return declaration.default if declaration and isinstance(declaration.default, str) else None

    def meets(self, conditions: Mapping[str, Iterable[str]]) -> bool:
        """Whether each named property is set, to one of its values where any are listed."""
        for name, values in conditions.items():
            text = self.set_text(name)
            if text is None or (values and text not in values):
                return False
            declaration = self._declarations.named(name)
            if declaration is not None and not self.meets(declaration.only_with):
                return False
        return True

    def _sort(self, given: Mapping[str, str]) -> dict[str, str]:
        free: dict[str, str] = {}
        for name, text in given.items():
            declaration = self._declarations.named(name)
            if declaration is None:
                self._sort_free(name, text, free)
                continue
            if declaration.name in self._spelling:
                other = self._spelling[declaration.name]
                self._blame_name(f"'{name}' and '{other}' are the same property; keep one", name)
                continue
            if name != declaration.name:
                self._warn(f"'{name}' is a former name of '{declaration.name}'", name)
            self._spelling[declaration.name] = name
            self.texts[declaration.name] = next((v for v, label in declaration.labels.items() if label == text), text)
        return free

    def _sort_free(self, name: str, text: str, free: dict[str, str]) -> None:
        names = {spelling.lower(): spelling for d in self._declarations.properties for spelling in (d.name,)}
        near = get_close_matches(name.lower(), names, n=1, cutoff=0.8 if self._declarations.dynamic is None else 0.9)
        self._misspelt |= {names[match] for match in near}
        if self._declarations.dynamic is None:
            guess = f"; did you mean '{names[near[0]]}'?" if near else ""
            self._blame_name(f"{self._declarations.type_name} has no property '{name}'{guess}", name)
        elif near:
            self._blame_name(
                f"'{name}' resembles the property '{names[near[0]]}': correct it, or put it under 'dynamic:' "
                "if it is meant as it stands",
                name,
            )
        else:
            free[name] = text

    def _value(self, declaration: Declaration) -> Any:
        text = self.texts.get(declaration.name)
        if not self.meets(declaration.only_with):
            return self._unchecked_value(declaration, text)
        if text is None and declaration.default is REQUIRED:
            if declaration.name in self._misspelt:
                return None
            self._blame(f"{self._declarations.type_name} needs the property '{declaration.name}'", None)
            return None
        if text is None:
            return self._default_value(declaration)
        if declaration.unsupported:
            self._blame_name(f"'{declaration.name}' can't be used yet: {declaration.unsupported}", declaration.name)
            return None
        if isinstance(declaration, ServiceProperty):
            return self._service(declaration, text)
        return self._read(declaration.name, text, declaration, declaration.type)

    def _service(self, declaration: ServiceProperty[Any], name: str) -> Any:
        service = self._services.get(name)
        if service is None:
            near = get_close_matches(name, self._services, n=1)
            guess = f"; did you mean '{near[0]}'?" if near else "; declare it under 'controller_services:'"
            self._blame(f"'{declaration.name}': there is no controller service '{name}'{guess}", declaration.name)
        elif not isinstance(service, declaration.service):
            found, wanted = type(service).__name__, declaration.service.__name__
            self._blame(f"'{declaration.name}': '{name}' is a {found}, expected a {wanted}", declaration.name)
            return None
        return service

    def _unchecked_value(self, declaration: Declaration, text: str | None) -> Any:
        """What is set though its conditions are not met is not checked, but it is still there, as in NiFi: the value
        on which it depends may come from an expression."""
        found = len(self.problems)
        value = None if text is None else self._read(declaration.name, text, declaration, declaration.type)
        is_right = text is not None and len(self.problems) == found
        del self.problems[found:]
        return value if is_right and not isinstance(declaration, ServiceProperty) else self._default_value(declaration)

    def _default_value(self, declaration: Declaration) -> Any:
        if not isinstance(declaration.default, str):
            return None
        return self._read(declaration.name, declaration.default, declaration, declaration.type)

    def _set_dynamic(self, free: Mapping[str, str]) -> None:
        dynamic = self._declarations.dynamic
        if dynamic is None:
            for name in free:
                self._blame_name(f"{self._declarations.type_name} takes no dynamic properties, so not '{name}'", name)
            return
        values = {}
        for name, text in free.items():
            try:
                dynamic.name(name)
            except ValueError as error:
                self._blame_name(f"'{name}' can't be the name of a property: {error}", name)
                continue
            values[name] = self._read(name, text, dynamic, dynamic.type)
        self.dynamic_names = tuple(values)
        self.values[dynamic.attribute] = values

    def _read(
        self,
        name: str,
        text: str,
        declaration: Declaration | DynamicDeclaration,
        type: Callable[[str], Any],  # noqa: A002
    ) -> Any:
        secret = self._is_secret(text, declaration)
        try:
            if declaration.scope is not None:
                return self._read_expression(name, text, declaration, type)
            value = substitute(text, self._parameters)
            if self._parameters.any_unset_in(text):
                return None
            self._check_allowed(name, value, declaration)
            return convert(type, value)
        except ExpressionError as error:
            message = f"expression '{text}': {error}" if declaration.scope is not None else f"'{name}': {error}"
            self._blame(f"'{name}': {_HIDDEN}" if secret else message, name, error.column)
        except (ProcessorError, ValueError) as error:
            cause = error.__cause__
            column = cause.column if isinstance(cause, ExpressionError) and "#{" not in text else None
            self._blame(f"'{name}': {_HIDDEN if secret else error}", name, column)
        return None

    def _read_expression(
        self,
        name: str,
        text: str,
        declaration: Declaration | DynamicDeclaration,
        type: Callable[[str], Any],  # noqa: A002
    ) -> ConfiguredExpression[Any] | None:
        expression = Expression.parse(text, parameters=self._parameters)
        if declaration.check is not None and not self._parameters.any_unset_in(text):
            declaration.check(expression)
        value = ConfiguredExpression(expression, type)
        if expression.is_constant and not self._parameters.any_unset_in(text):
            self._check_allowed(name, expression.evaluate({}), declaration)
            value.evaluate()
        return value

    def _is_secret(self, text: str, declaration: Declaration | DynamicDeclaration) -> bool:
        if isinstance(declaration, Declaration) and declaration.sensitive:
            return True
        return self._parameters.any_sensitive_in(text)

    def _check_allowed(self, name: str, value: str, declaration: Declaration | DynamicDeclaration) -> None:
        labels = declaration.labels if isinstance(declaration, Declaration) else {}
        if labels and value not in labels:
            near = get_close_matches(value, labels, n=1)
            guess = f"; did you mean '{near[0]}'?" if near else ""
            raise ValueError(f"expected one of {', '.join(labels)}; found {value!r}{guess}")

    def _blame(self, message: str, name: str | None, column: int | None = None) -> None:
        spelling = self._spelling.get(name, name) if name is not None else None
        self.problems.append(PropertyProblem(message, spelling, column))

    def _blame_name(self, message: str, name: str) -> None:
        self.problems.append(PropertyProblem(message, self._spelling.get(name, name), about_name=True))

    def _warn(self, message: str, name: str) -> None:
        self.problems.append(PropertyProblem(message, name, severity=Severity.WARNING, about_name=True))
