"""What of a file stands beside an invoice: the whole document, or the headings and the lines around a row."""

from invoices.excerpt import CHARACTERS_MAX, excerpt

LIST = "number,amount\n" + "\n".join(f"INV-{n},{n}.00" for n in range(2, 12))


def test_a_row_of_a_list_stands_under_its_headings_among_its_neighbours() -> None:
    shown = excerpt(LIST.encode(), 7).splitlines()
    assert shown == ["number,amount", "…", "INV-5,5.00", "INV-6,6.00", "INV-7,7.00", "INV-8,8.00", "INV-9,9.00"]
    assert excerpt(LIST.encode(), 2).splitlines()[:2] == ["number,amount", "INV-2,2.00"]


def test_who_sees_one_row_sees_no_other() -> None:
    assert excerpt(LIST.encode(), 7, 0).splitlines() == ["number,amount", "…", "INV-7,7.00"]
    assert excerpt(LIST.encode(), 2, 0).splitlines() == ["number,amount", "INV-2,2.00"]


def test_a_row_that_cannot_be_found_for_sure_is_not_shown() -> None:
    shifted = 'number,note\nA-1,"two\nlines"\nB-2,secret\nC-3,x\n'
    assert "secret" not in excerpt(shifted.encode(), 4, 0)


def test_lines_of_json_have_no_headings() -> None:
    lines = "\n".join(f'{{"n": {n}}}' for n in range(1, 9))
    assert excerpt(lines.encode(), 5).splitlines() == [f'{{"n": {n}}}' for n in range(3, 8)]


def test_a_document_stands_there_whole_up_to_a_length() -> None:
    assert excerpt(b"<Invoice>\n<ID>1</ID>\n</Invoice>", 1) == "<Invoice>\n<ID>1</ID>\n</Invoice>"
    assert len(excerpt(b"<" + b"x" * CHARACTERS_MAX * 2, 1)) == CHARACTERS_MAX + 2


def test_what_is_no_text_is_shown_as_marks() -> None:
    assert "\N{REPLACEMENT CHARACTER}" in excerpt(b"a\0\xff\xfe", 1)
