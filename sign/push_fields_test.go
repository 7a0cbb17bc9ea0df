package sign

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// A push is read as encoding/json reads it, whatever white space and escapes it has.
func TestParsePush_asEncodingJSON(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[",\\:{}\[\]/ bfnrtu0-9]{0,6}`))
	value := rapid.OneOf(
		rapid.Map(text, func(s string) string { b, _ := json.Marshal(s); return string(b) }),
		rapid.SampledFrom([]string{"0", "-1.50", "1e9", "12E-3", "true", "false", "null", `"渝\u0041\/\ud83d\ude00"`, "{}", "[1]", `{"a":"}"}`}),
	)
	space := rapid.StringMatching("[ \t\r\n]{0,2}")
	rapid.Check(t, func(t *rapid.T) {
		var b bytes.Buffer
		pad := func() { b.WriteString(space.Draw(t, "space")) }
		pad()
		b.WriteByte('{')
		for i := range rapid.IntRange(0, 6).Draw(t, "members") {
			if pad(); i > 0 {
				b.WriteByte(',')
				pad()
			}
			name, _ := json.Marshal(text.Draw(t, "name"))
			b.Write(name)
			pad()
			b.WriteByte(':')
			pad()
			b.WriteString(value.Draw(t, "value"))
		}
		pad()
		b.WriteByte('}')
		pad()
		want, wantErr := byDecoder(b.Bytes())
		got, signment, err := parsePush(b.Bytes())
		if wantErr != nil {
			require.ErrorIs(t, err, ErrMalformed)
			return
		}
		require.NoError(t, err)
		if signment != "" {
			got = append(got, Field{signmentName, signment})
		}
		require.ElementsMatch(t, want, got)
	})
}

var errNested = errors.New("nested, or twice")

func byDecoder(body []byte) (fields []Field, err error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		value, err := dec.Token()
		if err != nil && err != io.EOF {
			return nil, err
		}
		f := Field{Name: name.(string)}
		switch v := value.(type) {
		case json.Delim:
			return nil, errNested
		case json.Number:
			f.Value = Number(v)
		case string:
			f.Value = v
		case bool:
			if f.Value = Number("false"); v {
				f.Value = Number("true")
			}
		case nil:
			f.Value = Number("null")
		}
		if seen[f.Name] {
			return nil, errNested
		}
		seen[f.Name] = true
		fields = append(fields, f)
	}
	return fields, nil
}
