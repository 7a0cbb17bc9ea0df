package envelope_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/envelope"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/transport"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
	"github.com/etcp-mock/etcp-mock/sign"
)

const key = "the key"

var now = time.Date(2017, 8, 20, 12, 0, 0, 0, client.Zone)

// made is the request of a call whose data is {"token":"t"} and that overrides what a text of YAML says.
func made(tb testing.TB, override string) (client.Request, *transport.Rewrite, error) {
	tb.Helper()
	compiled := func(text string) *template.Value {
		node, err := syntax.Read("t.yaml", []byte(text), syntax.Limits{Bytes: 1 << 20, Nodes: 1000})
		require.NoError(tb, err)
		return template.Compile(&syntax.Checker{File: "t.yaml", Text: []byte(text)}, node, "")
	}
	c := envelope.Call{Endpoint: "carnum", Data: compiled(`{token: "${t}"}`), Vars: map[string]any{"t": "t", "n": 3}, Key: key, Now: func() time.Time { return now }}
	if override != "" {
		c.Override = compiled(override)
	}
	return c.Request()
}

// Each part that is overridden is sent as it stands; the signature follows from what is signed, unless it is overridden itself (§6).
func TestCall_Request(t *testing.T) {
	const data, stamp = `{"token":"t"}`, "20170820120000"
	right := sign.Request(data, key, stamp)
	for override, want := range map[string]client.Request{
		``:                                 {RawData: data},
		`{merchantNo: M9, key: other}`:     {RawData: data, MerchantNo: "M9", Key: "other"},
		`{method: PUT, version: 2.0.0}`:    {RawData: data, Method: "PUT", Version: "2.0.0"},
		`{rawData: "{"}`:                   {RawData: "{"},
		`{omit: [sign, data]}`:             {RawData: data, Omit: []string{"sign", "data"}},
		`{timeStamp: "${n}"}`:              {RawData: data, TimeStamp: "3"},
		`{timeStamp: -11m}`:                {RawData: data, TimeStamp: "20170820114900"},
		`{timeStamp: +1h}`:                 {RawData: data, TimeStamp: "20170820130000"},
		`{sign: ""}`:                       {RawData: data, Params: map[string]string{"sign": ""}},
		`{sign: abc}`:                      {RawData: data, Sign: "abc"},
		`{sign: "x{sign}"}`:                {RawData: data, TimeStamp: stamp, Sign: "x" + right},
		`{sign: "{half}-{begin}"}`:         {RawData: data, TimeStamp: stamp, Sign: right[:16] + "-" + right[:31]},
		`{sign: "{end}", key: other}`:      {RawData: data, TimeStamp: stamp, Key: "other", Sign: sign.Request(data, "other", stamp)[1:]},
		`{signed: "{data}{key}"}`:          {RawData: data, TimeStamp: stamp, Sign: sign.Request(data, key, "")},
		`{encodedData: "%7B%22a%22:1%7D"}`: {RawData: `{"a":1}`},
	} {
		req, _, err := made(t, override)
		require.NoError(t, err, override)
		want.Endpoint = "carnum"
		require.Equal(t, want, req, override)
	}
}

// What is changed of a request that is made already.
func TestCall_rewrite(t *testing.T) {
	text := func(s string) *string { return &s }
	for override, want := range map[string]*transport.Rewrite{
		``: nil, `{sign: x}`: nil,
		`{encodedData: "%7B%7D"}`:     {Data: text("%7B%7D"), Headers: map[string]string{}},
		`{query: "", body: "{data}"}`: {Query: text(""), Body: text("{data}"), Headers: map[string]string{}},
		`{size: 7, headers: {A: ""}}`: {Size: 7, Headers: map[string]string{"A": ""}},
	} {
		_, w, err := made(t, override)
		require.NoError(t, err, override)
		require.Equal(t, want, w, override)
	}
}

// What cannot be computed says where it stands.
func TestCall_wrong(t *testing.T) {
	for override, column := range map[string]int{`{encodedData: "%zz"}`: 15, `{timeStamp: +1y}`: 13, `{sign: "${1 / 0}"}`: 8, `{query: "${t + n}"}`: 9} {
		_, _, err := made(t, override)
		var at *template.Error
		require.ErrorAs(t, err, &at, override)
		require.Equal(t, problem.Position{Line: 1, Column: column}, at.Position, override)
	}
}
