// A stay from sign-in to exit: requests signed and typed, pushes received and verified, all by client/java.
// Run it with JUnit 5 where etcp-mock is on the PATH; the mock is started for it.
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.etcpmock.Code;
import io.github.etcpmock.EntryPush;
import io.github.etcpmock.EtcpClient;
import io.github.etcpmock.ExitPush;
import io.github.etcpmock.Payment;
import io.github.etcpmock.PlatformException;
import io.github.etcpmock.UnpaidOrder;
import io.github.etcpmock.junit5.EtcpMockTest;
import io.github.etcpmock.testing.Inbox;
import io.github.etcpmock.testing.Sandbox;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@EtcpMockTest
class ParkTest {
    @Test
    void aCarParksAndItsOwnerPays(Sandbox sandbox) {
        EtcpClient platform = sandbox.client();
        Inbox inbox = sandbox.inbox();
        String token = platform.userSignin("13800000001", "my-app");
        platform.bindCar(token, "渝ATX061");

        sandbox.enter("渝ATX061");
        assertEquals("渝****61", inbox.next(EntryPush.class).plateNumber());

        sandbox.advance("1h30m"); // the clock stands until the test moves it
        UnpaidOrder owed = platform.orderUnpay(token, "渝ATX061").get(0);
        assertEquals(new BigDecimal("10.0"), owed.remainingFee());

        Payment payment = Payment.of(token, owed, "E1", sandbox.now());
        PlatformException refused = assertThrows(PlatformException.class, () -> platform.orderPaid(payment.withAmount(new BigDecimal(9))));
        assertTrue(refused.is(Code.WRONG_AMOUNT));
        assertEquals("payment-mismatch", refused.reason());
        platform.orderPaid(payment);

        sandbox.exit("渝ATX061");
        assertEquals(Duration.ofMinutes(90), inbox.next(ExitPush.class).stayed());
    }
}
