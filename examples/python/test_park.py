"""A stay from sign-in to exit: requests signed and typed, pushes received and verified, all by client/python.

Run it with pytest where etcp-mock is on the PATH; the mock is started for it.
"""

from datetime import timedelta

import pytest

from etcp_mock import Code, PlatformError


def test_a_car_parks_and_its_owner_pays(etcp_sandbox):
    platform, inbox = etcp_sandbox.client, etcp_sandbox.inbox()
    token = platform.user_signin("13800000001", "my-app")
    platform.bind_car(token, "渝ATX061")

    etcp_sandbox.enter("渝ATX061")
    assert inbox.next("entry").plate_number == "渝****61"

    etcp_sandbox.advance("1h30m")  # the clock stands until the test moves it
    [owed] = platform.order_unpay(token, "渝ATX061")
    assert owed.remaining_fee == 10

    pay = dict(token=token, order_id=owed.order_id, external_order_id="E1", pay_time=etcp_sandbox.now(), verification_info=owed.verification_info)
    with pytest.raises(PlatformError) as refused:
        platform.order_paid(payment=9, **pay)
    assert (refused.value.code, refused.value.reason) == (Code.WRONG_AMOUNT, "payment-mismatch")
    platform.order_paid(payment=owed.remaining_fee, **pay)
    etcp_sandbox.saw("orderpaid", {"payment": 10}, code=0)

    etcp_sandbox.exit("渝ATX061")
    assert inbox.next("exit").stayed == timedelta(minutes=90)
