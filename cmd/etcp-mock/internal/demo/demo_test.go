package demo

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/internal/wrap"
	"github.com/etcp-mock/etcp-mock/sign"
)

// JSON is cut behind the commas between its values, never inside a text; nothing of it is lost, and a line is too wide only where one value is.
func TestWrapJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		b.WriteString("{")
		for i := range rapid.IntRange(1, 6).Draw(t, "members") {
			if i > 0 {
				b.WriteString(",")
			}
			b.WriteString(`"k":"` + rapid.StringOf(rapid.SampledFrom([]rune(`ab渝,`))).Draw(t, "value") + rapid.SampledFrom([]string{"", `\"`, `\\`}).Draw(t, "escape") + `"`)
		}
		b.WriteString("}")
		width := rapid.IntRange(10, 40).Draw(t, "width")
		lines := wrapJSON(b.String(), width)
		require.Equal(t, b.String(), strings.Join(lines, ""))
		for _, line := range lines[:len(lines)-1] {
			require.True(t, strings.HasSuffix(line, `",`), line)
		}
		for _, line := range lines {
			if strings.Count(line, `"k":`) > 1 {
				require.LessOrEqual(t, wrap.Width(line), width, line)
			}
		}
	})
}

// A token and a sealed quote are shortened, and nothing else.
func TestAbridged(t *testing.T) {
	for text, want := range map[string]string{
		`{"token":"d970cff4-3811-438b","plateNumber":"渝ATX061"}`:  `{"token":"d970cff4…","plateNumber":"渝ATX061"}`,
		`{"verificationInfo":"` + strings.Repeat("A", 128) + `"}`: `{"verificationInfo":"AAAAAAAA…"}`,
		`{"token":"short"}`:                `{"token":"short"}`,
		`{"orderId":"d970cff4-3811-438b"}`: `{"orderId":"d970cff4-3811-438b"}`,
		`{"token":"never closed and long`:  `{"token":"never closed and long`,
	} {
		require.Equal(t, want, abridged(text))
	}
	require.NoError(t, want("the plate", "渝", "渝"))
	require.EqualError(t, want("the fee", 10*client.Yuan, 8*client.Yuan), "the fee: want 10.0, got 8.0")
}

// The merchant of the demo keeps what came until it is taken, with its kind and whether it was refused; it answers as a merchant does.
func TestDemoMerchant(t *testing.T) {
	m := &demoMerchant{}
	push := func(kind client.Kind, data, key string) string {
		body := strings.TrimSuffix(data, "}") + `,"signment":"` + sign.Push(demoNo, data, key) + `"}`
		r := httptest.NewRequest(http.MethodPost, "/etcp", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		m.handler(kind).ServeHTTP(w, r)
		return w.Body.String()
	}
	data := `{"plateNumber":"渝ATX061","time":"2017-08-19 12:07:19"}`
	require.JSONEq(t, `{"code":0,"message":"ok"}`, push(client.KindUnbind, data, demoKey))
	require.Contains(t, push(client.KindUnbind, data, "another"), `"code":4`)
	got := m.take()
	require.Len(t, got, 2)
	require.Equal(t, client.KindUnbind, got[0].kind)
	require.Equal(t, "渝ATX061", got[0].plate)
	require.NoError(t, got[0].refused)
	require.Error(t, got[1].refused)
	require.Empty(t, m.take(), "they were taken")
	for _, s := range demoSteps() {
		require.Regexp(t, `^(§\d+(\.\d+)?)?$`, s.section)
		require.Regexp(t, `\p{Han}`, s.zh)
	}
}
