/**
 * A merchant's side of the ETCP Open Platform: {@link io.github.etcpmock.EtcpClient} calls its twelve endpoints,
 * {@link io.github.etcpmock.PushVerifier} verifies what it pushes. It works with the real platform and with etcp-mock alike.
 *
 * <p>Times are {@link java.time.LocalDateTime} in Asia/Shanghai, to the second; money is {@link java.math.BigDecimal} in yuan.
 * "§9.4" means a section of the platform's interface document 2.0.2.
 */
package io.github.etcpmock;
