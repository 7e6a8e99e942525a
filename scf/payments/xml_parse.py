"""Bank messages from outside into a tree, safely.

Refuses document type declarations, entities, files above a size and whatever is not well-formed XML; never fetches
anything. Namespaces are dropped from the tree, so that the readers work by local names: banks use their own schema
variants.
"""

from lxml import etree

from scf.errors import FileRefused

SIZE_MAX = 50_000_000


def parse(payload: bytes, advice: str, size_max: int = SIZE_MAX) -> etree._Element:
    """The root of a document of at most `size_max` bytes, its names without namespaces.

    `advice` says in the refusal what to send instead. Raises `FileRefused`.
    """
    if len(payload) > size_max:
        raise FileRefused(f"the file has {len(payload)} bytes, more than {size_max}; split it and send the parts")
    if b"<!DOCTYPE" in payload or b"<!ENTITY" in payload:
        raise _declares_types(advice)
    root = _tree(payload, advice)
    # UTF-16 hides the declaration from the search in the bytes above.
    if root.getroottree().docinfo.internalDTD is not None:
        raise _declares_types(advice)
    _drop_namespaces(root)
    return root


def text_at(element: etree._Element, *paths: str) -> str:
    """The text at the first path that has any, its white space collapsed; '' when none has."""
    for path in paths:
        found = collapsed(element.findtext(path))
        if found:
            return found
    return ""


def collapsed(text: str | None) -> str:
    """Text with every run of white space made one blank, and none at the ends."""
    return " ".join((text or "").split())


def _tree(payload: bytes, advice: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(payload, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FileRefused(f"the file is not well-formed XML ({error}); {advice}") from None


def _declares_types(advice: str) -> FileRefused:
    return FileRefused(f"the file declares a document type or entities, which bank messages never need; {advice}")


def _drop_namespaces(root: etree._Element) -> None:
    for element in root.iter(etree.Element):
        tag = str(element.tag)
        if tag.startswith("{"):
            element.tag = tag[tag.index("}") + 1 :]
