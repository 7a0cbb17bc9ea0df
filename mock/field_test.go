package mock_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/diagnosetest"
)

// journaled is an entry as the control API gives it.
type journaled struct {
	ID, Reason                 string
	Explanation, ExplanationZh string
	Fix, FixZh                 string
	Diagnosis                  []struct{ Kind, Detail, DetailZh, Evidence, EvidenceZh, Fix, FixZh string }
	Lints                      []struct{ Rule string }
}

// wires writes bytes to a connection of its own, and gives the answer and what the journal says of it.
func (c *controlled) wires(t *testing.T, bytes string) (http.Header, journaled) {
	t.Helper()
	conn, err := net.Dial("tcp", c.Mock.Addr())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	require.NoError(t, conn.SetDeadline(time.Now().Add(time.Minute)))
	_, err = conn.Write([]byte(bytes))
	require.NoError(t, err)
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Contains(t, string(body), `{"code":`, "the envelope")
	id := answer.Header.Get("X-Mock-Request-Id")
	a := c.Ask(t, http.MethodGet, servertest.Default+"/requests/"+id, nil)
	require.Equal(t, http.StatusOK, a.Status, a.Body)
	require.NotContains(t, a.Body, servertest.Key)
	var entry journaled
	require.NoError(t, json.Unmarshal([]byte(a.Body), &entry))
	require.Equal(t, id, entry.ID)
	return answer.Header, entry
}

// holds checks what a journal's entry says against what it has to.
func (e journaled) holds(t *testing.T, kinds, says, saysZh []string, fix, fixZh string) {
	t.Helper()
	t.Log(e.Explanation)
	t.Log(e.ExplanationZh)
	var named []string
	for _, d := range e.Diagnosis {
		named = append(named, d.Kind)
		for _, text := range []string{d.Detail, d.Fix} {
			require.NotEmpty(t, text, d.Kind)
		}
		for _, text := range []string{d.DetailZh, d.FixZh} {
			require.Regexp(t, `\p{Han}`, text, d.Kind)
		}
		if d.Kind != "unknown" {
			require.NotEmpty(t, d.Evidence, d.Kind)
			require.Regexp(t, `\p{Han}`, d.EvidenceZh, d.Kind)
		}
		require.Contains(t, e.Fix, d.Fix)
		require.Contains(t, e.FixZh, d.FixZh)
	}
	require.Equal(t, kinds, named, e.Explanation)
	en, zh := e.Explanation, e.ExplanationZh // a sentence begins with a capital letter there
	for _, d := range e.Diagnosis {
		en, zh = en+" "+d.Detail+" "+d.Evidence, zh+" "+d.DetailZh+" "+d.EvidenceZh
		require.Contains(t, strings.ToLower(e.Explanation), strings.ToLower(d.Evidence))
		require.Contains(t, e.ExplanationZh, d.EvidenceZh)
	}
	for _, want := range says {
		require.Contains(t, en, want)
	}
	for _, want := range saysZh {
		require.Contains(t, zh, want)
	}
	require.Contains(t, e.Fix, fix)
	require.Contains(t, e.FixZh, fixZh)
	require.True(t, strings.HasSuffix(strings.TrimSuffix(e.Explanation, "."), strings.TrimSuffix(e.Fix, ".")) || strings.Contains(e.Explanation, e.Fix), "the explanation has the fix")
}

// overTheWire are the requests of the table that are worth sending: all whose form is not as an encoder writes it, for the server has to read
// them, and those that were seen in the field; of the others one of each kind.
func overTheWire(stamp string) []diagnosetest.Request {
	var read, encoded []diagnosetest.Request
	for _, r := range diagnosetest.Requests("M1", servertest.Key, stamp) {
		if r.Body == "merchant_no=M1&time_stamp="+stamp+"&data="+url.QueryEscape(r.Data)+"&sign="+url.QueryEscape(r.Sign) {
			encoded = append(encoded, r)
		} else {
			read = append(read, r)
		}
	}
	return append(append(read, diagnosetest.OneOfEach(encoded)...), diagnosetest.FromTheField("M1", servertest.Key, stamp)...)
}

// Damage on the way and foreign ways to sign: what such a client puts on the wire is explained in the journal, and what is
// of each kind the same where the journal has been restored.
func TestField_signatures(t *testing.T) {
	c := newControlled(t)
	type sent struct {
		diagnosetest.Request
		id string
	}
	var all []sent
	for _, r := range overTheWire(servertest.Stamp()) {
		t.Run(r.Name, func(t *testing.T) {
			header, entry := c.wires(t, r.Wire())
			require.Equal(t, "sign-mismatch", header.Get("X-Mock-Reason"))
			entry.holds(t, r.Kinds, r.Says, r.SaysZh, r.Fix, r.FixZh)
			all = append(all, sent{r, entry.ID})
		})
	}
	state := c.Ask(t, http.MethodGet, servertest.Default+"/state", nil)
	fresh := newControlled(t)
	require.Equal(t, http.StatusOK, fresh.Ask(t, http.MethodPut, servertest.Default+"/state", state.Body).Status)
	for _, r := range diagnosetest.OneOfEach(all) {
		t.Run("restored/"+r.Name, func(t *testing.T) {
			a := fresh.Ask(t, http.MethodGet, servertest.Default+"/requests/"+r.id, nil)
			var entry journaled
			require.NoError(t, json.Unmarshal([]byte(a.Body), &entry))
			entry.holds(t, r.Kinds, r.Says, r.SaysZh, r.Fix, r.FixZh)
		})
	}
}

// The envelope: other names, bodies that are no form, paths that do not exist, values of data that are no JSON object, stamps.
func TestField_envelopes(t *testing.T) {
	c := newControlled(t)
	for _, e := range diagnosetest.Envelopes("M1", servertest.Key, time.Now()) {
		t.Run(e.Name, func(t *testing.T) {
			header, entry := c.wires(t, e.Wire)
			word, _, _ := strings.Cut(header.Get("X-Mock-Reason"), ":")
			require.Equal(t, e.Reason, word, entry.Explanation)
			if e.Lint != "" {
				require.Contains(t, entry.Lints, struct{ Rule string }{e.Lint})
				return
			}
			entry.holds(t, []string{e.Kind}, e.Says, e.SaysZh, e.Fix, e.FixZh)
		})
	}
}
