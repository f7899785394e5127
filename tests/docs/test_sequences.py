"""The reader and player of the pages' message sequences."""

from __future__ import annotations

from twisted.trial.unittest import TestCase

from tests.docs.sequences import Step, filled, matches, play, sequences

PAGE = """\
# A page

```{sequence} greeting
# nobody is there
> hello
@anne< hello,  world
@bob# hangs up

<
```

```python
> not a sequence
```

````{sequence} with fences
> ```
````
"""


class Echo:
    """Answers with what it was sent, and with the client's name first."""

    def __init__(self, name: str) -> None:
        self.said = [name]

    def send(self, text: str) -> None:
        self.said.append(text)

    async def receive(self) -> str:
        return self.said.pop(0)


class ReadingTests(TestCase):
    def test_steps_are_read_with_client_direction_and_text(self) -> None:
        found = sequences(PAGE)
        self.assertEqual(list(found), ["greeting", "with fences"])
        expected = [
            Step("", "#", "nobody is there"),
            Step("", ">", "hello"),
            Step("anne", "<", "hello,  world"),
            Step("bob", "#", "hangs up"),
            Step("", "<", ""),
        ]
        self.assertEqual(found["greeting"], expected)
        self.assertEqual(found["with fences"], [Step("", ">", "```")])

    def test_a_line_that_is_no_step_or_a_block_without_its_own_name_is_refused(self) -> None:
        for block in ("```{sequence} a\nhello\n```", "```{sequence}\n> a\n```", "```{sequence} a\n```\n" * 2):
            with self.assertRaises(ValueError):
                sequences(block)

    def test_an_expected_line_may_leave_parts_open(self) -> None:
        self.assertTrue(matches('{"a":…,"b":…}', '{"a":1,"b":"x.y"}'))
        self.assertTrue(matches("a.b", "a.b"))
        self.assertFalse(matches("a.b", "axb"))
        self.assertFalse(matches("a…b", "abc"))
        kept: dict[str, str] = {}
        self.assertTrue(matches('{"token":"«token»"}', '{"token":"t1"}', kept))
        self.assertEqual(kept, {"token": "t1"})
        self.assertFalse(matches("again «token»", "again t2", kept))
        self.assertTrue(matches("«a» and «a»", "x and x"))
        self.assertFalse(matches("«a» and «a»", "x and y"))
        self.assertEqual(filled("use «token» and «other»", kept), "use t1 and «other»")


class PlayingTests(TestCase):
    async def run_page(self, body: str) -> dict[str, str]:
        async def connect(name: str) -> Echo:
            return Echo(name)

        async def remark(client: str, text: str) -> None:
            self.remarks.append((client, text))

        self.remarks: list[tuple[str, str]] = []
        (steps,) = sequences(f"```{{sequence}} x\n{body}\n```").values()
        return await play(steps, connect, remark)

    async def test_each_client_has_its_own_connection_and_what_is_kept_is_used_again(self) -> None:
        kept = await self.run_page("@a< «who»\n@b< b\n@b> I saw «who»\n@b< I saw a\n@b# leaves")
        self.assertEqual(kept, {"who": "a"})
        self.assertEqual(self.remarks, [("b", "leaves")])

    async def test_another_answer_fails_with_the_step(self) -> None:
        with self.assertRaisesRegex(AssertionError, "step 2 for a: expected one, got a"):
            await self.run_page("@a> two\n@a< one")
