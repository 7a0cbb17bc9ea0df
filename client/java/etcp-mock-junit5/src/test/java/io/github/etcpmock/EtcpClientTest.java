package io.github.etcpmock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.github.etcpmock.junit5.EtcpMockTest;
import io.github.etcpmock.testing.EtcpMock;
import io.github.etcpmock.testing.Inbox;
import io.github.etcpmock.testing.MockException;
import io.github.etcpmock.testing.Order;
import io.github.etcpmock.testing.Sandbox;
import io.github.etcpmock.testing.SandboxOptions;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The twelve calls against a mock, and the harness that drives it. */
@EtcpMockTest
class EtcpClientTest {
    private static final String PHONE = "13800000001";
    private static final String PLATE = "渝ATX061";

    @Test
    void theTwelveCalls(Sandbox s) {
        EtcpClient c = s.client();
        Inbox inbox = s.inbox();
        c.userValidateCode(PHONE);
        String token = c.userLogin(PHONE, s.sms(PHONE), "my-app");
        assertNotEquals(token, c.userSignin(PHONE, "other-app"));
        c.bindCar(token, PLATE, PlateColor.BLUE);
        assertEquals(1, c.carNum(token));

        Order order = s.enter(PLATE);
        EntryPush entry = inbox.next(EntryPush.class);
        assertEquals(List.of(order.orderId(), "渝****61"), List.of(entry.synId(), entry.plateNumber()));
        c.carRetrieve(token, PLATE, "LVSHBFDC7RF414158", "DA01991");
        LocalDateTime later = LocalDateTime.of(2017, 8, 20, 13, 30);
        assertEquals(later, s.advance("1h30m"));
        UnpaidOrder owed = c.orderUnpay(token, PLATE).get(0);
        assertEquals(List.of(order.orderId(), new BigDecimal("10.0"), Sandbox.START), List.of(owed.orderId(), owed.remainingFee(), owed.entranceTime()));

        Payment payment = Payment.of(token, owed, "E1", s.now());
        PlatformException e = assertThrows(PlatformException.class, () -> c.orderPaid(payment.withAmount(new BigDecimal(9))));
        assertTrue(e.is(Code.WRONG_AMOUNT), e.getMessage());
        assertEquals(List.of("payment-mismatch", Code.WRONG_AMOUNT.message()), List.of(e.reason(), e.platformMessage()));
        assertEquals(s.requests("orderpaid").get(0).get("id"), e.requestId());
        Receipt receipt = c.orderPaid(payment);
        assertEquals(List.of(new BigDecimal("10.0"), "E1", later), List.of(receipt.payment(), receipt.externalOrderId(), receipt.payTime()));
        assertEquals(receipt.payOrderId(), c.orderPaid(payment.withAppId("my-app")).payOrderId());

        assertEquals("left", s.exit(PLATE).state());
        ExitPush left = inbox.next(ExitPush.class);
        assertEquals(List.of(PLATE, Duration.ofMinutes(90), new BigDecimal("10.0")), List.of(left.plateNumber(), left.stayed(), left.receivableFee()));
        HistoryOrder stay = c.orderHistory(token).get(0);
        assertEquals(List.of(order.orderId(), new BigDecimal("10.0"), new BigDecimal("0.0")), List.of(stay.orderId(), stay.parkingFee(), stay.actual()));

        ParkingPage page = c.surroundingParking(ParkingQuery.around("29.563", "106.551", 5000));
        assertTrue(page.list().get(0).distance().endsWith("m"));
        List<String> ids = c.parkings(ParkingQuery.in("重庆市")).stream().map(Parking::id).collect(Collectors.toList());
        assertFalse(ids.isEmpty());
        assertEquals(ids.size(), new HashSet<>(ids).size());
        assertTrue(Set.of("充足", "紧张", "已满").contains(c.parkingStatus(page.list().get(0).id()).status()));

        c.unbindCar(token, PLATE);
        assertEquals(PushKind.UNBIND, inbox.next().kind());
        inbox.empty();
        assertEquals(new HashSet<>(Facts.get("endpoints")), s.requests().stream().map(q -> q.get("endpoint")).collect(Collectors.toSet()));
        for (Object ten : List.of(10, new BigDecimal("10.0"), "10", "10.0")) s.saw("orderpaid", Map.of("payment", ten));
        s.neverSaw("orderpaid", Map.of("payment", new BigDecimal("10.01")));
        String recorded = s.recording();
        for (String step : List.of("call: usersigin", "call: bindcar", "call: orderpaid", "enter: ", "advance: 1h30m")) assertTrue(recorded.contains(step), recorded);
        assertFalse(recorded.contains(s.merchantKey()));
        s.pushed("exit", Map.of("stayedTime", 5400));
        assertTrue(assertThrows(AssertionError.class, () -> s.neverSaw("unbindcar")).getMessage().contains("a unbindcar like it came"));
    }

    @Test
    void failuresOfTheNetwork(Sandbox s) throws IOException {
        s.fault(Map.of("endpoint", "bindcar"), Map.of("cut", "before"));
        s.fault(Map.of("endpoint", "orderhistory"), Map.of("httpStatus", 502, "body", "<html>bad gateway</html>"));
        s.fault(Map.of("endpoint", "parkingstatus"), Map.of("code", 0));
        TransportException cut = assertThrows(TransportException.class, () -> s.client().bindCar("secret-token", PLATE));
        assertFalse(cut.toString().contains("secret-token"));
        NotEnvelopeException page = assertThrows(NotEnvelopeException.class, () -> s.client().orderHistory("t"));
        assertEquals(502, page.httpStatus());
        assertTrue(page.body().contains("bad gateway"));
        assertTrue(assertThrows(NotEnvelopeException.class, () -> s.client().parkingStatus("1")).getMessage().contains("unexpected data"));
        s.clearFaults();
        s.fault(Map.of("endpoint", "carnum"), Map.of("delay", "2s"));
        assertThrows(TransportException.class, () -> s.client().withTimeout(Duration.ofMillis(50)).carNum("t"));
        PlatformException unknown = assertThrows(PlatformException.class, () -> new EtcpClient(s.url(), "nobody", "k").parkingStatus("1"));
        assertTrue(unknown.is(Code.UNKNOWN_MERCHANT));
        assertEquals("etcp carnum: no answer from http://127.0.0.1:9: it cannot be connected to",
                assertThrows(TransportException.class, () -> new EtcpClient("http://127.0.0.1:9", "M", "k").carNum("t")).getMessage());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new EtcpClient("127.0.0.1:8787", "M", "k")).getMessage()
                .contains("baseUrl: want http:// or https:// and a host"));

        HttpServer elsewhere = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        elsewhere.createContext("/", exchange -> {
            byte[] body = "{\"code\":\"0\"}".getBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        elsewhere.start();
        try {
            assertThrows(NotEnvelopeException.class, () -> new EtcpClient("http://127.0.0.1:" + elsewhere.getAddress().getPort(), "M", "k").carNum("t"));
        } finally {
            elsewhere.stop(0);
        }
    }

    @Test
    void sandboxesKeepApart(EtcpMock mock, Sandbox s) {
        Sandbox other = mock.sandbox();
        s.enter(PLATE);
        assertEquals(List.of(0, 1), List.of(other.orders(PLATE).size(), s.orders(PLATE).size()));
        assertNotEquals(other.merchantNo(), s.merchantNo());
        other.close();
        MockException gone = assertThrows(MockException.class, () -> other.orders(PLATE));
        assertEquals(404, gone.status());
        assertEquals("unknown-sandbox", gone.reason());
        try (EtcpMock same = EtcpMock.at(mock.url(), null)) { // it runs, and is left running
            assertEquals(mock.url(), same.url());
        }
        assertEquals("parked", s.orders(PLATE).get(0).state());
    }

    @Test
    @EtcpMockTest(seed = 7, fixture = "{\"clock\":\"2020-02-29 08:00:00\",\"parkings\":[{\"id\":\"7\",\"name\":\"P7\",\"city\":\"重庆市\",\"lat\":\"29.5\",\"lon\":\"106.5\"}]}")
    void aFixture(Sandbox s) {
        assertEquals(LocalDateTime.of(2020, 2, 29, 8, 0), s.now());
        assertEquals("7", s.enter(PLATE).parkingId());
    }

    @Test
    void theInboxUnderEachRule(EtcpMock mock) {
        for (String encoding : List.of("json", "form", "form-data-param")) {
            for (String signData : List.of("json", "values", "query")) {
                try (Sandbox s = mock.sandbox()) {
                    s.rule("push.encoding", encoding);
                    s.rule("push.sign_data", signData);
                    Inbox inbox = s.inbox();
                    inbox.failNext(1);
                    s.owner(PHONE, PLATE);
                    s.enter(PLATE);
                    s.advance("1m");
                    assertEquals(PushKind.ENTRY, inbox.next().kind());
                    assertEquals(2, ((List<?>) s.pushes().get(0).get("attempts")).size());
                }
            }
        }
    }

    @Test
    void theInboxRefusesWhatIsNotSignedRight(Sandbox s) {
        Inbox inbox = s.inbox();
        s.owner(PHONE, PLATE);
        s.fault(Map.of("push", "entry"), Map.of("corruptSign", true));
        s.enter(PLATE);
        assertTrue(assertThrows(AssertionError.class, inbox::next).getMessage().contains("not right: push refused: code 4"));
        assertTrue(assertThrows(AssertionError.class, () -> inbox.next(ExitPush.class, Duration.ofMillis(100))).getMessage().contains("no ExitPush came within 100 ms"));
    }

    @Test
    void aPushThatDidNotComeSaysWhy(Sandbox s) {
        s.owner(PHONE, PLATE);
        assertTrue(assertThrows(AssertionError.class, () -> s.pushed("entry", Map.of())).getMessage().contains("has no push URL for it"));
        Inbox inbox = s.inbox();
        s.enter("京A12345");
        assertTrue(assertThrows(AssertionError.class, () -> inbox.next(EntryPush.class, Duration.ofMillis(100))).getMessage()
                .contains("no EntryPush came within 100 ms; 京A12345 has entered or left, but nobody has bound it"));
        s.enter(PLATE);
        s.drain();
        assertTrue(assertThrows(AssertionError.class, () -> inbox.next(ExitPush.class, Duration.ofMillis(100))).getMessage().contains("; others came: EntryPush"));
        assertEquals(s.admin("GET", "/orders", null), s.admin("GET", "orders", null));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new SandboxOptions().fixture("clock: now")).getMessage().contains("fixture: want a JSON object"));
        s.saw("bindcar", Map.of(), Map.of("count", Map.of("min", 1, "max", 1)));
        assertTrue(assertThrows(AssertionError.class, () -> s.neverSaw("bindcar")).getMessage().contains("; these are r"));
    }

    @Test
    void aFaultHitsAsOftenAsItSays(Sandbox s) {
        s.fault(Map.of("endpoint", "usersigin"), Map.of("code", 1), Map.of("times", 1));
        assertThrows(EtcpException.class, () -> s.owner(PHONE));
        s.owner(PHONE, PLATE);
    }

    @Test
    void whatIsWrongIsNamed(EtcpMock mock, Sandbox s, @TempDir Path dir) throws IOException {
        assertTrue(assertThrows(MockException.class, () -> mock.sandbox(new SandboxOptions().fixture("{\"clok\":1}"))).getMessage().contains("clok"));
        assertEquals(409, assertThrows(MockException.class, () -> s.exit(PLATE)).status());
        assertTrue(assertThrows(MockException.class, () -> EtcpMock.start("/nowhere/etcp-mock")).getMessage().contains("ETCP_MOCK_BIN"));
        Path broken = Files.writeString(dir.resolve("broken"), "#!/bin/sh\necho no port left >&2\nexit 1\n");
        assertTrue(broken.toFile().setExecutable(true));
        assertTrue(assertThrows(MockException.class, () -> EtcpMock.start(broken.toString())).getMessage().contains("no port left"));
    }
}
