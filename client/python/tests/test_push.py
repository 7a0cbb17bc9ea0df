"""Pushes are verified over the body as it came (§10), under each encoding and each rule push.sign_data."""

import json
import urllib.parse
from datetime import timedelta
from decimal import Decimal

import pytest

from etcp_mock import Code, ExitPush, PushError, PushVerifier, sign_push, sign_request

NO, KEY = "M1", "the-key-of-M1"
EXIT = (
    '{"synId":"9e2f","plateNumber":"渝****61","parkName":"A&B <停车场>","parkId":1002559,"entranceTime":"2017-08-17 18:44:19",'
    '"userType":"77","pushTime":"2017-08-19 12:07:20","exitTime":"2017-08-19 12:07:19","stayedTime":148980,"receivableFee":5.50,'
    '"fixParkingId":"","remainingDays":""}')
NOTICE = '{"plateNumber":"渝ATX061","time":"2017-08-20 11:57:51"}'


def signed(data, text=None):
    signment = sign_push(NO, (text or data).encode(), KEY)
    return (data[:-1] + f',"signment":"{signment}"}}').encode()


def form(data, text=None, how=lambda pairs: pairs):
    pairs = [(k, str(v)) for k, v in json.loads(data, parse_float=str).items()]
    pairs.append(("signment", sign_push(NO, (text or data).encode(), KEY)))
    return urllib.parse.urlencode(how(pairs)).encode()


def refused(body, code, content_type="application/json", kind=None, sign_data="json"):
    with pytest.raises(PushError) as e:
        PushVerifier(NO, KEY, sign_data).verify(body, content_type, kind)
    assert e.value.code == code
    assert json.loads(e.value.answer)["code"] == code
    return e.value


def test_vectors(facts):
    for v in facts["vectors"]:
        if v["kind"] == "request":
            assert sign_request(v["data"], v["key"], v["time_stamp"], v["sign.whitespace"]) == v["sign"], v["name"]
            continue
        body = v["body"].rstrip()[:-1] + f',"signment":"{v["sign"]}"}}'
        verifier = PushVerifier(v["merchant_no"], v["key"], v["push.sign_data"])
        kind = None if "synId" in body else "unbind"
        if "plateNumber" in body:
            assert verifier.verify(body.encode(), kind=kind).plate_number
        else:  # signed right, so that what is missing is named
            with pytest.raises(PushError) as e:
                verifier.verify(body.encode(), kind=kind)
            assert e.value.code == Code.MISSING_PARAMETER, v["name"]
        with pytest.raises(PushError) as e:
            PushVerifier(v["merchant_no"], v["key"] + "x", v["push.sign_data"]).verify(body.encode(), kind=kind)
        assert e.value.code == Code.BAD_SIGNATURE


def test_codes(facts):
    assert {int(c): c.message for c in Code} == {c["code"]: c["message"] for c in facts["codes"]}


def test_an_exit_is_read():
    push = PushVerifier(NO, KEY).verify(signed(EXIT))
    assert isinstance(push, ExitPush)
    assert (push.kind, push.park_id, push.stayed, push.receivable_fee) == ("exit", "1002559", timedelta(seconds=148980), Decimal("5.50"))
    assert push.key == ("exit", "9E2F")


@pytest.mark.parametrize("data", [
    EXIT, EXIT.replace("5.50", "150.0"), EXIT.replace("148980", '"148980"'), EXIT.replace("渝", "\\u6e1d").replace("停", "\\/"),
    EXIT.replace(",", " ,\n "), '{ "more" : true , ' + EXIT[1:], EXIT[:-1] + "\n}"])
def test_the_text_itself_is_signed(data):
    assert PushVerifier(NO, KEY).verify(signed(data)).kind == "exit"


def test_signment_may_stand_anywhere():
    signment = f'"signment":"{sign_push(NO, NOTICE.encode(), KEY)}"'
    first, last = NOTICE[1:-1].split(",")
    for body in (f"{{{signment},{first},{last}}}", f"{{{first},{signment},{last}}}", f"{{{first},{last},{signment}}}"):
        assert PushVerifier(NO, KEY).verify(body.encode(), kind="unbind").plate_number == "渝ATX061"


@pytest.mark.parametrize("numbers", range(8))
def test_a_form_does_not_say_what_is_a_number(numbers):
    text = EXIT
    for bit, (name, value) in enumerate({"parkId": "1002559", "stayedTime": "148980", "receivableFee": "5.50"}.items()):
        if numbers & (1 << bit):
            text = text.replace(f'"{name}":{value}', f'"{name}":"{value}"')
    push = PushVerifier(NO, KEY).verify(form(EXIT, text), "application/x-www-form-urlencoded;charset=UTF-8")
    assert push.receivable_fee == Decimal("5.50")


@pytest.mark.parametrize("sign_data", ["values", "query"])
def test_encodings_and_what_is_signed(sign_data):
    values = json.loads(EXIT, parse_float=str)
    text = "".join(map(str, values.values())) if sign_data == "values" else "&".join(f"{k}={v}" for k, v in values.items())
    verifier = PushVerifier(NO, KEY, sign_data)
    in_data = urllib.parse.urlencode({"data": signed(EXIT, text).decode()}).encode()
    assert verifier.verify(signed(EXIT, text)).kind == "exit"
    assert verifier.verify(form(EXIT, text), "application/x-www-form-urlencoded").kind == "exit"
    assert verifier.verify(in_data, "application/x-www-form-urlencoded").kind == "exit"
    refused(signed(EXIT), Code.BAD_SIGNATURE, sign_data=sign_data)


def test_json_in_a_form_parameter():
    body = urllib.parse.urlencode({"data": signed(EXIT).decode()}).encode()
    assert PushVerifier(NO, KEY).verify(body, "application/x-www-form-urlencoded").kind == "exit"


@pytest.mark.parametrize(("body", "code"), [
    (signed(EXIT).replace(b"148980", b"148981"), Code.BAD_SIGNATURE),
    (signed(EXIT).lower(), Code.BAD_SIGNATURE),
    (signed(EXIT).replace("渝".encode(), "京".encode()), Code.BAD_SIGNATURE),
    (signed(EXIT)[:-10] + b'"}', Code.BAD_SIGNATURE),
    (EXIT.encode(), Code.MISSING_PARAMETER),
    (EXIT[:-1].encode() + b',"signment":""}', Code.MISSING_PARAMETER),
    (EXIT[:-1].encode() + b',"signment":5}', Code.MISSING_PARAMETER),
    (signed(EXIT)[:-1] + b',"synId":"other"}', Code.BAD_PARAMETER),
    (signed(EXIT)[:-1], Code.BAD_PARAMETER),
    (signed(EXIT) + b"x", Code.BAD_PARAMETER),
    (b"\xef\xbb\xbf" + signed(EXIT), Code.BAD_PARAMETER),
    (b"\xff", Code.BAD_PARAMETER),
    (b"[]", Code.BAD_PARAMETER),
    (b"", Code.BAD_PARAMETER),
    (signed('{"a":{"b":1}}'), Code.BAD_PARAMETER),
    (signed(EXIT.replace("9e2f", "")), Code.MISSING_PARAMETER),
    (signed(EXIT.replace("2017-08-19 12:07:19", "2017-08-19T12:07:19")), Code.BAD_PARAMETER),
    (signed(EXIT.replace("148980", "-5")), Code.BAD_PARAMETER),
    (signed(NOTICE), Code.BAD_PARAMETER),
])
def test_what_is_refused(body, code):
    refused(body, code)


def test_other_content_types_and_long_bodies():
    assert refused(signed(EXIT), Code.FAILED, "text/plain").http_status == 415
    assert refused(b" " * 65537, Code.FAILED).http_status == 413
    refused(b"a=1&a=2", Code.BAD_PARAMETER, "application/x-www-form-urlencoded")
    refused(b"data=[]", Code.BAD_PARAMETER, "application/x-www-form-urlencoded")
    refused(signed(EXIT), Code.BAD_PARAMETER, kind="unbind")


def test_no_key_verifies_nothing():
    with pytest.raises(ValueError):
        PushVerifier(NO, "")
    assert KEY not in repr(PushVerifier(NO, KEY))


@pytest.mark.parametrize("wrong", [signed(EXIT).decode(), json.loads(signed(EXIT)), None, memoryview(signed(EXIT))])
def test_a_body_that_was_decoded_is_told_to_be_handed_over_raw(wrong):
    with pytest.raises(TypeError, match=f"raw body as bytes, .* but got {type(wrong).__name__}: hand over "):
        PushVerifier(NO, KEY).verify(wrong)
    assert PushVerifier(NO, KEY).verify(bytearray(signed(EXIT))).plate_number
