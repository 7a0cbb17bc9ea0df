package reliability_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/freeport"
)

// beMerchant receives pushes: in the mode "hang" it says that one has come and never answers; else it answers code 0 and prints the body.
func beMerchant() int {
	listener, err := net.Listen("tcp", os.Getenv("RELIABILITY_ADDR"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(listener.Addr())
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if os.Getenv("RELIABILITY_MODE") == "hang" {
			fmt.Println("hanging")
			select {}
		}
		_, _ = io.WriteString(w, `{"code":0,"message":"ok"}`)
		fmt.Println(string(body))
	})
	_ = http.Serve(listener, handler)
	return 0
}

// A merchant killed (SIGKILL) while it holds a push costs that attempt; restarted on its address it gets the same bytes.
func TestMerchantKilled_inTheMiddle(t *testing.T) {
	server := newServer(t)
	client := newClient(t)
	admin := func(method, path, body string) []byte {
		r, err := http.NewRequestWithContext(t.Context(), method, server.URL()+"/__admin/sandboxes/default"+path, strings.NewReader(body))
		require.NoError(t, err)
		r.Header.Set("Content-Type", "application/json")
		res, err := client.Do(r)
		require.NoError(t, err)
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.Less(t, res.StatusCode, 300, "%s %s: %s", method, path, text)
		return text
	}
	addr, err := freeport.Address()
	require.NoError(t, err)
	first := start(t, "merchant", "RELIABILITY_ADDR="+addr, "RELIABILITY_MODE=hang")
	admin(http.MethodPut, "/clock", `{"mode":"frozen"}`)
	admin(http.MethodPut, "/merchants/demo", `{"key":"demo-key","push":{"url":"http://`+addr+`/etcp"}}`)
	admin(http.MethodPost, "/pushes", `{"merchantNo":"demo","kind":"entry"}`)
	line, err := first.rest.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "hanging\n", line)
	first.kill()
	admin(http.MethodPost, "/pushes/drain", `{"timeout":"1m"}`)

	second := start(t, "merchant", "RELIABILITY_ADDR="+addr)
	admin(http.MethodPost, "/clock/advance", `{"by":"10s"}`)
	body, err := second.rest.ReadString('\n')
	require.NoError(t, err)
	var pushes struct {
		Items []struct {
			Body, Status string
			Attempts     []struct {
				HTTPStatus int
				Error      string
			}
		}
	}
	require.NoError(t, json.Unmarshal(admin(http.MethodGet, "/pushes", ""), &pushes))
	require.Len(t, pushes.Items, 1)
	push := pushes.Items[0]
	require.Equal(t, "delivered", push.Status)
	require.Equal(t, push.Body, strings.TrimSuffix(body, "\n"))
	require.Len(t, push.Attempts, 2)
	require.Contains(t, push.Attempts[0].Error, "connection")
	require.Equal(t, 200, push.Attempts[1].HTTPStatus)
}
