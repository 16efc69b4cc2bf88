"""The prose of the reference page: how the language is written, beside what each function does."""

from flowrun.expression.functions.declaration import Example

INTRODUCTION = """\
# The Expression Language

A property's text may hold expressions: `${filename}` is the attribute `filename` of the flowfile at hand, and
`${filename:substringBefore('.'):toUpper()}` sends it through functions, from left to right. The language is Apache
NiFi's; what differs on purpose is at the end of this page. This page is made from the declarations in
`flowrun.expression`, and each example on it is run by a test.

## Where names are looked up

First in names that the property itself provides (ReplaceText has `$1`), then among the flowfile's properties
`flowFileId`, `fileSize` (bytes), `entryDate` and `lineageStartDate` (milliseconds since the epoch), then in its
attributes, then in the environment's variables. What is nowhere is null. Null prints as nothing.

## How an expression is written

`${ subject : function(argument, …) : function(…) … }`, with blanks and line breaks wherever they help.

- **The subject** is a name (`${filename}`), a name in quotes (`${'my attribute'}`), a parameter (`${#{name}}`), an
  expression whose value is the name (`${${which}}`), or a function that needs no subject (`${now()}`).
- **A bare name** may hold anything but white space and `$ { } ( ) [ ] , : ; / * '`, and may not start with a digit, `#`
  or a quote. The names of functions, and `true`, `false`, `null`, must be in quotes to be attributes: `${'count'}`.
- **Arguments** are strings in either kind of quote, whole numbers, decimals (`1.5`, `1e3`), `true`, `false`, `null`,
  parameters (`#{name}`), and expressions. An attribute as an argument is an expression: `append(${b})`; functions on it
  stand inside its braces: `append(${b:toUpper()})`.
- **In a string** `\\n \\r \\t \\' \\" \\\\` are what they look like; any other backslash stays, so that regular
  expressions need no doubling: `'\\d+'`. A regular expression that matches a backslash is `'\\\\\\\\'`. Expressions in
  strings are evaluated, if their own strings are in the other kind of quotes: `'<${b:append("x")}>'`.
- **A comment** goes from `#` to the end of its line.

## Dollar signs, number signs

`$${name}` is the text `${name}`, and `$$${name}` a dollar sign before the value: two dollar signs in front of a brace
are one. As soon as a text holds an expression, `$$` elsewhere in it, up to the first brace, is one dollar sign too; a
single `$` is always itself.

Outside of expressions `#{name}` is replaced by the parameter's value before anything else is read; `##{name}` is the
text `#{name}`. Inside, a parameter is a value like an attribute's; a sensitive one is null there.

Braces that are not closed, and strings in them that are not, make plain text of all that follows. Two of NiFi's
oddities are kept: in `${'a'}${b}`, with nothing between, the second is plain text; and of two escaped quotes in one
string the second ends it, so write such a string in the other kind of quotes.
"""

WRITING = (
    Example("${filename}", "a.txt", {"filename": "a.txt"}),
    Example("before ${ name } after", "before Ada after", {"name": "Ada"}),
    Example("${'my attribute'}", "x", {"my attribute": "x"}),
    Example("${${which}}", "x", {"which": "other", "other": "x"}),
    Example("${a:append(${b:toUpper()})}", "xY", {"a": "x", "b": "y"}),
    Example("${a:append('<${b:append(\"z\")}>')}", "x<yz>", {"a": "x", "b": "y"}),
    Example("${a:replaceAll('\\d+', '#')}", "a#b#", {"a": "a1b22"}),
    Example("${a:replace('\\\\', '/')}", "C:/temp", {"a": "C:\\temp"}),
    Example("$${a} and $$${a}", "${a} and $x", {"a": "x"}),
    Example("$5 for ${a}", "$5 for x", {"a": "x"}),
    Example("${a", "${a", {"a": "x"}),
    Example("${missing}", "", {}),
)
"""Examples of how expressions are written."""

TYPES = """\
## Types, and how they become one another

A value is a String, a whole Number (64 bits), a decimal Number (a double), a Boolean, a Date (milliseconds) or an
Instant (nanoseconds). Attributes and parameters are Strings. A function says what it wants, and the value is converted:
"""

CONVERSIONS = (
    (
        "String",
        "anything",
        "a decimal as Java prints it (`1.0`, `1.0E-4`), a Date as `EEE MMM dd HH:mm:ss zzz yyyy`, an Instant in ISO",
    ),
    (
        "Number",
        "String",
        (
            "without the blanks around it: digits with a sign if need be, hexadecimal after `0x`, or a decimal with "
            "digits after its point (`1.5`, `.5E-2`, `Infinity`, `NaN`); what is none of these is null, and more than "
            "64 bits are an error"
        ),
    ),
    ("whole Number", "decimal, Date, Instant", "toward zero, and within 64 bits; the milliseconds since the epoch"),
    ("Boolean", "String", "`true` in any case; all else is false"),
    ("Date", "String", "milliseconds, `yyyy/MM/dd HH:mm:ss`, the same with `.SSS`, or as a Date prints; else an error"),
    ("Instant", "String", "milliseconds, ISO 8601 with a zone, or RFC 1123; else an error"),
    ("Date, Instant", "each other", "null: a number in between works"),
)
"""What the types become: to, from, how."""

LIMITS_OF_CONVERSION = """\
Boolean and Number or Date never become each other: that is an error before the flow runs, as is an unknown function, a
wrong number of arguments, or a regular expression, date pattern, zone, duration or JSONPath that is none, where it is a
plain string.
"""

DIFFERENCES = """\
## What differs from NiFi

- A parameter that is not declared is an error before the flow runs, inside of expressions as well; in NiFi validation
  refuses it. Text in front of an escaped reference (`text ##{name}`) is kept, where NiFi loses it.
- `anyDelineatedValue` and `allDelineatedValues` take exactly two arguments; NiFi ignores further ones.
- Expressions may nest 40 deep, with 150 functions and conversions within each other. A text that `evaluateELString`
  evaluates may lead to another 20 times, 10,000 in all. `repeat`, `padLeft`, `padRight`, `replace` and `replaceAll`
  make texts of at most 16,777,216 characters, and a regular expression has 5 seconds. Beyond that: an evaluation error.
- Java's locale is US English. The environment's variables are looked up; Java has its system properties before them.
"""
