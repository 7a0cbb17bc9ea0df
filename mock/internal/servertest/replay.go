package servertest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
)

// CheckReplay holds of every sandbox that its log, applied again, gives its state. The server may be closed.
func CheckReplay(tb require.TestingT, server *mock.Server) {
	token, _ := server.AdminToken()
	require.NoError(tb, checkReplay(server.Handler(), token))
}

func checkReplay(server http.Handler, token string) error {
	get := func(path string, into any) error {
		r := httptest.NewRequest(http.MethodGet, "/__admin/sandboxes"+path, http.NoBody)
		r.Host = "127.0.0.1"
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			return fmt.Errorf("GET %s: %d %s", path, w.Code, w.Body)
		}
		return json.Unmarshal(w.Body.Bytes(), into)
	}
	var sandboxes struct{ Items []struct{ ID string } }
	if err := get("?limit=1000", &sandboxes); err != nil {
		return err
	}
	for _, s := range sandboxes.Items {
		if err := replays(get, "/"+url.PathEscape(s.ID)); err != nil {
			return fmt.Errorf("sandbox %s: %w", s.ID, err)
		}
	}
	return nil
}

// replays compares the state of a sandbox with the state at the last input of its log, which is the log applied again.
func replays(get func(path string, into any) error, sandbox string) error {
	last := func() (seq uint64, err error) {
		var log struct{ Items []struct{ Seq uint64 } }
		if err = get(sandbox+"/log?order=newest&limit=1", &log); err == nil && len(log.Items) > 0 {
			seq = log.Items[0].Seq
		}
		return seq, err
	}
	for {
		seq, err := last()
		if err != nil || seq == 0 {
			return err
		}
		var live, replayed map[string]json.RawMessage
		if err := get(sandbox+"/state", &live); err != nil {
			return err
		}
		if again, err := last(); err != nil || again != seq {
			if err != nil {
				return err
			}
			continue // something happened meanwhile
		}
		if err := get(fmt.Sprintf("%s/state?at=%d", sandbox, seq), &replayed); err != nil {
			return err
		}
		return same(live, replayed, seq)
	}
}

// same compares two states but for what a clock that runs shows.
func same(live, replayed map[string]json.RawMessage, seq uint64) error {
	for name := range live {
		a, b := live[name], replayed[name]
		if name == "clock" {
			a, b = withoutNow(a), withoutNow(b)
		}
		if !bytes.Equal(a, b) {
			return fmt.Errorf("%d inputs applied again give another state: %s is %.2000s, was %.2000s", seq, name, b, a)
		}
	}
	return nil
}

func withoutNow(clock json.RawMessage) json.RawMessage {
	var fields map[string]json.RawMessage
	if json.Unmarshal(clock, &fields) != nil {
		return clock
	}
	delete(fields, "now")
	out, err := json.Marshal(fields)
	if err != nil {
		return clock
	}
	return out
}
