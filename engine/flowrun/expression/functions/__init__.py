"""The functions of the language, one module a family, each with the table of what it declares."""
