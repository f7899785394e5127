"""The generated code is what the source says, the public numbers are kept, and both forms say the same."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

from google.protobuf.json_format import MessageToDict
from twisted.trial.unittest import SkipTest, SynchronousTestCase

from gameserver.protocols.invoker import generate
from gameserver.protocols.invoker.generated import api_pb2
from gameserver.protocols.invoker.messages import Message
from gameserver.protocols.invoker.protobuf import encode_binary, to_builtins
from tests.directories import temporary_directory

#: Numbers that were public before our own file: message, and its fields by number.
PUBLIC = {
    "WebSocketMessage": {1: "id", 2: "type", 3: "timestamp"},
    "SubscribeRequest": {1: "player_id", 2: "event_types", 3: "filters"},
    "BetActivityEvent": {
        1: "masked_player_id",
        2: "bet_amount",
        3: "currency",
        4: "potential_win",
        5: "multiplier",
        6: "is_win",
        7: "win_amount",
        8: "timestamp",
        9: "country_code",
    },
    "BetActivityBatch": {
        1: "activities",
        2: "total_count",
        3: "sampled_count",
        4: "period_start",
        5: "period_end",
        6: "sequence",
    },
    "BalanceUpdateEvent": {1: "balance", 2: "currency", 3: "timestamp"},
    "KenoParams": {1: "selected_numbers", 2: "difficulty"},
    "KenoOutcome": {
        1: "selected_numbers",
        2: "drawn_numbers",
        3: "matched_numbers",
        4: "selected_count",
        5: "matched_count",
        6: "payout",
    },
    "ErrorMessage": {1: "code", 2: "message", 3: "request_id"},
    "GameConfig": {
        1: "id",
        2: "game_name",
        3: "game_id",
        4: "category",
        5: "status",
        6: "description",
        8: "default_rtp",
        10: "bet_info",
        11: "game_parameters",
    },
    "BetInfo": {1: "currency", 2: "currency_type", 3: "default_bet", 4: "min_bet", 5: "max_bet", 6: "max_profit"},
}


class GeneratedTests(SynchronousTestCase):
    def test_the_generated_code_is_what_the_source_says(self) -> None:
        if find_spec("grpc_tools") is None:
            raise SkipTest("grpcio-tools is not installed")
        target = temporary_directory()
        generate.generate(target)
        for name in ("api_pb2.py", "api_pb2.pyi"):
            kept = (generate.HERE / "generated" / name).read_text("utf-8")
            self.assertEqual((target / name).read_text("utf-8"), kept, f"{name} has to be generated anew")

    def test_public_numbers_are_kept(self) -> None:
        for name, fields in PUBLIC.items():
            described = api_pb2.DESCRIPTOR.message_types_by_name[name].fields_by_number
            self.assertEqual({number: described[number].name for number in fields}, fields, name)
        events = api_pb2.DESCRIPTOR.enum_types_by_name["EventType"].values_by_number
        self.assertEqual(events[7].name, "EVENT_TYPE_BET_ACTIVITY")
        self.assertEqual(events[10].name, "EVENT_TYPE_BALANCE_UPDATE")
        self.assertEqual(len(events), 11)

    def test_our_own_numbers_are_frozen(self) -> None:
        lines = sorted(
            f"{message.name} {field.number} {field.name} {field.type}"
            for message in api_pb2.DESCRIPTOR.message_types_by_name.values()
            for field in message.fields
        )
        kept = (Path(__file__).parent / "frozen_fields.txt").read_text("ascii").splitlines()
        missing = [line for line in kept if line not in lines]
        self.assertEqual(missing, [], "a number that clients know has been changed or taken away")

    def test_every_request_has_a_payload(self) -> None:
        names = {field.name for field in api_pb2.WebSocketMessage.DESCRIPTOR.oneofs_by_name["payload"].fields}
        for kind in Message.__args__:
            self.assertIn(f"{kind.__struct_config__.tag.lower()}_request", names)

    def test_times_stay_numbers_where_the_stock_converter_makes_texts(self) -> None:
        payload = {"message": "x", "gameId": "y", "timestamp": 1_704_067_200_000}
        message = api_pb2.WebSocketMessage.FromString(encode_binary("a", "INITIALIZATION_COMPLETE", payload))
        self.assertEqual(to_builtins(message.initialization_complete), payload)
        stock = MessageToDict(message.initialization_complete)
        self.assertEqual(stock, {**payload, "timestamp": "1704067200000"})
        self.assertIsInstance(json.dumps(payload), str)

    def test_a_key_that_the_source_does_not_know_is_our_mistake(self) -> None:
        with self.assertRaises(KeyError):
            encode_binary("a", "GET_BALANCE", {"nonsense": 1})
