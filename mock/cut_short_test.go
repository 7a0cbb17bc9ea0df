package mock_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/sign"
)

// cutShort are requests whose body is not there to its end, as bytes on the wire.
func cutShort() map[string]struct{ wire, says, zh, fix string } {
	data, stamp := `{"token":"t","plateNumber":"渝ATX061"}`, servertest.Stamp()
	form := url.Values{"merchant_no": {"M1"}, "time_stamp": {stamp}, "data": {data}, "sign": {sign.Request(data, servertest.Key, stamp)}}.Encode()
	head := "POST /merchant/open/1.0.0/openapi/bindcar HTTP/1.1\r\nHost: mock\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	return map[string]struct{ wire, says, zh, fix string }{
		"shorter than Content-Length": {
			head + fmt.Sprintf("Content-Length: %d\r\n\r\n", len(form)+9) + form,
			fmt.Sprintf("Content-Length is %d, and %d bytes came", len(form)+9, len(form)), fmt.Sprintf("Content-Length 是 %d，只收到 %d 字节", len(form)+9, len(form)), "counts the bytes",
		},
		"chunked without an end": {
			head + fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", len(form), form),
			fmt.Sprintf("%d bytes came in whole chunks", len(form)), fmt.Sprintf("%d 字节", len(form)), "0 CR LF CR LF",
		},
	}
}

// A body that is not there to its end is answered in the envelope with code 6, once the client has ended its side of the connection, and once the read timeout has
// passed; the journal says what was announced, what came of it, and whose it is.
func TestField_bodyCutShort(t *testing.T) {
	for name, row := range cutShort() {
		for how, waits := range map[string]bool{"the client ends its side": false, "the read timeout passes": true} {
			t.Run(name+", "+how, func(t *testing.T) {
				t.Parallel()
				read := time.Minute
				if waits {
					read = 100 * time.Millisecond
				}
				c := newControlled(t, mock.WithQuickLimits(time.Minute, read))
				conn, err := net.Dial("tcp", c.Mock.Addr())
				require.NoError(t, err)
				defer func() { _ = conn.Close() }()
				_, err = conn.Write([]byte(row.wire))
				require.NoError(t, err)
				if !waits {
					require.NoError(t, conn.(*net.TCPConn).CloseWrite())
				}
				answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
				require.NoError(t, err)
				body, _ := io.ReadAll(answer.Body)
				require.NoError(t, answer.Body.Close())
				require.Contains(t, string(body), `{"code":6,`)
				require.Equal(t, "body-malformed", answer.Header.Get("X-Mock-Reason"))
				var entry journaled
				a := c.Ask(t, http.MethodGet, servertest.Default+"/requests/"+answer.Header.Get("X-Mock-Request-Id"), nil)
				require.NoError(t, json.Unmarshal([]byte(a.Body), &entry))
				entry.holds(t, []string{"body-incomplete"}, []string{row.says}, []string{row.zh}, row.fix, "")
				require.Equal(t, waits, strings.Contains(entry.Explanation, "until its read timeout"))
				require.Contains(t, a.Body, `"merchantNo":"M1"`)
			})
		}
	}
}

// A client that closes the connection altogether gets no answer; the journal has its request all the same.
func TestField_bodyCutShortByAClientThatHasGone(t *testing.T) {
	for name, row := range cutShort() {
		t.Run(name, func(t *testing.T) {
			c := newControlled(t)
			conn, err := net.Dial("tcp", c.Mock.Addr())
			require.NoError(t, err)
			_, err = conn.Write([]byte(row.wire))
			require.NoError(t, err)
			require.NoError(t, conn.Close())
			require.Eventually(t, func() bool {
				return strings.Contains(c.Ask(t, http.MethodGet, servertest.Default+"/requests?reason=body-malformed", nil).Body, `"merchantNo":"M1"`)
			}, time.Minute, time.Millisecond)
		})
	}
}

// What Node sends whose Content-Length is body.length: all bytes of the body are on the wire, and the server reads as many as there are characters (FIELD.md, A).
func TestField_contentLengthInCharacters(t *testing.T) {
	c := newControlled(t)
	data, stamp := `{"token":"t","plateNumber":"渝ATX061"}`, servertest.Stamp()
	body := "merchant_no=M1&time_stamp=" + stamp + "&sign=" + sign.Request(data, servertest.Key, stamp) + "&data=" + data
	_, entry := c.wires(t, fmt.Sprintf("POST /merchant/open/1.0.0/openapi/bindcar HTTP/1.1\r\nHost: mock\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n", utf8.RuneCountInString(body))+body)
	entry.holds(t, []string{"content-length-in-characters"}, []string{"ends early", "bytes"}, []string{"提前结束", "字节"}, "Content-Length counts bytes", "Content-Length 是字节数")
}
