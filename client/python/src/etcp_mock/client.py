"""A merchant's typed client of the platform's twelve endpoints (§9)."""

from __future__ import annotations

import http.client
import inspect
import ipaddress
import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Callable, Iterator, Mapping, Optional, TypeVar, Union

from .errors import NotEnvelopeError, PlatformError, TransportError
from .signing import sign_request
from .values import SHANGHAI, format_time, format_yuan, parse_time, parse_yuan

Amount = Union[str, int, Decimal]
Time = Union[str, datetime]
T = TypeVar("T")

_BY_GET = {"uservalidatecode", "orderhistory", "orderunpay", "carnum"}
_MOST = 16 << 20  # bytes of an answer


@dataclass(frozen=True)
class Answer:
    """An envelope as it came, whatever its code."""

    code: int
    message: str
    data: Any  # None where there was none; numbers with a point are Decimal
    http_status: int
    reason: str  # X-Mock-Reason: the mock's word for a refusal
    request_id: str  # X-Mock-Request-Id: the journal's entry


@dataclass(frozen=True)
class HistoryOrder:
    """A finished stay (§9.6)."""

    order_id: str
    car_number: str  # not masked
    parking_id: str
    parking_name: str
    entrance_time: datetime
    exit_time: datetime
    parking_fee: Decimal  # yuan, the whole fee
    actual: Decimal  # yuan, what of it was paid in cash


@dataclass(frozen=True)
class UnpaidOrder:
    """A stay with its fee so far (§9.7)."""

    order_id: str
    car_number: str  # masked: 渝****87
    parking_id: str
    parking_name: str
    entrance_time: datetime
    exit_time: datetime  # the platform's now, while the car is parked
    parking_fee: Decimal  # yuan
    remaining_fee: Decimal  # yuan, what is to be paid
    verification_info: str  # goes into the payment as it is


@dataclass(frozen=True)
class Receipt:
    """The platform's record of a payment (§9.8)."""

    order_id: str
    external_order_id: str
    pay_order_id: str
    payment: Decimal  # yuan
    pay_time: datetime


@dataclass(frozen=True)
class Parking:
    """A car park in a list (§9.10), all of it text as the platform sends it."""

    id: str
    parking_name: str
    type: str
    min_free_time: str  # minutes
    avg_cost_precise: str  # yuan an hour, an estimate
    parking_type: str  # "8" ground, "7" underground, "146" both
    distance: str  # "352m"; "" in a list by city
    lon: str
    lat: str


@dataclass(frozen=True)
class ParkingPage:
    """One page of car parks. An empty list is past the end."""

    list: list[Parking]
    scroll_id: str


@dataclass(frozen=True)
class ParkingStatus:
    """How full a car park is (§9.11)."""

    total_space: str
    time: datetime
    status: str  # 充足, 紧张 or 已满


class Client:
    """Calls the platform as one merchant. It keeps no tokens: a token belongs to a user. Safe for several threads.

    Every method raises :class:`PlatformError` where the code is not 0, :class:`TransportError` where no answer came, and
    :class:`NotEnvelopeError` where the answer is none of the platform's.
    """

    def __init__(self, base_url: str, merchant_no: str, key: str, *, timeout: float = 30.0,
                 clock: Optional[Callable[[], datetime]] = None, whitespace: str = "exact") -> None:
        """``clock`` gives the time of ``time_stamp`` (default: now), ``timeout`` is in seconds, ``whitespace`` is the
        platform's rule sign.whitespace."""
        if not base_url.lower().startswith(("http://", "https://")):
            raise ValueError(f"base_url: want http:// or https:// and a host, such as http://127.0.0.1:8787, got {base_url!r}")
        self.base_url = base_url.rstrip("/")
        self.merchant_no = merchant_no
        self._key, self._timeout, self._whitespace = key, timeout, whitespace
        self._clock = clock or (lambda: datetime.now(SHANGHAI))
        self._opener = opener_for(self.base_url)

    def __repr__(self) -> str:
        return f"Client({self.base_url!r}, {self.merchant_no!r})"  # the key reaches no output

    def call(self, endpoint: str, data: Union[str, Mapping[str, Any]]) -> Answer:
        """Signs ``data`` and sends it. A str is sent as it is; of a mapping, what is None is left out. No code is an error here."""
        if not isinstance(data, str):
            present = {name: value for name, value in data.items() if value is not None}
            data = json.dumps(present, ensure_ascii=False, separators=(",", ":"))
        stamp = self._clock().astimezone(SHANGHAI).strftime("%Y%m%d%H%M%S")
        form = urllib.parse.urlencode({
            "merchant_no": self.merchant_no, "time_stamp": stamp, "data": data,
            "sign": sign_request(data, self._key, stamp, self._whitespace),
        })
        url = f"{self.base_url}/merchant/open/1.0.0/openapi/{urllib.parse.quote(endpoint, safe='')}"
        if endpoint in _BY_GET:
            request = urllib.request.Request(f"{url}?{form}")
        else:
            request = urllib.request.Request(url, form.encode(), {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"})
        status, headers, body = self._send(endpoint, request)
        try:
            envelope = json.loads(body, parse_float=Decimal)
        except ValueError:
            raise NotEnvelopeError(endpoint, "not JSON", status, body) from None
        code = envelope.get("code") if isinstance(envelope, dict) else None
        if not isinstance(code, int) or isinstance(code, bool):
            raise NotEnvelopeError(endpoint, "no code", status, body)
        return Answer(code, str(envelope.get("message", "")), envelope.get("data"), status,
                      headers.get("X-Mock-Reason", ""), headers.get("X-Mock-Request-Id", ""))

    def _send(self, endpoint: str, request: urllib.request.Request) -> tuple[int, Mapping[str, str], bytes]:
        try:
            try:
                answer = self._opener.open(request, timeout=self._timeout)
            except urllib.error.HTTPError as e:  # 404, 405, 413 and 503 carry the envelope too
                answer = e
            with answer:
                return answer.status, answer.headers, answer.read(_MOST)
        except urllib.error.URLError as e:
            raise self._unanswered(endpoint, e.reason) from None  # the request's URL holds a token
        except (OSError, http.client.HTTPException) as e:
            raise self._unanswered(endpoint, e) from None

    def _unanswered(self, endpoint: str, why: object) -> TransportError:
        platform = urllib.parse.urlsplit(self.base_url)
        return TransportError(f"etcp {endpoint}: no answer from {platform.scheme}://{platform.netloc.rpartition('@')[2]}: {why}")

    def _data(self, endpoint: str, data: Mapping[str, Any], read: Callable[[Any], T]) -> T:
        for name, value in data.items():
            if value is not None and not isinstance(value, (str, int)):
                method = {"usersigin": "user_signin"}.get(endpoint) or next(m for m in vars(Client) if m.replace("_", "") == endpoint)
                wanted = ", ".join(f"{each}=…" for each in inspect.signature(getattr(self, method)).parameters)
                raise TypeError(f"{method}({wanted}): {_snake(name)} is a str, not {type(value).__name__}")
        answer = self.call(endpoint, data)
        if answer.code != 0:
            raise PlatformError(endpoint, answer.code, answer.message, answer.reason, answer.request_id)
        try:
            return read(answer.data)
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as e:
            body = json.dumps(answer.data, ensure_ascii=False, default=str).encode()
            raise NotEnvelopeError(endpoint, f"unexpected data ({type(e).__name__} {e})", answer.http_status, body) from None

    def user_validate_code(self, mobile_phone: str) -> None:
        """Has a code sent by SMS (§9.1). Again within a minute: ``Code.SMS_FAILED``."""
        self._data("uservalidatecode", {"mobilePhone": mobile_phone}, _nothing)

    def user_login(self, mobile_phone: str, code: str, app_id: str) -> str:
        """Logs a user in with the code of an SMS and gives the token (§9.2). A wrong code: ``Code.WRONG_SMS_CODE``."""
        return self._data("userlogin", {"mobilePhone": mobile_phone, "code": code, "appId": app_id}, _token)

    def user_signin(self, mobile_phone: str, app_id: str, car_number: Optional[str] = None) -> str:
        """Logs in a user whom the merchant vouches for and gives the token (§9.3; the path is ``usersigin``)."""
        return self._data("usersigin", {"mobilePhone": mobile_phone, "appId": app_id, "carNumber": car_number}, _token)

    def bind_car(self, token: str, plate_number: str, plate_color: Optional[str] = None) -> None:
        """Binds a vehicle to the user (§9.4). Colours: "1" blue (default), "2" black, "3" yellow, "4" white."""
        self._data("bindcar", {"token": token, "plateNumber": plate_number, "plateColor": plate_color}, _nothing)

    def unbind_car(self, token: str, plate_number: str) -> None:
        """Ends the user's binding of a plate, in all its colours (§9.5)."""
        self._data("unbindcar", {"token": token, "plateNumber": plate_number}, _nothing)

    def order_history(self, token: str) -> list[HistoryOrder]:
        """The stays that ended within the last seven days, the newest entrance first (§9.6)."""
        return self._data("orderhistory", {"token": token}, lambda data: [HistoryOrder(
            order_id=x["orderId"], car_number=x["carNumber"], parking_id=str(x["parkingId"]), parking_name=x["parkingName"],
            entrance_time=parse_time(x["entranceTime"]), exit_time=parse_time(x["exitTime"]),
            parking_fee=parse_yuan(x["parkingFee"]), actual=parse_yuan(x["actual"])) for x in data])

    def order_unpay(self, token: str, plate_number: str, app_id: Optional[str] = None) -> list[UnpaidOrder]:
        """What a car owes (§9.7). No car, or nothing owed: an empty list."""
        return self._data("orderunpay", {"token": token, "plateNumber": plate_number, "appId": app_id}, lambda data: [UnpaidOrder(
            order_id=x["orderId"], car_number=x["carNumber"], parking_id=str(x["parkingId"]), parking_name=x["parkingName"],
            entrance_time=parse_time(x["entranceTime"]), exit_time=parse_time(x["exitTime"]),
            parking_fee=parse_yuan(x["parkingFee"]), remaining_fee=parse_yuan(x["remainingFee"]),
            verification_info=x["verificationInfo"]) for x in data])

    def order_paid(self, *, token: str, order_id: str, external_order_id: str, payment: Amount, pay_time: Time,
                   verification_info: str, app_id: Optional[str] = None) -> Receipt:
        """Reports that the user has paid (§9.8). The same payment again is safe and gives the first receipt. Another amount
        than is owed: ``Code.WRONG_AMOUNT``; nothing left to pay: ``Code.ORDER_UPDATE_FAILED``; an ``external_order_id`` that
        paid for something else: ``Code.ORDER_CREATE_FAILED``."""
        return self._data("orderpaid", {
            "token": token, "orderId": order_id, "externalOrderId": external_order_id, "payment": format_yuan(payment),
            "payTime": format_time(pay_time), "verificationInfo": verification_info, "appId": app_id,
        }, lambda x: Receipt(order_id=x["orderId"], external_order_id=x["externalOrderId"], pay_order_id=x["payOrderId"],
                             payment=parse_yuan(x["payment"]), pay_time=parse_time(x["payTime"])))

    def car_retrieve(self, token: str, plate_number: str, car_frame_num: str, car_engine_num: str,
                     plate_color: Optional[str] = None) -> None:
        """Proves that the user owns a vehicle, by VIN and engine number (§9.9). From then on its pushes are not masked."""
        self._data("carretrieve", {"token": token, "plateNumber": plate_number, "carFrameNum": car_frame_num,
                                   "carEngineNum": car_engine_num, "plateColor": plate_color}, _nothing)

    def surrounding_parking(self, *, lat: Optional[str] = None, lon: Optional[str] = None, radius: Optional[str] = None,
                            city: Optional[str] = None, pay_type: Optional[str] = None,
                            scroll_id: Optional[str] = None) -> ParkingPage:
        """One page of car parks: around a point (BD-09 degrees as text, radius in metres "500" to "5000"), in a city, or the
        page after ``scroll_id`` (§9.10). ``pay_type="1"``: only with electronic payment."""
        return self._data("surroundingparking", {"lat": lat, "lon": lon, "radius": radius, "city": city, "payType": pay_type,
                                                 "scrollId": scroll_id}, _page)

    def parkings(self, **query: Optional[str]) -> Iterator[Parking]:
        """All pages of a :meth:`surrounding_parking`, car park by car park."""
        while True:
            page = self.surrounding_parking(**query)
            yield from page.list
            if not page.list or not page.scroll_id:
                return
            query["scroll_id"] = page.scroll_id

    def parking_status(self, parking_id: str) -> ParkingStatus:
        """How full a car park is (§9.11). An unknown one: ``Code.FAILED``."""
        return self._data("parkingstatus", {"parkingId": parking_id},
                          lambda x: ParkingStatus(str(x["totalSpace"]), parse_time(x["time"]), x["status"]))

    def car_num(self, token: str) -> int:
        """How many vehicles the user has bound, through whichever merchant (§9.12)."""
        return self._data("carnum", {"token": token}, lambda x: int(x["number"]))


def _snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name)


def _nothing(_: Any) -> None:
    return None


def _token(data: Any) -> str:
    if not isinstance(data["token"], str) or not data["token"]:
        raise ValueError("no token")
    return data["token"]


def _page(data: Any) -> ParkingPage:
    return ParkingPage([Parking(
        id=str(x["id"]), parking_name=x["parkingName"], type=x["type"], min_free_time=str(x["minFreeTime"]),
        avg_cost_precise=str(x["avgCostPrecise"]), parking_type=str(x["parkingType"]), distance=x["distance"],
        lon=x["lon"], lat=x["lat"]) for x in data["list"]], data["scrollId"])


def opener_for(url: str) -> urllib.request.OpenerDirector:
    """An opener that reaches this machine's own addresses without the environment's proxy."""
    host = urllib.parse.urlsplit(url).hostname or ""
    try:
        here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = host == "localhost" or host.endswith(".localhost")
    return urllib.request.build_opener(urllib.request.ProxyHandler({})) if here else urllib.request.build_opener()
