"""JSON commands in every form that clients send."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from gameserver.games.api import Command
from gameserver.protocols.kassel.game.commands import BadCommand, Truncated, camel, decode


class Forms(SynchronousTestCase):
    def test_forms_of_the_document(self) -> None:
        for line, command in (
            ('{"@action":"DRAW_CARD"}', Command("DRAW_CARD")),
            (
                '{"@action":"CHANGE_USER_COLOR","properties":{"entry":{"key":"color","value":"FFFF00"}}}',
                Command("CHANGE_USER_COLOR", {"color": "FFFF00"}),
            ),
            (
                '{"@action":"PLACE_MEEPLE","properties":{"entry":[{"key":"meeple","value":"Meeple@c4e732d"},'
                '{"key":"position","value":"1"}]}}',
                Command("PLACE_MEEPLE", {"meeple": "Meeple@c4e732d", "position": "1"}),
            ),
            (
                '{"@action":"CREATE_TOWER","properties":{"entry":{"key":"towertype","value":"ROCKET"},'
                '"entry":{"key":"cell","value":"Cell@d54a23"}}}',
                Command("CREATE_TOWER", {"towertype": "ROCKET", "cell": "Cell@d54a23"}),
            ),
            (
                '{ "properties" : {"entry":[{"value":"x","key":"message"}]}, "@id":"0", "more":[1], '
                '"@action":"message" }',
                Command("MESSAGE", {"message": "x"}),
            ),
            (
                '{"@action":"X","properties":{"entry":[{"key":"level","value":2},{"key":"a","value":null},'
                '{"key":"b","value":true}]}}',
                Command("X", {"level": "2", "b": "true"}),
            ),
            ('{"@action":"NOOP","properties":null}', Command("NOOP")),
            ('{"@action":"NOOP","properties":{}}', Command("NOOP")),
        ):
            self.assertEqual(decode(line), command)

    def test_what_is_no_command(self) -> None:
        for line in (
            "LIST GAMES",
            "[]",
            "1",
            "{}",
            "null",
            '{"@action":5}',
            '{"@action":""}',
            '{"@action":"A B"}',
            '{"action":"NOOP"}',
            '{"@action":"NOOP"} x',
            '{"@action":"X","properties":[]}',
            '{"@action":"X","properties":{"entry":"x"}}',
            '{"@action":"X","properties":{"entry":[{"value":"x"}]}}',
            '{"@action":"X","properties":{"entry":{"key":"a","value":{}}}}',
            '{"@action":NaN}',
            "{“@action”:”NOOP”}",
            "{" * 100_000 + "}",
            '{"@action":"X","properties":{"entry":{"key":"a","value":"' + "y" * 8001 + '"}}}',
            '{"a":' + "9" * 10_000 + "}",
        ):
            with self.assertRaises(BadCommand):
                decode(line)

    def test_a_hint_that_helps(self) -> None:
        straight = 'JSON has straight quotes ("), not {}: write {{"@action":"NOOP"}}.'
        lobby = 'In a game a command is a JSON object: {{"@action":"{}"}}. LEAVE_GAME leaves it.'
        for line, hint in (
            # As the examples of the protocol's own document are printed.
            ("{\u201c@action\u201d:\u201dNOOP\u201d}", straight.format("\u201c")),
            ('{"@action":\u201eNOOP\u201c}', straight.format("\u201e")),
            ("{\u00ab@action\u00bb:\u00abNOOP\u00bb}", straight.format("\u00ab")),
            ("NOOP", lobby.format("NOOP")),
            (" roll_dies ", lobby.format("ROLL_DIES")),
            ("LIST GAMES", lobby.format("NOOP")),
            ("\u201cNOOP\u201d", lobby.format("NOOP")),
        ):
            with self.assertRaises(BadCommand) as caught:
                decode(line)
            self.assertEqual(caught.exception.sentence, hint)
        with self.assertRaises(Truncated):
            decode('{"@action":"MESSAGE","properties":{"entry":{"key":"message","value":"\u201chi\u201d"}},')

    def test_the_beginning_of_a_command(self) -> None:
        whole = '{"@action":"X","properties":{"entry":[{"key":"a","value":"b"}]}}'
        for end in range(1, len(whole)):
            with self.assertRaises(Truncated):
                decode(whole[:end])

    def test_names_of_actions(self) -> None:
        self.assertEqual(camel("PLACE_CARD"), "placeCard")
        self.assertEqual(camel("NOOP"), "noop")
        self.assertEqual(camel("__"), "command")
