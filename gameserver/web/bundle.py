"""The pages' modules as few scripts: made of the files when the server starts, without a build step.

A browser has six connections: fifty small modules are eight waits for a line of 400 ms. So what the first page
imports comes in one script, and what each other page imports besides in one more. Every module becomes a function
that is called when it is first needed and that asks for what it imports; ``modules.js`` keeps them.

The modules keep to a part of the language that this can be done with by lines, as eslint and prettier leave them:
imports of names at the beginning, exports of declarations, one default export at most. Anything else raises
``ValueError``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from posixpath import dirname, join, normpath

from gameserver.web.content import Content
from gameserver.web.modules import imported

#: The script that keeps the modules, before the first of them.
KEEPER = "modules.js"

_IMPORTS = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";\n', re.MULTILINE)
_EXPORTS = re.compile(r"^export (async function|function|class|const|let) (\w+)", re.MULTILINE)
_LIST = re.compile(r"^export \{([^}]*)\};\n", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_LATER = re.compile(r'\bimport\((["`])(\.[^"`]+)')
_LEFT = re.compile(r"^(?:import|export)\b", re.MULTILINE)

#: Comments on lines of their own, and what stands before a line.
_COMMENTS = re.compile(r"^ *(?://.*|/\*\*(?:.|\n)*?\*/)\n", re.MULTILINE)
_INDENTS = re.compile(r"^ +", re.MULTILINE)


def bundles(found: Mapping[str, Content], *first: str) -> dict[str, Content]:
    """Return a script for the modules that are first needed, under the first of their paths, and one for each other
    module that others import when they need it, with what it imports besides."""
    base = imported(found, *first)
    kind = found[first[0]].type
    begin = f'{_bare(found[KEEPER].content.decode())}{_scripts(found, base)}pageModules.need("{first[0]}");\n'
    made = {first[0]: Content(begin.encode(), kind)}
    for path in _for_later(found):
        besides = [module for module in imported(found, path) if module not in base]
        if besides:
            made[path] = Content(_scripts(found, besides).encode(), kind)
    return made


def _scripts(found: Mapping[str, Content], modules: list[str]) -> str:
    return "".join(_factory(found, module) for module in modules)


def _for_later(found: Mapping[str, Content]) -> list[str]:
    """Return the modules that are imported in the middle of others; a part of an address may be made there."""
    scripts = [path for path in found if path.endswith(".js")]
    patterns = {
        normpath(join(dirname(path), re.sub(r"\$\{[^}]*\}", "*", relative)))
        for path in scripts
        for _, relative in _LATER.findall(found[path].content.decode())
    }
    return [path for path in scripts if any(fnmatchcase(path, pattern) for pattern in patterns)]


def _live(found: Mapping[str, Content], path: str) -> set[str]:
    """Return the names of what a module exports and may set anew."""
    return {name for kind, name in _EXPORTS.findall(found[path].content.decode()) if kind == "let"}


def _factory(found: Mapping[str, Content], path: str) -> str:
    """Return a line that tells the keeper of a module."""
    source = found[path].content.decode()
    heads: list[str] = []
    lasting: list[str] = []
    for names, relative in _IMPORTS.findall(source):
        module = normpath(join(dirname(path), relative))
        wanted = [" ".join(name.split()) for name in names.split(",") if name.strip()]
        fixed = [name.replace(" as ", ": ") for name in wanted if name not in _live(found, module)]
        lasting.append(f'const {{ {", ".join(fixed)} }} = await pageModules.need("{module}");\n')
        if len(fixed) < len(wanted):
            # What its module sets anew is looked up there every time.
            heads.append(f'with (await pageModules.need("{module}")) ')
    exported = [name for _, name in _EXPORTS.findall(source)]
    exported += [name.strip() for names in _LIST.findall(source) for name in names.split(",")]
    source = _IMPORTS.sub("", source)
    source = _LIST.sub("", source)
    source = _EXPORTS.sub(r"\1 \2", source)
    if _DEFAULT.search(source):
        source = _DEFAULT.sub("const standard = ", source)
    source = _LATER.sub(lambda match: f"pageModules.load({match[1]}{normpath(join(dirname(path), match[2]))}", source)
    source = source.replace("import.meta.url", f'pageModules.here("{path}")')
    if left := _LEFT.search(source):
        raise ValueError(f"{path} cannot be made part of a script: {source[left.start() :].splitlines()[0]}")
    getters = [f"get {name}() {{ return {name}; }}" for name in exported]
    if "const standard = " in source:
        getters.append("default: standard")
    body = f'"use strict";\n{"".join(lasting)}{_bare(source)}return {{ __proto__: null, {", ".join(getters)} }};\n'
    begin = f'pageModules.add("{path}", async () => {{ {"".join(heads)}return (async () => {{\n'
    return f"{begin}{body}}})(); }});\n"


def _bare(source: str) -> str:
    """Return a script without comments on lines of their own and indents, unless it has a text over several lines."""
    bare = _INDENTS.sub("", _COMMENTS.sub("", source))
    return source if any(line.count("`") % 2 for line in bare.splitlines()) else bare
