"""The packs of the document: reading them, and the encryption with its known vectors."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from gameserver.consoles.events import Joined, Left, Printed, Said, Started, Stopped
from gameserver.protocols.kwo.crypto import CannotDecrypt, PackCipher
from gameserver.protocols.kwo.encoders import Form, pack
from gameserver.protocols.kwo.messages import RunCommand, SendText, Start, Stop, Undecodable, decode


def read(message: Any, plain: bool = True, cipher: PackCipher | None = None) -> Any:
    payload = message if isinstance(message, bytes) else json.dumps(message).encode()
    try:
        return decode(payload, cipher, plain=plain)[0]
    except Undecodable as error:
        return error


def action(name: Any, params: Any) -> dict[str, Any]:
    return {"type": "pack", "action": name, "params": params}


def encrypted(cipher: PackCipher, message: Any, outer: str = "encrypted", mode: str = "aes_cbc_pck7padding") -> bytes:
    raw = cipher.encrypt(message if isinstance(message, bytes) else json.dumps(message).encode())
    return json.dumps({"type": outer, "params": {"mode": mode, "raw": raw}}).encode()


class CipherTests(SynchronousTestCase):
    def test_known_vectors(self) -> None:
        cipher = PackCipher("passwd")
        self.assertEqual(cipher.encrypt(b'{"type":"pack"}'), "L8CbfqQ860TT7aDD4GNV/g==")
        text = '{"type":"pack","action":"runcmdrequest","params":{"cmd":"say 你好","id":"1"}}'
        raw = "uc2row8fn6kEFfrGlZjJDfwgSpm5tF5XE1tyGFv5ib7XKaazHb8pl44eik8E/"
        raw += "MJnkYLxF3lddmFvb3BII8mkK0aAr2G5C4z551a3BBujUlo="
        self.assertEqual(cipher.encrypt(text.encode()), raw)
        self.assertEqual(cipher.decrypt(raw).decode(), text)

    def test_what_cannot_be_decrypted(self) -> None:
        cipher = PackCipher("passwd")
        for raw in (
            "",
            "AAAA",
            "L8CbfqQ860TT7aDD4GNV/g",
            "L8Cbfq Q860TT7aDD4GNV/g==",
            "你好",
            "=" * 24,
            "A" * 22 + "==",
        ):
            self.assertRaises(CannotDecrypt, cipher.decrypt, raw)
        self.assertRaises(CannotDecrypt, PackCipher("other").decrypt, "L8CbfqQ860TT7aDD4GNV/g==")

    @settings(max_examples=100, deadline=None)
    @given(st.binary(max_size=100), st.text(min_size=1, max_size=20))
    def test_there_and_back(self, plain: bytes, password: str) -> None:
        cipher = PackCipher(password)
        self.assertEqual(cipher.decrypt(cipher.encrypt(plain)), plain)


class DecodingTests(SynchronousTestCase):
    def test_the_actions_and_their_synonyms(self) -> None:
        self.assertEqual(read(action("sendtext", {"text": "你好", "id": [1]})), SendText("你好"))
        self.assertEqual(read(action("runcmdrequest", {"cmd": " list ", "id": "1"})), RunCommand(" list ", b'"1"'))
        for name, expected in (
            ("start", Start()),
            ("startrequest", Start()),
            ("stop", Stop()),
            ("stoprequest", Stop()),
        ):
            self.assertEqual(read(action(name, {})), expected)
            self.assertEqual(read(action(name, {"id": "1", "more": None})), expected)

    def test_ids_keep_type_and_value(self) -> None:
        right: list[Any] = ["", "1", "你好", 'a"b\\', 0, -1, 2**63, 10**40]
        wrong: list[Any] = [None, 1.5, True, [], {}]
        for number in right:
            found = read(action("runcmdrequest", {"cmd": "list", "id": number}))
            self.assertEqual(json.loads(found.id), number)
        for number in wrong:
            self.assertIsInstance(read(action("runcmdrequest", {"cmd": "list", "id": number})), Undecodable)

    def test_what_is_no_pack(self) -> None:
        wrong: list[Any] = [
            b"",
            b"hello",
            b"\xff\xfe",
            b"[" * 100000,
            b'{"type":"pack","action":"start","params":{"a":' + b"[" * 100000,
            b'{"type":"pack","action":"start","params":{"a":"\xff"}}',
            b'{"type":"pack","action":"sendtext","params":{"text":"\\ud800"}}',
            b'{"type":"pack","action":"start","params":{}} {}',
            [],
            1,
            None,
            {},
            {"type": "pack"},
            {"type": "text", "action": "start", "params": {}},
            {"type": 1, "action": "start", "params": {}},
            {"type": "pack", "action": "start"},
            {"type": "pack", "params": {}},
            action("start", None),
            action("start", []),
            action("stop", "now"),
            action("kill", {}),
            action(5, {}),
            action("sendtext", {}),
            action("sendtext", {"text": 5}),
            action("sendtext", {"text": None}),
            action("sendtext", {"text": "x" * 16001}),
            action("runcmdrequest", {"cmd": "list"}),
            action("runcmdrequest", {"id": "1"}),
            action("runcmdrequest", {"cmd": 5, "id": "1"}),
            action("runcmdrequest", {"cmd": "", "id": "1"}),
            action("runcmdrequest", {"cmd": " ", "id": "1"}),
            action("runcmdrequest", {"cmd": "list\nstop", "id": "1"}),
            action("runcmdrequest", {"cmd": "list\r", "id": "1"}),
            action("runcmdrequest", {"cmd": "list\u2028stop", "id": "1"}),
            action("runcmdrequest", {"cmd": "list\0", "id": "1"}),
            action("runcmdrequest", {"cmd": "x" * 8001, "id": "1"}),
            {"type": "encrypted", "params": {"mode": "aes_cbc_pck7padding", "raw": "L8CbfqQ860TT7aDD4GNV/g=="}},
        ]
        for message in wrong:
            self.assertIsInstance(read(message), Undecodable, message)

    def test_encrypted_frames(self) -> None:
        cipher = PackCipher("passwd")
        start = action("start", {})
        for outer in ("encrypt", "encrypted"):
            for mode in ("aes_cbc_pck7padding", "aes_cbc_pkcs7padding"):
                payload = encrypted(cipher, start, outer, mode)
                self.assertEqual(decode(payload, cipher, plain=False), (Start(), True))
        wrong = [
            start,
            encrypted(PackCipher("other"), start),
            encrypted(cipher, start, mode="aes256"),
            encrypted(cipher, encrypted(cipher, start)),
            encrypted(cipher, b"hello"),
            encrypted(cipher, b"\xff"),
            encrypted(cipher, action("kill", {})),
            {"type": "encrypted"},
            {"type": "encrypted", "params": None},
            {"type": "encrypted", "params": {"raw": "L8CbfqQ860TT7aDD4GNV/g=="}},
            {"type": "encrypted", "params": {"mode": "aes_cbc_pck7padding", "raw": 5}},
        ]
        for message in wrong:
            self.assertIsInstance(read(message, False, cipher), Undecodable, message)

    @settings(max_examples=200, deadline=None)
    @given(st.binary(max_size=200))
    def test_nothing_else_comes_out_of_junk(self, payload: bytes) -> None:
        self.assertIsInstance(read(payload), Undecodable)


class EncodingTests(SynchronousTestCase):
    def test_every_cause_to_the_letter(self) -> None:
        form = Form(None)
        events = {
            Joined("lition"): '{"type":"pack","cause":"join","params":{"sender":"lition"}}',
            Left("lition"): '{"type":"pack","cause":"left","params":{"sender":"lition"}}',
            Said("lition", "a|b"): '{"type":"pack","cause":"chat","params":{"sender":"lition","text":"a|b"}}',
            Printed("哼哼"): '{"type":"pack","cause":"plantext","params":{"text":"哼哼"}}',
            Started(): '{"type":"pack","cause":"start","params":{}}',
            Stopped(): '{"type":"pack","cause":"stop","params":{}}',
        }
        for event, expected in events.items():
            payload = form.encoders[type(event)](event)
            assert payload is not None
            self.assertEqual(payload[2:].decode(), expected)
        feedback = '{"type":"pack","cause":"runcmdfeedback","params":{"result":"a\\nb","id":12}}'
        self.assertEqual(form.feedback(b"12", "a\nb")[2:].decode(), feedback)
        self.assertEqual(
            form.failed("no")[2:].decode(), '{"type":"pack","cause":"decodefailed","params":{"msg":"no"}}'
        )
        self.assertEqual(form.debug("yes")[2:].decode(), '{"type":"pack","cause":"debug","params":{"msg":"yes"}}')

    def test_half_a_surrogate_pair_becomes_a_question_mark(self) -> None:
        self.assertEqual(json.loads(pack("chat", sender="a", text="\ud800"))["params"]["text"], "?")

    def test_the_encrypted_form(self) -> None:
        cipher = PackCipher("passwd")
        # Behind two bytes of the frame's head and two of its length.
        payload = json.loads(Form(cipher).debug("yes")[4:])
        self.assertEqual(payload["type"], "encrypted")
        self.assertEqual(payload["params"]["mode"], "aes_cbc_pck7padding")
        self.assertEqual(cipher.decrypt(payload["params"]["raw"]), pack("debug", msg="yes"))
